import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { DepositRow } from "../../../server/capabilities/deposits/index.ts";
import { anOrderRequest, brokenBooks, type TestAccount } from "../../support/trading.ts";
import { person, type TestDeposits, testDeposits } from "./support.ts";

const [ann, ben, cem] = [person("Ann"), person("Ben"), person("Cem")];
let cashier: TestDeposits;
let account: TestAccount;

beforeAll(async () => {
  cashier = await testDeposits();
});
afterAll(() => cashier?.close());
beforeEach(async () => {
  cashier.house.market.quote("MES", "5000.00", "5000.25");
  account = await cashier.house.openAccount(0n);
});
const balanced = async (): Promise<void> => expect(await brokenBooks(cashier.house.db)).toEqual([]);

/** A deposit whose payment came, of what amount and currency it did. */
async function paid(of: TestAccount, asked: string, received = asked): Promise<DepositRow> {
  const deposit = await cashier.requested(of, asked);
  await cashier.post(cashier.peer.notice(cashier.peer.pay(deposit.pay_url, { amount: received })));
  await cashier.settle();
  return cashier.row(deposit.id);
}

/** Money with a reference that nobody knows. */
async function unmatched(amount: string): Promise<DepositRow> {
  const deposit = await cashier.requested(await cashier.house.openAccount(0n), "10.00");
  const payment = cashier.peer.pay(deposit.pay_url, { amount });
  const [orderNo, tradeNo] = ["SOMETHING-ELSE", payment.tradeNo];
  await cashier.post(cashier.peer.notice(payment, { order_no: orderNo }));
  payment.orderNo = orderNo;
  await cashier.settle();
  return cashier.house.db.app("deposits").where({ payment_no: tradeNo }).first();
}

describe("money that nobody was told to pay", () => {
  test("stands in suspense and is credited to the account that two people name, above the limit", async () => {
    const kept = await cashier.ofHouse("suspense.unmatched");
    const row = await unmatched("1500.00");
    expect(row).toMatchObject({ state: "unmatched", account_id: null });
    expect(await cashier.ofHouse("suspense.unmatched")).toBe(kept + 150_000n);
    const { accountId } = account;
    const match = { id: row.id, decision: "match" } as const;
    expect(await cashier.decide(ann, match)).toMatchObject({ refusal: { code: "ACCOUNT_REQUIRED" } });
    expect(await cashier.decide(ann, { ...match, accountId: randomUUID() })).toMatchObject({
      refusal: { code: "UNKNOWN_ACCOUNT" },
    });
    expect(await cashier.decide(ann, { ...match, accountId })).toMatchObject({ ok: true });
    expect(await cashier.balance(account)).toBe(0n);
    expect(await cashier.decide(ann, { ...match, accountId })).toMatchObject({ refusal: { code: "SAME_REVIEWER" } });
    expect(await cashier.decide(ben, { ...match, accountId })).toMatchObject({ ok: true });
    expect(await cashier.balance(account)).toBe(149_950n);
    expect(await cashier.ofHouse("suspense.unmatched")).toBe(kept);
    expect(await cashier.decide(cem, { ...match, accountId })).toMatchObject({
      refusal: { code: "NOT_IN_THIS_STATE" },
    });
    await balanced();
  });

  test("is not credited by two people who name different accounts", async () => {
    const row = await unmatched("1500.00");
    const other = await cashier.house.openAccount(0n);
    await cashier.decide(ann, { id: row.id, decision: "match", accountId: account.accountId });
    await cashier.decide(ben, { id: row.id, decision: "match", accountId: other.accountId });
    expect((await cashier.row(row.id)).state).toBe("unmatched");
    expect([await cashier.balance(account), await cashier.balance(other)]).toEqual([0n, 0n]);
    await cashier.decide(ann, { id: row.id, decision: "match", accountId: other.accountId });
    expect(await cashier.balance(other)).toBe(149_950n);
    await balanced();
  });

  test("ten of the same person at once are one opinion; ten of two people are one credit", async () => {
    const row = await unmatched("1500.00");
    const match = { id: row.id, decision: "match", accountId: account.accountId } as const;
    await Promise.all(Array.from({ length: 10 }, () => cashier.decide(ann, match)));
    expect(await cashier.balance(account)).toBe(0n);
    await Promise.all(Array.from({ length: 10 }, () => cashier.decide(ben, match)));
    expect(await cashier.balance(account)).toBe(149_950n);
    await balanced();
  });

  test("can't be credited or sent back past the people, not even in the database", async () => {
    const { id } = await unmatched("1500.00");
    await cashier.decide(ann, { id, decision: "reject" });
    const now = cashier.house.db.owner.raw("clock_timestamp()");
    const write = (columns: object) => cashier.house.db.owner("deposits").where({ id }).update(columns);
    await expect(write({ decided_at: now })).rejects.toMatchObject({ constraint: "deposits_four_eyes" });
    await expect(write({ state: "rejected" })).rejects.toMatchObject({ constraint: "deposits_rejected_by_people" });
    const again = { review_2_by_id: ann.id, review_2_by: "Ann", review_2_at: now };
    await expect(write(again)).rejects.toMatchObject({ constraint: "deposits_two_people" });
    await expect(write({ received_minor: 1 })).rejects.toMatchObject({ constraint: "deposits_fixed" });
    await expect(write({ state: "waiting" })).rejects.toMatchObject({ constraint: "deposits_state_follows" });
  });
});

