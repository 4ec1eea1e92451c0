import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { stepPayout } from "../../../server/capabilities/agents/index.ts";
import { closeDays } from "../../../server/capabilities/day-close/index.ts";
import { type Transact, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { type CommissionHouse, commissionHouse } from "../agents/support.ts";
import { closePorts, markDay } from "./support.ts";

let agents: CommissionHouse;
beforeAll(async () => {
  agents = await commissionHouse();
});
afterAll(() => agents?.house.close());

const errors: unknown[] = [];

/** Ends the book date and lets the scheduler close what is over. */
async function endDay(transact: Transact = transactor(agents.house.db.app)): Promise<string> {
  const ended = await agents.today();
  await markDay(agents.house.db, ended, null);
  await agents.house.db.owner.raw("INSERT INTO test_days VALUES (clock_timestamp(), ?::date + 1)", [ended]);
  await close(transact);
  return ended;
}

const close = async (transact: Transact = transactor(agents.house.db.app)): Promise<void> =>
  closeDays({
    ...(await closePorts(agents.house.db)),
    transact,
    onOutcome: (_close, outcome) => outcome.outcome === "failed" && errors.push(outcome),
    onError: (error) => errors.push((error as Error).message),
  }).catch((error: unknown) => {
    errors.push((error as Error).message);
  });

async function figures(bookDate: string, step: string): Promise<unknown> {
  const row = await agents.house.db
    .owner("admin_day_close_steps")
    .where({ tenant_id: agents.house.tenantId, book_date: bookDate, step })
    .first("figures");
  return row?.figures;
}

async function step(agentId: string, to: "held" | "payable"): Promise<void> {
  const row = await agents.house.db.owner("commission_payouts").where({ agent_id: agentId }).first("id");
  await agents.run((work) => stepPayout(work, { id: row.id, to, reason: "a question" }));
}

test("commissions are computed by their date's close and paid on the next date, a held one after its release", async () => {
  const [quick, stopped] = [await agents.agent("quick"), await agents.agent("stopped")];
  const plan = await agents.plan("ratio", { rate1: "50" });
  for (const agent of [quick, stopped]) {
    await agents.assign(plan, agent);
    await agents.trade(await agents.house.openAccount(5_000_000n, { agentId: agent }), 10n);
  }
  const first = await endDay();
  expect(errors).toEqual([]);
  expect(await figures(first, "commissions")).toEqual({ commissionFills: "2", payouts: "2", held: "0" });
  expect(await figures(first, "pay-commissions")).toBeNull();
  expect([await agents.commissionOf(quick), await agents.commissionOf(stopped)]).toEqual([0n, 0n]);

  await step(stopped, "held");
  const second = await endDay();
  expect(await figures(first, "pay-commissions")).toEqual({
    datesPaid: [first],
    payoutsPaid: "1",
    paid: ["USD 3.10"],
  });
  expect([await agents.commissionOf(quick), await agents.commissionOf(stopped)]).toEqual([310n, 0n]);

  await step(stopped, "payable");
  await endDay();
  expect(await figures(second, "pay-commissions")).toEqual({
    datesPaid: [first],
    payoutsPaid: "1",
    paid: ["USD 3.10"],
  });
  await close();
  expect([await agents.commissionOf(quick), await agents.commissionOf(stopped)]).toEqual([310n, 310n]);
  expect(await agents.faults()).toEqual([]);
  expect(errors).toEqual([]);
});

test("a payout is posted at the cut-off of the next date and dated on it, not an hour before", async () => {
  const agent = await agents.agent("prompt");
  await agents.assign(await agents.plan("ratio", { rate1: "50" }), agent);
  await agents.trade(await agents.house.openAccount(5_000_000n, { agentId: agent }), 10n);
  const earned = await endDay();
  const next = await agents.today();
  const endsIn = (left: string) =>
    agents.house.db.owner.raw(
      `WITH gone AS (DELETE FROM test_days WHERE began_at > clock_timestamp())
       INSERT INTO test_days VALUES (clock_timestamp() + ?::interval, ?::date + 1)`,
      [left, next],
    );
  await endsIn("6 hours");
  await close();
  expect([await figures(earned, "pay-commissions"), await agents.commissionOf(agent)]).toEqual([null, 0n]);
  await endsIn("4 hours 59 minutes");
  await close();
  expect(await figures(earned, "pay-commissions")).toMatchObject({ datesPaid: [earned] });
  const paid = await agents.house.db
    .owner("transfers as t")
    .join("ledger_accounts as l", "l.id", "t.credit_account")
    .where({ code: 20, owner_id: agent })
    .select(agents.house.db.owner.raw("t.book_date::text AS dated"), "t.amount");
  expect(paid).toEqual([{ dated: next, amount: 310n }]);
  await agents.house.db.owner.raw("DELETE FROM test_days WHERE began_at > clock_timestamp()");
  expect(await agents.faults()).toEqual([]);
});

test("killed at every transaction in turn, the close pays every payout once", async () => {
  const agent = await agents.agent("killed");
  await agents.assign(await agents.plan("ratio", { rate1: "50" }), agent);
  await agents.trade(await agents.house.openAccount(5_000_000n, { agentId: agent }), 10n);
  const earned = await endDay();
  await agents.trade(await agents.house.openAccount(5_000_000n, { agentId: agent }), 10n);
  errors.length = 0;
  await endDay(dyingAt(2));
  for (let nth = 3; errors.length > 0 && nth < 60; nth++) {
    expect(errors).toEqual(["killed"]);
    errors.length = 0;
    await close(dyingAt(2 + (nth % 6)));
  }
  expect(errors).toEqual([]);
  expect(await figures(earned, "commissions")).toEqual({ commissionFills: "1", payouts: "1", held: "0" });
  expect(await figures(earned, "pay-commissions")).toMatchObject({ datesPaid: [earned], payoutsPaid: "1" });
  expect(await agents.commissionOf(agent)).toBe(310n);
  expect(await agents.faults()).toEqual([]);
});

/** Dies within the n-th transaction, after its work and before its commit. */
function dyingAt(nth: number): Transact {
  const transact = transactor(agents.house.db.app);
  let left = nth;
  return (actor, run) =>
    transact(actor, async (work) => {
      const value = await run(work);
      left -= 1;
      if (left === 0) throw new Error("killed");
      return value;
    });
}
