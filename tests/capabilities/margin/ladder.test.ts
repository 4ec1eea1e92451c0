import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type MarginDesk, marginDesk } from "../../support/margin-desk.ts";
import { anOrderRequest, brokenBooks, type TestAccount } from "../../support/trading.ts";
import { until } from "../../support/until.ts";

/** 300.00 USD, less the fee of 1.24, and two lots at 20,001 ticks: margin call below 200.00, stop-out below 100.00. */
const money = 30_000n;
const safe = { bid: 20_000n, ask: 20_001n };
const call = { bid: 19_961n, ask: 19_962n };
const reduceOnly = { bid: 19_945n, ask: 19_946n };
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

const stage = (account: TestAccount, wanted: string): Promise<unknown> =>
  until(
    () => desk.stageOf(account),
    (now) => now === wanted,
  );
const stopOutOrders = (account: TestAccount) => desk.stopOutsOf(account);
const positionOf = async (account: TestAccount): Promise<bigint> => {
  const row = await desk.house.db.owner("positions").where({ account_id: account.accountId }).first("lots");
  return row.lots;
};

test("an account walks down the ladder tick by tick, and is closed at the very quote that breached", async () => {
  const account = await desk.holding(money, 2n);
  await desk.watch();
  await desk.stream.quote({ bid: 19_962n, ask: 19_963n });
  await desk.stream.quote(call);
  await stage(account, "margin-call");
  await desk.stream.quote(reduceOnly);
  await stage(account, "reduce-only");
  const [breach] = await desk.stream.quote(stopOut, { bid: 19_800n, ask: 19_801n });
  await stage(account, "ok");
  expect(await stopOutOrders(account)).toEqual([
    { state: "filled", filled_lots: 2n, average_fill_ticks: "19921.00000000", quote_seq: breach?.seq },
  ]);
  expect(await positionOf(account)).toBe(0n);
  const closed = { account_id: account.accountId, kind: "position-closed" };
  expect(await desk.house.db.app("admin_margin_events").where(closed).first("quotes")).toEqual({
    quotes: { MES: { seq: String(breach?.seq), bid: "4980.25", ask: "4980.50" } },
  });
  expect(
    (await desk.eventsOfAccount(account)).map(({ kind, stage_before, stage_after }) => [
      kind,
      stage_before,
      stage_after,
    ]),
  ).toEqual([
    ["stage", "ok", "margin-call"],
    ["stage", "margin-call", "reduce-only"],
    ["stage", "reduce-only", "stop-out"],
    ["position-closed", "stop-out", "stop-out"],
    ["stage", "stop-out", "ok"],
  ]);
});

test("a short is closed when the ask has risen", async () => {
  const account = await desk.holding(money, -2n);
  await desk.watch();
  await desk.stream.quote({ bid: 20_079n, ask: 20_080n });
  await stage(account, "ok");
  await until(
    () => stopOutOrders(account),
    (orders) => orders.length === 1,
  );
});

test("it climbs back when the price comes back with room to spare", async () => {
  const account = await desk.holding(money, 2n);
  await desk.watch();
  await desk.stream.quote(call);
  await stage(account, "margin-call");
  await desk.stream.quote({ bid: 19_964n, ask: 19_965n });
  await desk.stream.quote({ bid: 19_966n, ask: 19_967n });
  await stage(account, "ok");
});

test("at reduce-only what opens is refused and what closes is taken", async () => {
  const account = await desk.holding(money, 2n);
  await desk.watch();
  await desk.stream.quote(reduceOnly);
  await stage(account, "reduce-only");
  desk.house.market.quote("MES", "4986.25", "4986.50", desk.stream.seq());
  const opening = await desk.house.desk.place(account.trader, anOrderRequest(account, { side: "buy" }));
  expect(opening).toMatchObject({ status: 422, code: "REDUCE_ONLY" });
  const closing = await desk.house.desk.place(account.trader, anOrderRequest(account, { side: "sell" }));
  expect(closing.status).toBe(202);
  if ("order" in closing) await desk.house.settler()([closing.order.id]);
});