describe("money that came otherwise than asked", () => {
  test("too little: one person below the limit credits what came", async () => {
    const row = await paid(account, "50.00", "40.00");
    expect(row.state).toBe("underpaid");
    expect(await cashier.decide(ann, { id: row.id, decision: "match" })).toMatchObject({ ok: true });
    expect(await cashier.balance(account)).toBe(3_950n);
    await balanced();
  });

  test("too much: sent back, it has left the house, and the channel's reversal of it changes nothing more", async () => {
    const clearing = await cashier.ofHouse("clearing.gateway");
    const deposit = await cashier.requested(account, "50.00");
    const payment = cashier.peer.pay(deposit.pay_url, { amount: "60.00" });
    await cashier.post(cashier.peer.notice(payment));
    await cashier.settle();
    expect(await cashier.decide(ann, { id: deposit.id, decision: "reject" })).toMatchObject({ ok: true });
    payment.status = "REFUNDED";
    await cashier.post(cashier.peer.notice(payment));
    await cashier.settle();
    expect((await cashier.row(deposit.id)).state).toBe("rejected");
    expect(await cashier.ofHouse("clearing.gateway")).toBe(clearing);
    await balanced();
  });

  test("above a limit that was lowered since: a person looks at it", async () => {
    const deposit = await cashier.requested(account, "50.00");
    await cashier.house.db.app("payment_channels").update({ deposit_day_max_minor: 4_000 });
    await cashier.post(cashier.peer.notice(cashier.peer.pay(deposit.pay_url)));
    await cashier.settle();
    await cashier.house.db.app("payment_channels").update({ deposit_day_max_minor: null });
    const row = await cashier.house.db.app("deposits").where({ id: deposit.id }).first();
    expect(row.state).toBe("in-review");
    expect(row.checks).toContainEqual({ code: "DAY_LIMIT", passed: false, value: "50.00", limit: "40.00" });
    await balanced();
  });
});

describe("a chargeback", () => {
  const chargedBack = async (row: DepositRow): Promise<void> => {
    const payment = { tradeNo: row.payment_no ?? "", orderNo: row.reference ?? "", currency: "USD", amount: "1000.00" };
    cashier.peer.pay(row.pay_url ?? "", { ...payment, status: "CHARGEBACK" });
    await cashier.post(cashier.peer.notice({ ...payment, status: "CHARGEBACK" }));
    await cashier.settle();
  };

  test("takes all of it back, its fee too, while the trader has it", async () => {
    const clearing = await cashier.ofHouse("clearing.gateway");
    const row = await paid(account, "1000.00");
    await chargedBack(row);
    expect(await cashier.row(row.id)).toMatchObject({ state: "reversed", owed_minor: 0n });
    expect(await cashier.balance(account)).toBe(0n);
    expect(await cashier.ofHouse("clearing.gateway")).toBe(clearing);
    const { state } = await cashier.house.db.app("accounts").where({ id: account.accountId }).first();
    expect(state).toBe("active");
    await balanced();
  });

  test("after the money was traded away leaves a debt, an account that may only close, and balanced books", async () => {
    const row = await paid(account, "1000.00");
    await tradeAway(account);
    const left = await cashier.balance(account);
    expect(left).toBeLessThan(100_000n);
    const [receivable, clearing] = [
      await cashier.ofHouse("receivable.trader"),
      await cashier.ofHouse("clearing.gateway"),
    ];
    await chargedBack(row);
    // The fee of 0.50 comes back from the house; the rest of what the account lacks is owed.
    const owed = 100_000n - left - 50n;
    expect(await cashier.row(row.id)).toMatchObject({ state: "reversed", owed_minor: owed });
    expect(await cashier.balance(account)).toBe(0n);
    expect(await cashier.ofHouse("receivable.trader")).toBe(receivable - owed);
    expect(await cashier.ofHouse("clearing.gateway")).toBe(clearing + 100_000n);
    const { state } = await cashier.house.db.app("accounts").where({ id: account.accountId }).first();
    expect(state).toBe("close-only");
    await balanced();
  });

  test("told five times is one reversal", async () => {
    const row = await paid(account, "1000.00");
    for (const _ of Array(5)) await chargedBack(row);
    expect(await cashier.balance(account)).toBe(0n);
    await balanced();
  });

  test("that staff learn of by mail takes two people above the limit", async () => {
    const row = await paid(account, "1500.00");
    await cashier.decide(ann, { id: row.id, decision: "reverse" });
    expect(await cashier.balance(account)).toBe(149_950n);
    await cashier.decide(ben, { id: row.id, decision: "reverse" });
    expect(await cashier.balance(account)).toBe(0n);
    await balanced();
  });
});

/** Buys, the price falls by 20 points (100.00), sells. */
async function tradeAway(of: TestAccount): Promise<void> {
  for (const side of ["buy", "sell"] as const) {
    const placed = await cashier.house.desk.place(of.trader, anOrderRequest(of, { side, lots: "1" }));
    if (!("order" in placed)) throw new Error(placed.code);
    await cashier.house.settler()([placed.order.id]);
    cashier.house.market.quote("MES", "4980.00", "4980.25");
  }
}

test("a payment that was credited past the program a second time is named by the invariant", async () => {
  const row = await paid(account, "1000.00");
  await cashier.house.db.owner.raw(
    `INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg)
     SELECT tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, 100 FROM transfers WHERE group_id = ? AND leg = 0`,
    [row.id],
  );
  expect((await brokenBooks(cashier.house.db)).map(({ invariant }) => invariant)).toEqual([
    "I15 outside fact is credited once",
  ]);
});
