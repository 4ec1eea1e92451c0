import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type MarginDesk, marginDesk } from "../../support/margin-desk.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";
import { until } from "../../support/until.ts";

/** 300.00 USD, less the fee of 1.24, and two lots at 20,001 ticks: stop-out below 100.00. */
const money = 30_000n;
const safe = { bid: 20_000n, ask: 20_001n };
const stopOut = { bid: 19_921n, ask: 19_922n };

let desk: MarginDesk;
beforeAll(async () => {
  desk = await marginDesk();
});
beforeEach(() => desk.stream.quote(safe));
afterEach(async () => {
  await desk.stopAll();
  expect(await brokenBooks(desk.house.db)).toEqual([]);
});
afterAll(() => desk.house.close());

const stoppedOut = (account: TestAccount): Promise<unknown> =>
  until(
    () => desk.stopOutsOf(account),
    (orders) => orders.length === 1,
  );

test("a breach while nobody watched is closed at the recorded quote, in order", async () => {
  const account = await desk.holding(money, 2n);
  const engine = await desk.watch();
  await desk.stream.quote(safe);
  await until(
    () => desk.house.db.owner("trigger_cursors").where({ seq: desk.stream.seq().toString() }),
    (rows) => rows.length === 1,
  );
  await engine.stop();
  const [breach] = await desk.stream.lose(stopOut, { bid: 19_950n, ask: 19_951n }, safe);
  await desk.watch();
  await stoppedOut(account);
  expect(await desk.stopOutsOf(account)).toMatchObject([{ quote_seq: breach?.seq }]);
});

test("a quote of before is not held against money that left after it", async () => {
  const [account, poorer] = [await desk.holding(money, 2n), await desk.holding(money + 5_000n, 2n)];
  const engine = await desk.watch();
  await desk.stream.quote(safe);
  await engine.stop();
  // With all his money the second would still have been above the stop-out at this price, without the 50.00 he would not.
  const receivedAt = new Date(Date.now() - 5_000);
  await desk.stream.lose({ ...stopOut, receivedAt }, { ...safe, receivedAt });
  await desk.house.fund(poorer, -5_000n);
  await desk.watch();
  await stoppedOut(account);
  expect(await desk.stopOutsOf(poorer)).toEqual([]);
  await desk.stream.quote(stopOut);
  await stoppedOut(poorer);
});

test("what nobody announced is found for every account, although each look takes a part of them", async () => {
  const accounts = await Promise.all(Array.from({ length: 7 }, () => desk.holding(money, 2n)));
  await desk.watch();
  const [group] = await desk.house.db
    .owner("trader_groups")
    .insert({ name: "Warned early", margin_call_percent: 150, reduce_only_percent: 60, stop_out_percent: 50 })
    .returning("id");
  const traders = accounts.map(({ trader }) => trader.traderId);
  await desk.house.db.owner("traders").whereIn("id", traders).update({ group_id: group.id });
  // 29,876 is below 150 % of 20,000.
  for (const account of accounts)
    await until(
      () => desk.stageOf(account),
      (stage) => stage === "margin-call",
    );
});