test("a stop-out first cancels the orders that use margin; that may be enough", async () => {
  const account = await desk.holding(60_000n, 2n);
  desk.house.market.quote("MES", "5000.00", "5000.25", desk.stream.seq());
  const placed = await desk.house.desk.place(
    account.trader,
    anOrderRequest(account, { side: "buy", lots: "3", type: "limit", limitPrice: "4800.00" }),
  );
  expect(placed.status).toBe(202);
  await desk.watch();
  // Equity 244.26 of 501.86 required; of the 200.00 of the position alone it is a margin call's worth and more.
  await desk.stream.quote({ bid: 19_859n, ask: 19_860n });
  await until(
    () => desk.eventsOfAccount(account),
    (events) => events.some(({ kind }) => kind === "orders-cancelled"),
  );
  const orders = await desk.house.db.owner("orders").where({ account_id: account.accountId, type: "limit" });
  expect(orders).toMatchObject([{ state: "cancelled", cancel_code: "STOP_OUT" }]);
  expect(await positionOf(account)).toBe(2n);
});

test("a gap through zero closes all, and the house makes good the rest by a transfer of its own", async () => {
  const account = await desk.holding(money, 2n);
  await desk.watch();
  await desk.stream.quote({ bid: 19_700n, ask: 19_701n });
  await until(
    () => stopOutOrders(account),
    (orders) => orders.length === 1,
  );
  const view = await desk.house.reads.account(account.trader, account.accountId);
  expect(view).toMatchObject({ balance: "0.00", held: "0.00", marginStage: "ok", marginLevel: null });
  const protection = await desk.house.db
    .owner("transfers as t")
    .join("accounts as a", "a.ledger_account_id", "t.credit_account")
    .where({ "t.code": 13, "a.id": account.accountId })
    .sum({ paid: "t.amount" })
    .first();
  expect(BigInt(protection?.paid ?? 0)).toBe(301n * 250n + 2n * 62n - (money - 124n));
});

test("the ladder run by several at once closes once", async () => {
  const account = await desk.holding(money, 2n);
  const [quote] = await desk.stream.quote(stopOut);
  const marks = new Map(quote === undefined ? [] : [["MES", quote]]);
  const { epoch } = await desk.house.db.owner("trigger_engine").first("epoch");
  await Promise.all([1, 2, 3].map(() => desk.apply([account.accountId], { marks, at: new Date(), epoch })));
  expect(await stopOutOrders(account)).toHaveLength(1);
});

test("a lead that was lost applies nothing", async () => {
  const account = await desk.holding(money, 2n);
  const [quote] = await desk.stream.quote(stopOut);
  const marks = new Map(quote === undefined ? [] : [["MES", quote]]);
  const { epoch } = await desk.house.db.owner("trigger_engine").first("epoch");
  await expect(desk.apply([account.accountId], { marks, at: new Date(), epoch: epoch - 1n })).rejects.toThrow(/epoch/);
  expect(await stopOutOrders(account)).toEqual([]);
});

test("money that comes in time keeps the account open", async () => {
  const account = await desk.holding(money, 2n);
  await desk.watch();
  await desk.stream.quote(reduceOnly);
  await stage(account, "reduce-only");
  await desk.house.fund(account, 50_000n);
  await stage(account, "ok");
  await desk.stream.quote(stopOut);
  await desk.stream.quote({ bid: 19_900n, ask: 19_901n });
  expect(await stopOutOrders(account)).toEqual([]);
});

test("what is halted stays, and is closed when trading goes on", async () => {
  let halted = true;
  const account = await desk.holding(money, 2n);
  await desk.watch({ halted: () => halted });
  await desk.stream.quote(stopOut);
  await stage(account, "stop-out");
  expect(await stopOutOrders(account)).toEqual([]);
  halted = false;
  await stage(account, "ok");
  expect(await stopOutOrders(account)).toHaveLength(1);
});

test("a group has thresholds of its own, and a fee for each position, as far as there is money", async () => {
  const [group] = await desk.house.db
    .owner("trader_groups")
    .insert({
      name: "Careful",
      margin_call_percent: 150,
      reduce_only_percent: 140,
      stop_out_percent: 120,
      liquidation_fee_minor: 2_500,
    })
    .returning("id");
  const account = await desk.holding(money, 2n);
  await desk.house.db.owner("traders").where({ id: account.trader.traderId }).update({ group_id: group.id });
  await desk.watch();
  // 29,876 - 24 x 250 = 23,876 is below 120 % of 20,000.
  await desk.stream.quote({ bid: 19_977n, ask: 19_978n });
  await until(
    () => stopOutOrders(account),
    (orders) => orders.length === 1,
  );
  const events = await desk.eventsOfAccount(account);
  expect(events.filter(({ kind }) => kind === "fee")).toMatchObject([{ instrument_id: "MES", amount_minor: 2_500n }]);
  const view = await desk.house.reads.account(account.trader, account.accountId);
  expect(view?.balance).toBe(((29_876 - 24 * 250 - 124 - 2_500) / 100).toFixed(2));
});
