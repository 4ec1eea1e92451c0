import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createAgent } from "../../../server/capabilities/accounts/index.ts";
import {
  liftKillSwitch,
  loadStops,
  type NewKillSwitch,
  throwKillSwitch,
} from "../../../server/capabilities/risk/index.ts";
import { type Actor, systemActor, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { acceptedId, anOrderRequest, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";
import { until } from "../../support/until.ts";

let house: TestDesk;
let root: string;
let below: string;
let underRoot: TestAccount;
let underBelow: TestAccount;
let alone: TestAccount;

const ann: Actor = { ...systemActor, kind: "staff", name: "Ann", role: "risk" };
const transact = () => transactor(house.db.app);

beforeAll(async () => {
  house = await testDesk();
  const deps = { transact: transact(), announce: () => {}, hashPassword: () => Promise.resolve("") };
  const agent = async (code: string, parentId?: string): Promise<string> => {
    const parent = parentId === undefined ? {} : { parentId };
    const made = await createAgent(deps)(systemActor, { tenantId: house.tenantId, code, name: code, ...parent });
    if (!made.ok) throw new Error(made.refusal);
    return made.value.id;
  };
  root = await agent("root");
  below = await agent("below", root);
  underRoot = await house.openAccount(10_000_000n, { agentId: root });
  underBelow = await house.openAccount(10_000_000n, { agentId: below });
  alone = await house.openAccount(10_000_000n);
});
afterAll(() => house?.close());
beforeEach(async () => {
  house.market.quote("MES", "5000.00", "5000.25");
  house.market.quote("MNQ", "18000.00", "18000.25");
  await liftAll();
});

const doThrow = async (wanted: Partial<NewKillSwitch>, actor = ann): Promise<string> => {
  const complete: NewKillSwitch = { scope: "all", mode: "halt", reason: "prices look wrong", ...wanted };
  const thrown = await transact()(actor, (work) => throwKillSwitch(work, actor, complete));
  if (!thrown.ok) throw new Error(`${thrown.refusal.code} ${thrown.refusal.field}`);
  return thrown.value.id;
};

const lift = (id: string, isLifted = false) =>
  transact()(ann, (work) => liftKillSwitch(work, ann, { id, tenantId: null, isLifted, reason: "all well" }));

async function liftAll(): Promise<void> {
  const open = await house.db.app("kill_switches").whereNull("lifted_at").select("id");
  for (const { id } of open) await lift(id);
}

const tryBuying = async (account: TestAccount, instrument = "MES"): Promise<string> => {
  const answer = await house.desk.place(account.trader, anOrderRequest(account, { instrument }));
  return "order" in answer ? "accepted" : `${answer.status} ${answer.code} ${answer.message}`;
};

describe("a thrown kill switch", () => {
  test("of the whole house refuses the next order of everybody, with who and why", async () => {
    await doThrow({ confirmation: "ALL" });
    const answer = await tryBuying(alone);
    expect(answer).toMatch(/^422 TRADING_HALTED Trading is halted \(all: prices look wrong, by Ann, since 20/);
    await liftAll();
    expect(await tryBuying(alone)).toBe("accepted");
  });

  test("of an agent line stops the traders of all agents below, and nobody else", async () => {
    await doThrow({ scope: "agent", agentId: root });
    expect(await tryBuying(underRoot)).toMatch("TRADING_HALTED");
    expect(await tryBuying(underBelow)).toMatch("TRADING_HALTED");
    expect(await tryBuying(alone)).toBe("accepted");
  });

  test("of an agent leaves the line above it alone", async () => {
    await doThrow({ scope: "agent", agentId: below });
    expect(await tryBuying(underBelow)).toMatch("TRADING_HALTED");
    expect(await tryBuying(underRoot)).toBe("accepted");
  });

  test("of an account, an instrument and a partner stop just that", async () => {
    await doThrow({ scope: "account", accountId: alone.accountId });
    await doThrow({ scope: "instrument", instrumentId: "MNQ" });
    expect(await tryBuying(alone)).toMatch("TRADING_HALTED");
    expect(await tryBuying(underRoot, "MNQ")).toMatch("TRADING_HALTED");
    expect(await tryBuying(underRoot)).toBe("accepted");
    await doThrow({ scope: "partner", tenantId: house.tenantId });
    expect(await tryBuying(underRoot)).toMatch("(partner: prices look wrong");
  });

  test("close-only lets a position be closed and refuses to open one", async () => {
    const account = await house.openAccount(1_000_000n);
    const opened = await house.desk.place(account.trader, anOrderRequest(account, { lots: "2" }));
    await house.settler()([acceptedId(opened)]);
    await doThrow({ scope: "account", mode: "close-only", accountId: account.accountId });
    expect(await tryBuying(account)).toMatch("CLOSE_ONLY");
    const selling = await house.desk.place(account.trader, anOrderRequest(account, { side: "sell", lots: "2" }));
    expect(selling.status).toBe(202);
  });

  test("names the account's partner by itself, and says in the audit log who threw and who lifted it, and why", async () => {
    const id = await doThrow({ scope: "account", accountId: alone.accountId });
    await lift(id);
    const row = await house.db.app("kill_switches").where({ id }).first();
    expect([row.tenant_id, row.thrown_by, row.lift_reason]).toEqual([house.tenantId, "Ann", "all well"]);
    const said = await house.db
      .app("audit_log")
      .where({ object_id: id })
      .orderBy("id")
      .select("action", "reason", "actor_name");
    expect(said).toEqual([
      { action: "throw", reason: "prices look wrong", actor_name: "Ann" },
      { action: "lift", reason: "all well", actor_name: "Ann" },
    ]);
  });
});

async function waitingForTheFence(): Promise<number> {
  const { rows } = await house.db.owner.raw(
    `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return rows[0].n;
}

describe("no gap", () => {
  test("a switch waits for orders that are being decided, and the next order sees it", async () => {
    let decided = (): void => {};
    const holding = new Promise<void>((resolve) => {
      decided = resolve;
    });
    let stopped: boolean | null = null;
    const target = { accountId: alone.accountId, instrumentId: "MES" };
    const deciding = transact()(systemActor, async ({ db }) => {
      stopped = (await loadStops(db, [alone.accountId])).of(target).halt !== null;
      await holding;
    });
    await until(
      async () => stopped,
      (seen) => seen !== null,
    );
    let thrown = false;
    const throwing = doThrow({ confirmation: "ALL" }).then(() => {
      thrown = true;
    });
    await until(waitingForTheFence, (count) => count === 1);
    expect([stopped, thrown]).toEqual([false, false]);
    const next = tryBuying(alone);
    decided();
    await Promise.all([deciding, throwing]);
    expect(await next).toMatch("TRADING_HALTED");
  });

  test("a lifted switch still keeps quotes of its time from triggering", async () => {
    const during = new Date();
    const id = await doThrow({ scope: "account", accountId: alone.accountId });
    const { thrown_at: thrownAt } = await house.db.app("kill_switches").where({ id }).first("thrown_at");
    await lift(id);
    const stops = await loadStops(house.db.app, [alone.accountId]);
    const order = { accountId: alone.accountId, instrumentId: "MES", reduceOnly: true };
    expect(stops.of(order).halt).toBeNull();
    expect(stops.mayTrigger(order, thrownAt)).toBe(false);
    expect(stops.mayTrigger({ ...order, accountId: underRoot.accountId }, thrownAt)).toBe(true);
    expect(stops.mayTrigger(order, new Date(during.getTime() - 60_000))).toBe(true);
  });
});

describe("a kill switch that is refused", () => {
  const refused = (wanted: Partial<NewKillSwitch>, actor = ann): Promise<string> =>
    doThrow(wanted, actor).then(
      () => "thrown",
      (error: Error & { constraint?: string }) => error.constraint ?? error.message,
    );

  test("of the whole house, without ALL typed", async () => {
    expect(await refused({})).toBe("NOT_CONFIRMED confirmation");
    expect(await refused({ confirmation: "all" })).toBe("NOT_CONFIRMED confirmation");
  });

  test("of everybody or of an instrument, by a partner's staff", async () => {
    const theirs = { ...ann, tenantId: house.tenantId };
    expect(await refused({ confirmation: "ALL" }, theirs)).toBe("OPERATOR_ONLY scope");
    expect(await refused({ scope: "instrument", instrumentId: "MES" }, theirs)).toBe("OPERATOR_ONLY scope");
    expect(await refused({ scope: "partner", tenantId: house.tenantId }, theirs)).toBe("thrown");
  });

  test("one that names nothing, or too much", async () => {
    expect(await refused({ scope: "account" })).toBe("TARGET_MISSING accountId");
    expect(await refused({ scope: "account", accountId: alone.accountId, instrumentId: "MES" })).toBe(
      "TARGET_NOT_ALONE instrumentId",
    );
  });

  test("the same again while it is in force; a halt on top of close-only is another", async () => {
    await doThrow({ scope: "instrument", mode: "close-only", instrumentId: "MES" });
    expect(await refused({ scope: "instrument", mode: "close-only", instrumentId: "MES" })).toBe(
      "kill_switches_one_open_each",
    );
    expect(await refused({ scope: "instrument", mode: "halt", instrumentId: "MES" })).toBe("thrown");
  });

  test("a reason of spaces", async () => {
    expect(await refused({ confirmation: "ALL", reason: "  " })).toBe("kill_switches_reason_given");
  });

  test("lifting what was lifted; the database refuses it too", async () => {
    const id = await doThrow({ confirmation: "ALL" });
    await lift(id);
    expect(await lift(id, true)).toEqual({ ok: false, refusal: "LIFTED_ALREADY" });
    await expect(lift(id)).rejects.toMatchObject({ constraint: "kill_switches_lifted_once" });
  });
});
