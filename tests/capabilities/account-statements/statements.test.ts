import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { verifyStatements } from "../../../server/capabilities/account-statements/index.ts";
import { closeDays } from "../../../server/capabilities/day-close/index.ts";
import { acceptedId, anOrderRequest, type TestAccount } from "../../support/trading.ts";
import { type CommissionHouse, commissionHouse } from "../agents/support.ts";
import { closePorts, markDay } from "../day-close/support.ts";

let desk: CommissionHouse;
let one: TestAccount;
let idle: TestAccount;
const days: string[] = [];
const firstDay = (): string => days[0] ?? "";

beforeAll(async () => {
  desk = await commissionHouse();
  one = await desk.house.openAccount(1_000_000n);
  idle = await desk.house.openAccount(0n);
  // Day 1: money comes in, 3 lots are bought. Day 2: one of them is sold dearer. Day 3: nothing. Day 4: the rest is sold.
  await order("buy", "3", ["5000.00", "5000.25"]);
  await endDay(20_004n);
  await order("sell", "1", ["5002.25", "5002.50"]);
  await endDay(20_008n);
  await endDay(null);
  await order("sell", "2", ["4999.25", "4999.50"]);
  await endDay(null);
});
afterAll(() => desk?.house.close());

async function order(side: "buy" | "sell", lots: string, [bid, ask]: readonly [string, string]): Promise<void> {
  desk.house.market.quote("MES", bid, ask);
  const placed = await desk.house.anotherDesk().place(one.trader, anOrderRequest(one, { side, lots }));
  await desk.house.settler()([acceptedId(placed)]);
}

/** Ends the date, has it marked at a price (null: it has no session), and closes it. */
async function endDay(priceTicks: bigint | null): Promise<void> {
  const day = await desk.today();
  days.push(day);
  const { owner } = desk.house.db;
  if (priceTicks !== null) await markDay(desk.house.db, day, priceTicks);
  await owner.raw("INSERT INTO test_days VALUES (clock_timestamp(), ?::date + 1)", [day]);
  // The minute that a close waits for marks of a date without a session is over.
  for (let round = 0; round < 2; round++) {
    await closeDays({ ...(await closePorts(desk.house.db)), onOutcome: () => {}, onError: fail });
    await owner.raw(
      `ALTER TABLE day_close_steps DISABLE TRIGGER day_close_steps_in_order;
       UPDATE day_close_steps SET told_at = told_at - interval '2 minutes' WHERE step = 'snapshot';
       ALTER TABLE day_close_steps ENABLE ALWAYS TRIGGER day_close_steps_in_order`,
    );
  }
}

function fail(error: unknown): never {
  throw error;
}

const statementsOf = (account: TestAccount) =>
  desk.house.db
    .owner("account_statements")
    .where({ account_id: account.accountId })
    .orderBy("book_date")
    .select("opening_minor", "closing_minor", "movements", "totals", "positions", "open_pnl_minor");

test("a date's statement opens where the one before closed and tells movements, positions and open profit", async () => {
  const told = await statementsOf(one);
  expect(told).toHaveLength(4);
  const [first, second, third, fourth] = told;
  // Fee 62 cents a lot and side; a tick is 1.25 dollars, a point four ticks.
  expect(first).toMatchObject({
    ...{ opening_minor: 0n, closing_minor: 1_000_000n - 186n, movements: 2 },
    ...{ totals: { adjustment: "1000000", fee: "-186" }, open_pnl_minor: 3n * 3n * 125n },
  });
  expect(first.positions).toEqual([
    expect.objectContaining({ instrument: "MES", lots: "3", costTicks: `${3 * 20_001}`, priceTicks: "20004" }),
  ]);
  expect(second).toMatchObject({
    ...{ opening_minor: first.closing_minor, closing_minor: first.closing_minor + 8n * 125n - 62n, movements: 2 },
    ...{ totals: { fee: "-62", "realized-pnl": "1000" }, open_pnl_minor: 2n * 7n * 125n },
  });
  expect(third).toMatchObject({
    ...{ opening_minor: second.closing_minor, closing_minor: second.closing_minor, movements: 0, totals: {} },
    open_pnl_minor: second.open_pnl_minor,
  });
  expect(third.positions).toEqual(second.positions);
  expect(fourth).toMatchObject({
    ...{ opening_minor: third.closing_minor, closing_minor: third.closing_minor - 2n * 4n * 125n - 124n },
    ...{ positions: [], open_pnl_minor: 0n },
  });
});

