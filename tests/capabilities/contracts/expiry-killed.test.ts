import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { expireContracts } from "../../../server/capabilities/contracts/index.ts";
import { type Transact, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { brokenBooks, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";
import {
  anEndedContract,
  contractOf,
  endContract,
  expire,
  expiryPorts,
  fillsOf,
  listContract,
  trade,
} from "./support.ts";

let house: TestDesk;
let long: TestAccount;
let short: TestAccount;

beforeEach(async () => {
  house = await testDesk();
  long = await house.openAccount(1_000_000n);
  short = await house.openAccount(1_000_000n);
  house.market.quote("MES", "5000.00", "5000.25");
});
afterEach(() => house?.close());

describe("killed, repeated, doubled", () => {
  /** Fails at the n-th transaction, as a process that dies before it. */
  const dyingAt = (step: number): Transact => {
    let left = step;
    const transact = transactor(house.db.app);
    return (actor, run) => {
      left -= 1;
      if (left === 0) return Promise.reject(new Error("killed"));
      return transact(actor, run);
    };
  };

  test("wherever it is killed, the next run ends with the same books", async () => {
    const id = await anEndedContract(house, { long, short }, "roll");
    await listContract(house, { code: "MESH7", from: -3_600, to: 86_400 });
    let killed = 0;
    for (let step = 1; step < 20; step++) {
      const run = expireContracts({ ...expiryPorts(house, dyingAt(step)), onError: () => {} });
      if ((await run.catch(() => "killed")) === "killed") killed += 1;
      if ((await contractOf(house, id)).state === "settled") break;
    }
    expect(killed).toBeGreaterThanOrEqual(3);
    expect(await contractOf(house, id)).toMatchObject({ state: "settled", closed_positions: 2, rolled_positions: 2 });
    expect((await fillsOf(house, long)).map(({ origin }) => origin)).toEqual(["trader", "expiry", "roll"]);
    expect(await brokenBooks(house.db)).toEqual([]);
  });

  test("run again it does nothing", async () => {
    await anEndedContract(house, { long, short });
    await expire(house);
    const before = await house.db.app("transfers").count({ n: "*" });
    expect(await expire(house)).toBe(0);
    expect(await house.db.app("transfers").count({ n: "*" })).toEqual(before);
  });

  test("two schedulers at once close each position once", async () => {
    const id = await anEndedContract(house, { long, short }, "roll");
    await listContract(house, { code: "MESH7", from: -3_600, to: 86_400 });
    const more = await Promise.all(Array.from({ length: 8 }, () => house.openAccount(1_000_000n)));
    await house.db
      .app("contracts")
      .where({ id })
      .update({ last_trade_at: house.db.app.raw("clock_timestamp() + interval '1 hour'") });
    for (const account of more) await trade(house, account, "buy", 1);
    await endContract(house, id, 10);
    const ports = [1, 2, 3].map(() => expiryPorts(house));
    await Promise.all(ports.map((one) => expireContracts(one)));
    for (const account of [long, short, ...more])
      expect((await fillsOf(house, account)).map(({ origin }) => origin)).toEqual(["trader", "expiry", "roll"]);
    expect(await contractOf(house, id)).toMatchObject({ state: "settled", rolled_positions: 10 });
    expect(await brokenBooks(house.db)).toEqual([]);
  });

  test("a settled contract can't be changed, not even by SQL", async () => {
    const id = await anEndedContract(house, { long, short });
    await expire(house);
    const change = house.db.app("contracts").where({ id }).update({ final_bid_ticks: 1 });
    await expect(change).rejects.toMatchObject({ constraint: "contracts_settle_once" });
    await expect(house.db.app("contract_settlements").del()).rejects.toMatchObject({ code: "42501" });
  });
});
