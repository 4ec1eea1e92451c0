import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { orderStory } from "../../../server/capabilities/reports/index.ts";
import { type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";

/** What the back office tells about an order is read from the rows that trading wrote. */
let trading: TestDesk;
let account: TestAccount;
beforeAll(async () => {
  trading = await testDesk();
});
beforeEach(async () => {
  account = await trading.openAccount(1_000_000n);
  trading.market.quote("MES", "5250.00", "5250.25");
});
afterAll(() => trading?.close());

async function trade(clientOrderId: string, side: "buy" | "sell", lots: string): Promise<string> {
  const { accountId, trader } = account;
  const answer = await trading.desk.place(trader, {
    ...{ clientOrderId, accountId, instrument: "MES", side, type: "market", lots },
  });
  if (!("order" in answer)) throw new Error(`refused: ${answer.code}`);
  return answer.order.id;
}

test("a filled order is told from its checks to the money it moved", async () => {
  const opened = await trade("one", "buy", "2");
  await trading.settler()([opened]);
  trading.market.quote("MES", "5251.00", "5251.25");
  const closed = await trade("two", "sell", "2");
  await trading.settler()([closed]);

  const [accepted, filled, ...more] = await orderStory(trading.db.app)(closed);
  expect(more).toEqual([]);
  expect(accepted).toMatchObject({ kind: "accepted", by: { kind: "trader", name: "Some One" }, afterMs: null });
  expect(accepted?.quote).toMatchObject({ bid: "5251.00", ask: "5251.25" });
  expect(accepted?.checks?.every((check) => check.passed)).toBe(true);
  expect(filled).toMatchObject({ kind: "filled", by: { kind: "system" } });
  expect(filled?.facts).toEqual(
    expect.arrayContaining([
      { name: "price", value: "5251.00", before: null },
      { name: "rule", value: "sell-at-bid", before: null },
      { name: "realizedPnl", value: "7.50 USD", before: null },
      { name: "positionAfter", value: "0", before: null },
    ]),
  );
  expect(filled?.transfers.map(({ code, from, to, amount }) => [code, from, to, amount])).toEqual([
    ["realized-pnl", "house.pnl", "trader.cash", "7.50"],
    ["fee", "trader.cash", "house.fee", "1.24"],
  ]);
});

test("an order that ended without a fill says why", async () => {
  const id = await trade("late", "buy", "1");
  await trading.settler({ maxQueueMs: -1 })([id]);
  const steps = await orderStory(trading.db.app)(id);
  expect(steps.map(({ kind }) => kind)).toEqual(["accepted", "rejected"]);
  expect(steps[1]?.facts).toEqual([{ name: "code", value: "QUEUED_TOO_LONG", before: null }]);
});

test("what happened while it waited is told with prices before and after", async () => {
  const id = await trade("amended", "buy", "1");
  await trading.db.app("order_events").insert({
    order_id: id,
    kind: "amended",
    actor_kind: "trader",
    actor_id: account.trader.traderId,
    said: JSON.stringify({
      before: { lots: "1", limit: "20960", stop: null },
      after: { lots: "1", limit: "20961", stop: null },
    }),
  });
  const steps = await orderStory(trading.db.app)(id);
  expect(steps[0]?.facts).toEqual([
    { name: "lots", value: "1", before: null },
    { name: "limitPrice", value: "5240.00", before: null },
  ]);
  expect(steps[1]).toMatchObject({
    kind: "amended",
    by: { kind: "trader", name: "Some One" },
    facts: [{ name: "limitPrice", before: "5240.00", value: "5240.25" }],
  });
});
