import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type LossDesk, lossDesk } from "../../support/loss-desk.ts";
import { anOrderRequest, brokenBooks, type TestAccount } from "../../support/trading.ts";
import { until } from "../../support/until.ts";

/** Two lots bought at 20,001 ticks cost 1.24 in fees and move 2.50 a tick: 50.00 are lost at a bid of 19,981 (51.24 with the fees). */
const start = { bid: 20_000n, ask: 20_001n };
const legal = { bid: 19_982n, ask: 19_983n };
const touched = { bid: 19_981n, ask: 19_982n };
const fifty = { amount: "50.00" };

let desk: LossDesk;
beforeAll(async () => {
  desk = await lossDesk();
});
beforeEach(() => desk.stream.quote(start));
afterEach(async () => {
  await desk.stopAll();
  expect(await brokenBooks(desk.house.db)).toEqual([]);
});
afterAll(() => desk.house.close());

const breached = (account: TestAccount, slots = 1) =>
  until(
    () => desk.breachesOf(account),
    (breaches) => breaches.length === slots,
  );
const closed = (account: TestAccount) =>
  until(
    () => desk.closingsOf(account),
    (orders) => orders.length === 1,
  );
/** Waits until the watch has written down what the account's loss is counted from. */
const counted = ({ accountId }: TestAccount) =>
  until(
    () => desk.house.db.owner("loss_states").where({ account_id: accountId }),
    (states) => states.length > 0,
  );
const place = (account: TestAccount, more: Parameters<typeof anOrderRequest>[1] = {}) => {
  desk.house.market.quote("MES", "5000.00", "5000.25", desk.stream.seq());
  return desk.house.desk.place(account.trader, anOrderRequest(account, more));
};

describe("a daily loss limit", () => {
  test("closes everything at the very quote that touches it, cancels what may open, and locks until the reset", async () => {
    const account = await desk.ruled({ dailyLoss: fifty });
    await desk.watch();
    await desk.trade(account, 2n);
    await counted(account);
    const waiting = await place(account, { type: "limit", side: "buy", lots: "1", limitPrice: "4900.00" });
    const [, breach] = await desk.stream.lose(legal, touched);
    await desk.stream.quote(start);
    const [order] = await closed(account);
    expect(order).toEqual({ state: "filled", filled_lots: 2n, quote_seq: breach?.seq });
    expect(await desk.breachesOf(account)).toMatchObject([
      { slot: "daily-loss", action: "flatten-until-reset", edge_minor: 95_000n, measured_minor: 94_876n },
    ]);
    const row = await desk.house.db
      .owner("orders")
      .where({ id: "order" in waiting ? waiting.order.id : "" })
      .first();
    expect([row.state, row.cancel_code]).toEqual(["cancelled", "RISK_LIMIT"]);
    expect(await place(account)).toMatchObject({ status: 422, code: "DAILY_LOSS" });
  });

  test("counts a loss that was booked, with its fees, and lets exits through", async () => {
    const account = await desk.ruled({ dailyLoss: { ...fifty, action: "reduce-only" } });
    await desk.watch();
    await desk.trade(account, 3n);
    await desk.trade(account, -2n, { bid: "4995.00", ask: "4995.25" });
    // 52.50 and fees of 3.10 are booked, and a tick of the lot that is left is open.
    expect(await breached(account)).toMatchObject([{ slot: "daily-loss", measured_minor: 94_315n }]);
    expect(await place(account)).toMatchObject({ status: 422, code: "DAILY_LOSS" });
    expect(await place(account, { side: "sell", lots: "1" })).toMatchObject({ status: 202 });
    expect(await place(account, { side: "sell", lots: "1" })).toMatchObject({ status: 422, code: "DAILY_LOSS" });
    expect(await desk.closingsOf(account)).toEqual([]);
  });

  test("is not hidden by a deposit nor made by a withdrawal", async () => {
    const [richer, poorer] = [await desk.ruled({ dailyLoss: fifty }), await desk.ruled({ dailyLoss: fifty })];
    await desk.watch();
    for (const account of [richer, poorer]) {
      await desk.trade(account, 2n);
      await counted(account);
    }
    await desk.house.fund(richer, 50_000n);
    await desk.house.fund(poorer, -30_000n);
    await desk.stream.quote(legal);
    await desk.stream.quote(start);
    await desk.trade(poorer, -2n);
    await desk.stream.quote(touched);
    expect(await breached(richer)).toMatchObject([{ edge_minor: 145_000n }]);
    expect(await desk.breachesOf(poorer)).toEqual([]);
  });

  test("refuses the order whose own cost would use up what is left", async () => {
    const account = await desk.ruled({ dailyLoss: { amount: "10.00" } });
    // Each lot costs 0.62 and a tick of 1.25.
    expect(await place(account, { lots: "6" })).toMatchObject({ status: 422, code: "DAILY_LOSS" });
    const taken = await place(account, { lots: "5" });
    expect(taken).toMatchObject({ status: 202 });
  });

  test("holds against 200 orders at once: what they cost together never passes it", async () => {
    const account = await desk.ruled({ dailyLoss: { amount: "10.00" } });
    desk.house.market.quote("MES", "5000.00", "5000.25", desk.stream.seq());
    const desks = [desk.house.desk, desk.house.anotherDesk()];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, place) =>
        desks[place % 2]?.place(account.trader, anOrderRequest(account, { lots: "1" })),
      ),
    );
    const codes = answers.map((answer) =>
      answer?.status === 202 ? "taken" : answer && "code" in answer && answer.code,
    );
    // 0.62 and 1.25 each: five leave 0.65.
    expect(codes.filter((code) => code === "taken")).toHaveLength(5);
    expect(codes.filter((code) => code === "DAILY_LOSS")).toHaveLength(195);
  });

  test("that is only an alert is told once and stops nobody", async () => {
    const account = await desk.ruled({ dailyLossAlert: { ...fifty, action: "alert" } });
    await desk.watch();
    await desk.trade(account, 2n);
    await counted(account);
    await desk.stream.quote(touched, start, touched);
    expect(await breached(account)).toMatchObject([{ slot: "daily-loss-alert", action: "alert" }]);
    expect(await place(account)).toMatchObject({ status: 202 });
    expect(await desk.closingsOf(account)).toEqual([]);
  });
});

