import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  type CancelStoppedPorts,
  cancelStopped,
  liftKillSwitch,
  type NewKillSwitch,
  throwKillSwitch,
} from "../../../server/capabilities/risk/index.ts";
import { lockAccounts, openCancelling } from "../../../server/capabilities/trading/index.ts";
import { systemActor, type Transact, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { brokenBooks, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";
import { aWaitingOrder } from "../../support/waiting-order.ts";

let house: TestDesk;
let one: TestAccount;
let other: TestAccount;
let waiting: { ofOne: string; ofOneInMnq: string; ofOther: string };

beforeEach(async () => {
  house = await testDesk();
  house.market.quote("MES", "5000.00", "5000.25");
  house.market.quote("MNQ", "18000.00", "18000.25");
  one = await house.openAccount(1_000_000n);
  other = await house.openAccount(1_000_000n);
  waiting = {
    ofOne: await aWaitingOrder(house, one),
    ofOneInMnq: await aWaitingOrder(house, one, "MNQ"),
    ofOther: await aWaitingOrder(house, other),
  };
});
afterEach(() => house?.close());

function ports(transact: Transact = transactor(house.db.app)): CancelStoppedPorts {
  const { cancelWorking } = openCancelling({ announce: () => {} });
  return {
    db: house.db.app,
    transact,
    cancelWorking: async (work, ids, why) => (await cancelWorking(work, await lockAccounts(work.db, ids), why)).length,
    announceChanged: () => {},
  };
}

const throwIt = async (wanted: Partial<NewKillSwitch>): Promise<string> => {
  const complete: NewKillSwitch = { scope: "account", mode: "halt", reason: "odd", cancelWorking: true, ...wanted };
  const thrown = await transactor(house.db.app)(systemActor, (work) => throwKillSwitch(work, systemActor, complete));
  if (!thrown.ok) throw new Error(thrown.refusal.code);
  return thrown.value.id;
};

const codesOf = async (...ids: string[]): Promise<(string | null)[]> => {
  const rows = await house.db.app("orders").whereIn("id", ids).select("id", "cancel_code");
  return ids.map((id) => rows.find((row) => row.id === id)?.cancel_code ?? null);
};

test("a switch of an account cancels what waits on it, in every instrument, and nobody else's", async () => {
  const id = await throwIt({ accountId: one.accountId });
  expect(await cancelStopped(ports())).toBe(2);
  const { ofOne, ofOneInMnq, ofOther } = waiting;
  expect(await codesOf(ofOne, ofOneInMnq, ofOther)).toEqual(["KILL_SWITCH", "KILL_SWITCH", null]);
  const row = await house.db.app("kill_switches").where({ id }).first();
  expect([row.cancelled_orders, row.cancelled_at !== null]).toEqual([2, true]);
  expect(await cancelStopped(ports())).toBe(0);
  expect(await brokenBooks(house.db)).toEqual([]);
});

test("a switch of an instrument cancels there only, for everybody", async () => {
  await throwIt({ scope: "instrument", instrumentId: "MES" });
  await cancelStopped(ports());
  const { ofOne, ofOneInMnq, ofOther } = waiting;
  expect(await codesOf(ofOne, ofOneInMnq, ofOther)).toEqual(["KILL_SWITCH", null, "KILL_SWITCH"]);
});

test("a switch that was not asked to leaves working orders waiting", async () => {
  await throwIt({ accountId: one.accountId, cancelWorking: false });
  expect(await cancelStopped(ports())).toBe(0);
});

test("a switch lifted before its turn cancels nothing", async () => {
  const id = await throwIt({ accountId: one.accountId });
  const lift = { id, tenantId: null, isLifted: false, reason: "a mistake" };
  await transactor(house.db.app)(systemActor, (work) => liftKillSwitch(work, systemActor, lift));
  expect(await cancelStopped(ports())).toBe(0);
  expect(await codesOf(waiting.ofOne)).toEqual([null]);
});

test("killed between its steps it goes on where it was, and two at once cancel each order once", async () => {
  const id = await throwIt({ scope: "all", confirmation: "ALL" });
  const dying: Transact = () => Promise.reject(new Error("killed"));
  await expect(cancelStopped(ports(dying))).rejects.toThrow("killed");
  const counts = await Promise.all([cancelStopped(ports()), cancelStopped(ports())]);
  expect(counts[0] + counts[1]).toBe(3);
  const row = await house.db.app("kill_switches").where({ id }).first();
  expect([row.cancelled_orders, row.cancelled_at !== null]).toEqual([3, true]);
});
