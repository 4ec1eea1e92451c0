import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { orderTypes, sides } from "#contracts/names.ts";
import { formatDecimal } from "#core/units.ts";
import { anOrderRequest, brokenBooks, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";
import { tryQuotes } from "../../support/working.ts";

let house: TestDesk;
beforeAll(async () => {
  house = await testDesk();
});
afterAll(() => house.close());

const priceOf = (tick: bigint): string => formatDecimal(tick * 25n, 2);
const anySize = fc.integer({ min: 1, max: 4 });
/** Ticks away from the market. */
const anyDistance = fc.bigInt(1n, 60n);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** What a trader, the market and a worker may do, in any order. */
const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("price" as const), to: fc.bigInt(19_900n, 20_100n) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("order" as const),
      type: fc.constantFrom(...orderTypes),
      side: fc.constantFrom(...sides),
      lots: anySize,
      away: anyDistance,
      profit: maybe(anyDistance),
      loss: maybe(anyDistance),
      reduceOnly: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("amend" as const), which: fc.nat({ max: 20 }), lots: anySize }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), which: fc.nat({ max: 20 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("bracket" as const),
      profit: maybe(anyDistance),
      loss: maybe(anyDistance),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("settle" as const) }) },
);
type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;
type OrderStep = Extract<Step, { kind: "order" }>;

const market = (): { bid: bigint; ask: bigint } => {
  const quote = house.ports.market.latestTradable("MES");
  if (quote === undefined) throw new Error("no price");
  return quote;
};

/** An order that could wait: its limit behind the market, its stop ahead of it, its bracket around where it would fill. */
function requestOf(account: TestAccount, step: OrderStep) {
  const { type, side, away, reduceOnly } = step;
  const ahead = side === "buy" ? 1n : -1n;
  const { bid, ask } = market();
  const stop = (side === "buy" ? ask : bid) + ahead * away;
  const limit = type === "stop-limit" ? stop + ahead * 2n : (side === "buy" ? ask : bid) - ahead * away;
  const entry = type === "market" ? (side === "buy" ? bid : ask) : type === "stop" ? stop : limit;
  const price = (of: boolean, tick: bigint) => (of ? priceOf(tick) : undefined);
  const leg = (distance: bigint | undefined, by: bigint) =>
    distance === undefined || reduceOnly ? undefined : priceOf(entry + by * distance);
  return anOrderRequest(account, {
    ...{ side, type, lots: String(step.lots), reduceOnly },
    limitPrice: price(type === "limit" || type === "stop-limit", limit),
    stopPrice: price(type === "stop" || type === "stop-limit", stop),
    takeProfitPrice: leg(step.profit, ahead),
    stopLossPrice: leg(step.loss, -ahead),
  });
}

async function setBracket(account: TestAccount, step: Extract<Step, { kind: "bracket" }>): Promise<void> {
  const [position] = (await house.reads.positions(account.trader, account.accountId)) ?? [];
  if (position === undefined) return;
  const ahead = position.side === "long" ? 1n : -1n;
  const from = position.side === "long" ? market().bid : market().ask;
  const leg = (distance: bigint | undefined, by: bigint) =>
    distance === undefined ? null : priceOf(from + by * distance);
  await house.desk.brackets(account.trader, position.id, {
    takeProfitPrice: leg(step.profit, ahead),
    stopLossPrice: leg(step.loss, -ahead),
  });
}

async function play(account: TestAccount, step: Step, ids: string[]): Promise<void> {
  const { desk } = house;
  const which = (index: number): string => ids[index % Math.max(1, ids.length)] ?? randomUUID();
  switch (step.kind) {
    case "price":
      house.market.quote("MES", priceOf(step.to), priceOf(step.to + 1n));
      await tryQuotes(house);
      return;
    case "order": {
      const answer = await desk.place(account.trader, requestOf(account, step));
      if ("order" in answer) ids.push(answer.order.id);
      return;
    }
    case "amend":
      await desk.amend(account.trader, which(step.which), { lots: String(step.lots) });
      return;
    case "cancel":
      await desk.cancel(account.trader, which(step.which));
      return;
    case "bracket":
      return setBracket(account, step);
    case "settle":
      await house.settler()(await dueOf(account));
  }
}

const dueOf = (account: TestAccount): Promise<string[]> =>
  house.db.owner("orders").where({ account_id: account.accountId }).whereNotNull("due_seq").pluck("id");

test("whatever waits, triggers, is changed or cancelled: the lines are what is needed, and the cash is that of the fills", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 10, maxLength: 40 }), async (steps) => {
      const account = await house.openAccount(500_000n);
      house.market.quote("MES", "5000.00", "5000.25");
      const ids: string[] = [];
      for (const step of steps) await play(account, step, ids);
      expect(await brokenBooks(house.db)).toEqual([]);
      await end(account);
      const { rows } = await house.db.owner.raw(
        `SELECT b.posted, b.held, coalesce((SELECT sum(t.amount) FROM transfers t
           WHERE t.credit_account = b.ledger_account_id AND t.code = 13), 0)::bigint AS protected,
           (SELECT count(*)::int FROM orders o WHERE o.account_id = a.id AND o.state IN ('accepted', 'working')) AS open,
           coalesce((SELECT sum(CASE f.side WHEN 'buy' THEN -f.lots ELSE f.lots END * f.price_ticks * 125 - f.lots * 62)
             FROM fills f WHERE f.account_id = a.id), 0)::bigint AS cash
         FROM balances b JOIN accounts a USING (ledger_account_id) WHERE a.id = ?`,
        [account.accountId],
      );
      const [row] = rows;
      expect(row).toMatchObject({ held: 0n, open: 0 });
      expect(row.posted).toBe(500_000n + row.cash + row.protected);
    }),
    { numRuns: 20 },
  );
  expect(await brokenBooks(house.db)).toEqual([]);
  // The steps are random: this shows that they reached what the test is about.
  const { rows } = await house.db.owner.raw(
    `SELECT count(*) FILTER (WHERE trigger_quote_seq IS NOT NULL AND state = 'filled')::int AS triggered,
       count(*) FILTER (WHERE origin <> 'trader')::int AS legs,
       (SELECT count(*)::int FROM order_events WHERE kind = 'amended') AS amended FROM orders`,
  );
  for (const count of Object.values(rows[0])) expect(count).toBeGreaterThan(5);
});

/** Flattens until nothing is left: orders that were due already may open once more. */
async function end(account: TestAccount): Promise<void> {
  const { accountId, trader } = account;
  for (let round = 0; round < 3; round++) {
    const answer = await house.desk.flatten(trader, { accountId, clientOrderId: randomUUID().slice(0, 36) });
    if (!("answers" in answer)) throw new Error(`flatten was refused: ${answer.code}`);
    await house.settler()(await dueOf(account));
  }
}