test("a drawdown follows the peak of the open profit, also one between two looks", async () => {
  const rule = { ...fifty, base: "equity-at-reset", trailing: "real-time", action: "flatten-until-lifted" } as const;
  const account = await desk.ruled({ trailingDrawdown: rule });
  await desk.watch();
  await desk.trade(account, 2n);
  await counted(account);
  // Up by 60.00 and down again: from the peak it is the same loss at 20 ticks less.
  const [, , breach] = await desk.stream.lose(
    { bid: 20_025n, ask: 20_026n },
    { bid: 20_006n, ask: 20_007n },
    { bid: 20_005n, ask: 20_006n },
  );
  await desk.stream.quote(start);
  expect((await closed(account))[0]?.quote_seq).toBe(breach?.seq);
  expect(await desk.breachesOf(account)).toMatchObject([{ slot: "trailing-drawdown", ends_at: null }]);
});

test("a profit target closes and locks", async () => {
  const account = await desk.ruled({ dailyProfit: fifty });
  await desk.watch();
  await desk.trade(account, 2n);
  await counted(account);
  await desk.stream.quote({ bid: 20_022n, ask: 20_023n });
  await closed(account);
  expect(await place(account)).toMatchObject({ status: 422, code: "PROFIT_REACHED" });
});

test("what can't be closed now is locked, and closed when it can be", async () => {
  let closes = false;
  const account = await desk.ruled({ dailyLoss: fifty });
  await desk.watch({ closes: () => closes });
  await desk.trade(account, 2n);
  await counted(account);
  await desk.stream.quote(touched);
  await breached(account);
  expect(await desk.closingsOf(account)).toEqual([]);
  closes = true;
  await closed(account);
  expect(await desk.breachesOf(account)).toHaveLength(1);
});

test("a limit that is tightened below what is lost already is breached at once", async () => {
  const account = await desk.ruled({ dailyLoss: { amount: "500.00" } });
  const { id } = await desk.house.db.owner("risk_limits").where({ trader_id: account.trader.traderId }).first("id");
  await desk.watch();
  await desk.trade(account, 2n);
  await counted(account);
  await desk.tighten(id, { dailyLoss: { amount: "1.00" } });
  await closed(account);
});