test("an account without movements and positions gets none", async () => {
  expect(await statementsOf(idle)).toEqual([]);
});

test("a statement that is made late, when the position has long moved on, is the same", async () => {
  const { owner } = desk.house.db;
  const day = firstDay();
  const stored = await owner("account_statements").where({ account_id: one.accountId, book_date: day }).first("hash");
  const { rows } = await owner.raw("SELECT lots, cost_ticks FROM positions_at_end(?, ?) WHERE account_id = ?", [
    desk.house.tenantId,
    day,
    one.accountId,
  ]);
  expect(rows).toEqual([{ lots: 3n, cost_ticks: 60_003n }]);
  await owner.raw(
    `ALTER TABLE account_statements DISABLE TRIGGER account_statements_append_only;
     DELETE FROM account_statements WHERE account_id = '${one.accountId}' AND book_date = '${day}';
     ALTER TABLE account_statements ENABLE ALWAYS TRIGGER account_statements_append_only`,
  );
  await owner.raw("SELECT make_account_statements(?, ?)", [desk.house.tenantId, day]);
  const again = await owner("account_statements").where({ account_id: one.accountId, book_date: day }).first("hash");
  expect(again.hash).toEqual(stored.hash);
});

test("the application changes no statement and makes none of a date without a snapshot", async () => {
  const { app } = desk.house.db;
  const refusal = (run: Promise<unknown>) => run.catch((error: { code?: string; constraint?: string }) => error);
  expect(await refusal(app.raw("UPDATE account_statements SET closing_minor = 0"))).toMatchObject({ code: "42501" });
  expect(
    await refusal(app.raw("SELECT make_account_statements(?, '2031-01-01')", [desk.house.tenantId])),
  ).toMatchObject({ constraint: "account_statements_of_closed_date" });
});

const changes: [what: string, sql: string, says: RegExp][] = [
  [
    "its closing balance",
    "opening_minor = opening_minor + 1, closing_minor = closing_minor + 1",
    /not what its hash says/,
  ],
  ["a position", `positions = jsonb_set(positions, '{0,lots}', '"4"')`, /the fills make it 3 that cost 60003/],
  [
    "a position's price",
    `positions = jsonb_set(positions, '{0,priceTicks}', '"20005"')`,
    /not that of the settlement mark/,
  ],
  ["its open profit", "open_pnl_minor = open_pnl_minor + 1", /open profit is not that of its positions/],
  ["a sum", `totals = totals || '{"fee": "-185"}'`, /its movements are not those of the journal/],
];

test.each(changes)(
  "verify names a statement of which a superuser changed %s, also with a new hash",
  async (_what, sql, says) => {
    const { owner } = desk.house.db;
    expect((await verifyStatements(owner)).faults).toEqual([]);
    const where = `account_id = '${one.accountId}' AND book_date = '${firstDay()}'`;
    const change = (set: string): Promise<unknown> =>
      owner.raw(
        `ALTER TABLE account_statements DISABLE TRIGGER account_statements_append_only;
       UPDATE account_statements s SET ${set} WHERE ${where};
       ALTER TABLE account_statements ENABLE ALWAYS TRIGGER account_statements_append_only`,
      );
    const before = await owner("account_statements").whereRaw(where).first();
    try {
      await change(sql);
      const { faults } = await verifyStatements(owner);
      expect(faults).toContainEqual({
        bookDate: firstDay(),
        accountId: one.accountId,
        says: expect.stringMatching(says),
      });
      await change("hash = account_statement_hash(s)");
      expect((await verifyStatements(owner)).faults).not.toEqual([]);
    } finally {
      await change(
        `opening_minor = ${before.opening_minor}, closing_minor = ${before.closing_minor}, totals = '${JSON.stringify(before.totals)}', open_pnl_minor = ${before.open_pnl_minor},
       positions = '${JSON.stringify(before.positions)}', hash = '\\x${before.hash.toString("hex")}'`,
      );
    }
    expect((await verifyStatements(owner)).faults).toEqual([]);
  },
);
