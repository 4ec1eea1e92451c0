import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { formatDecimal } from "#core/units.ts";
import { anOrderRequest, brokenBooks, type TestDesk, testDesk } from "../../support/trading.ts";

let house: TestDesk;
beforeAll(async () => {
  house = await testDesk();
});
afterAll(() => house.close());

/** What is done to one account: a price moves, an order is sent, accepted orders are settled. */
const anyStep = fc.oneof(
  fc.record({
    kind: fc.constant("price" as const),
    bid: fc.integer({ min: 19_600, max: 20_400 }),
    spread: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({
    kind: fc.constant("order" as const),
    side: fc.constantFrom("buy" as const, "sell" as const),
    lots: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({ kind: fc.constant("settle" as const) }),
);

/** An account that ends flat has earned the cash its fills moved, less the fees. Knows nothing of positions, averages or holds. */
class Model {
  lots = 0n;
  cashTicks = 0n;
  fees = 0n;
  fill(side: "buy" | "sell", lots: number, price: bigint): void {
    const signed = side === "buy" ? BigInt(lots) : -BigInt(lots);
    this.lots += signed;
    this.cashTicks -= signed * price;
    this.fees += 62n * BigInt(lots);
  }
}

test("whatever traders do, balances are those of an independent model", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 10, maxLength: 40 }), async (steps) => {
      const account = await house.openAccount(300_000n);
      const model = new Model();
      let price = { bid: 20_000n, ask: 20_001n };
      const quote = (): void =>
        house.market.quote("MES", formatDecimal(price.bid * 25n, 2), formatDecimal(price.ask * 25n, 2));
      quote();
      const accepted: string[] = [];
      for (const step of steps) {
        if (step.kind === "price") {
          price = { bid: BigInt(step.bid), ask: BigInt(step.bid + step.spread) };
          quote();
        } else if (step.kind === "order") {
          const request = anOrderRequest(account, { side: step.side, lots: String(step.lots) });
          const answer = await house.desk.place(account.trader, request);
          if (!("order" in answer)) continue;
          accepted.push(answer.order.id);
          model.fill(step.side, step.lots, step.side === "buy" ? price.ask : price.bid);
        } else await house.settler()(accepted);
      }
      await flatten(account, model, price, accepted);
      const { rows } = await house.db.owner.raw(
        `SELECT b.posted, b.held, coalesce((SELECT sum(t.amount) FROM transfers t
           WHERE t.credit_account = b.ledger_account_id AND t.code = 13), 0)::bigint AS protected
         FROM balances b JOIN accounts a USING (ledger_account_id) WHERE a.id = ?`,
        [account.accountId],
      );
      const [row] = rows;
      expect(row.held).toBe(0n);
      expect(row.posted).toBe(300_000n + model.cashTicks * 125n - model.fees + row.protected);
    }),
    { numRuns: 25 },
  );
  expect(await brokenBooks(house.db)).toEqual([]);
});

/** At the end everything is closed, so that realized results are all there is. */
async function flatten(
  account: Awaited<ReturnType<TestDesk["openAccount"]>>,
  model: Model,
  price: { bid: bigint; ask: bigint },
  accepted: string[],
): Promise<void> {
  if (model.lots !== 0n) {
    const side = model.lots > 0n ? ("sell" as const) : ("buy" as const);
    const lots = Number(model.lots < 0n ? -model.lots : model.lots);
    const answer = await house.desk.place(account.trader, anOrderRequest(account, { side, lots: String(lots) }));
    if (!("order" in answer)) throw new Error(`an exit was refused: ${answer.code} ${answer.message}`);
    accepted.push(answer.order.id);
    model.fill(side, lots, side === "buy" ? price.ask : price.bid);
  }
  await house.settler()(accepted);
}
