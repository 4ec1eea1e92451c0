import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { anOrderRequest, brokenBooks, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";
import { aWaitingOrder } from "../../support/waiting-order.ts";
import {
  anEndedContract,
  balanceOf,
  contractOf,
  endContract,
  expire,
  fillsOf,
  listContract,
  positionOf,
  storeQuote,
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

const refusal = async (account: TestAccount, side: "buy" | "sell" = "buy"): Promise<string> => {
  const answer = await house.desk.place(account.trader, anOrderRequest(account, { side }));
  return "order" in answer ? "accepted" : `${answer.code} ${answer.message}`;
};

describe("a contract that has ended", () => {
  test("closes every position at the last tradable quote before its end, without a fee", async () => {
    const id = await anEndedContract(house, { long, short });
    expect(await expire(house)).toBe(1);
    expect((await fillsOf(house, long)).at(-1)).toEqual({
      origin: "expiry",
      side: "sell",
      lots: 3n,
      price_ticks: 20_010n,
      fee_minor: 0n,
      quote_seq: 101n,
    });
    expect((await fillsOf(house, short)).at(-1)).toMatchObject({ origin: "expiry", side: "buy", price_ticks: 20_012n });
    expect([(await positionOf(house, long)).lots, (await positionOf(house, short)).lots]).toEqual([0n, 0n]);
    // Long 3 gains 9 ticks of $1.25 each, less 3 fees at the entry; short 2 loses 12 ticks each, less 2 fees.
    expect(await balanceOf(house, long)).toEqual({ posted: 1_000_000n + 3_375n - 186n, held: 0n });
    expect(await balanceOf(house, short)).toEqual({ posted: 1_000_000n - 3_000n - 124n, held: 0n });
    expect(await contractOf(house, id)).toMatchObject({ state: "settled", final_quote_seq: 101n, closed_positions: 2 });
    expect(await brokenBooks(house.db)).toEqual([]);
  });

  test("takes no orders, exits neither, from its end on; and after it until the next contract trades", async () => {
    await anEndedContract(house, { long, short });
    expect(await refusal(long, "sell")).toMatch(/^MARKET_CLOSED The contract has ended: MESZ6 traded until 20/);
    await expire(house);
    expect(await refusal(long)).toMatch(/^MARKET_CLOSED/);
    await listContract(house, { code: "MESH7", from: -60, to: 86_400 });
    expect(await refusal(long)).toBe("accepted");
  });

  test("leaves other instruments alone", async () => {
    house.market.quote("MNQ", "18000.00", "18000.25");
    await trade(house, long, "buy", 1, "MNQ");
    await anEndedContract(house, { long, short });
    await expire(house);
    expect((await positionOf(house, long, "MNQ")).lots).toBe(1n);
  });

  test("cancels what waits for its price", async () => {
    const id = await aWaitingOrder(house, long);
    await anEndedContract(house, { long, short });
    await expire(house);
    const order = await house.db.app("orders").where({ id }).first("state", "cancel_code");
    expect(order).toEqual({ state: "cancelled", cancel_code: "CONTRACT_EXPIRED" });
    expect((await balanceOf(house, long)).held).toBe(0n);
  });

  test("fills first what was accepted before its end", async () => {
    const id = await listContract(house, { code: "MESZ6", from: -86_400, to: 3_600 });
    const answer = await house.desk.place(long.trader, anOrderRequest(long, { lots: "2" }));
    expect(answer.status).toBe(202);
    await storeQuote(house, "MES", { seq: 101, bid: 20_010, ask: 20_012, seconds: -20 });
    await endContract(house, id, 10);
    await expire(house);
    expect((await fillsOf(house, long)).map(({ origin }) => origin)).toEqual(["trader", "expiry"]);
  });
});

describe("a contract that rolls", () => {
  const listed = () => listContract(house, { code: "MESH7", from: -3_600, to: 86_400 });

  test("opens the same lots at the first quote of the next one, and the margin moves along", async () => {
    const id = await anEndedContract(house, { long, short }, "roll");
    const next = await listed();
    await expire(house);
    expect((await fillsOf(house, long)).slice(1)).toEqual([
      { origin: "expiry", side: "sell", lots: 3n, price_ticks: 20_010n, fee_minor: 0n, quote_seq: 101n },
      { origin: "roll", side: "buy", lots: 3n, price_ticks: 20_102n, fee_minor: 0n, quote_seq: 103n },
    ]);
    expect(await positionOf(house, long)).toMatchObject({ lots: 3n, cost_ticks: 60_306n, margin_minor: 30_000n });
    expect(await positionOf(house, short)).toMatchObject({ lots: -2n, cost_ticks: -40_200n, margin_minor: 20_000n });
    expect(await contractOf(house, id)).toMatchObject({
      state: "settled",
      roll_contract_id: next,
      rolled_positions: 2,
    });
    expect(await refusal(long)).toBe("accepted");
    expect(await brokenBooks(house.db)).toEqual([]);
  });

  test("does not roll the position of an account in stop-out, and says so", async () => {
    const id = await anEndedContract(house, { long, short }, "roll");
    await listed();
    await house.db.app("accounts").where({ id: long.accountId }).update({ margin_stage: "stop-out" });
    await expire(house);
    expect((await positionOf(house, long)).lots).toBe(0n);
    expect((await positionOf(house, short)).lots).toBe(-2n);
    const made = await house.db
      .app("contract_settlements")
      .where({ contract_id: id, account_id: long.accountId })
      .first();
    expect([made.not_rolled, made.roll_order_id]).toEqual(["stop-out", null]);
  });

  test("waits for the next contract and for its price, closing nothing meanwhile", async () => {
    const id = await listContract(house, { code: "MESZ6", from: -86_400, to: 3_600, action: "roll" });
    await trade(house, long, "buy", 1);
    await storeQuote(house, "MES", { seq: 101, bid: 20_010, ask: 20_012, seconds: -20 });
    await endContract(house, id, 10);
    expect(await expire(house)).toBe(0);
    expect(await contractOf(house, id)).toMatchObject({ state: "settling", waits_for: "next-contract" });
    await listed();
    expect(await expire(house)).toBe(0);
    expect(await contractOf(house, id)).toMatchObject({ waits_for: "next-price" });
    expect((await positionOf(house, long)).lots).toBe(1n);
    await storeQuote(house, "MES", { seq: 102, bid: 20_050, ask: 20_051, seconds: 0 });
    expect(await expire(house)).toBe(1);
    expect(await contractOf(house, id)).toMatchObject({ state: "settled", waits_for: null });
  });
});

describe("a contract without a final price", () => {
  test("waits and says so, and is settled when there is one; no price is made up", async () => {
    const id = await listContract(house, { code: "MESZ6", from: -86_400, to: 3_600, maxAgeS: 60 });
    await trade(house, long, "buy", 1);
    await storeQuote(house, "MES", { seq: 101, bid: 20_010, ask: 20_012, seconds: -600 });
    await endContract(house, id, 10);
    expect(await expire(house)).toBe(0);
    expect(await contractOf(house, id)).toMatchObject({
      state: "settling",
      waits_for: "final-price",
      final_quote_seq: null,
    });
    expect((await positionOf(house, long)).lots).toBe(1n);
    await house.db.app("contracts").where({ id }).update({ final_quote_max_age_s: 3_600 });
    expect(await expire(house)).toBe(1);
    expect((await fillsOf(house, long)).at(-1)).toMatchObject({ price_ticks: 20_010n });
  });
});
