import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";
import { type TestDeposits, testDeposits } from "./support.ts";

let cashier: TestDeposits;
let account: TestAccount;

/** A gateway that can't be asked: what it signs and sends is all that is known. */
beforeAll(async () => {
  cashier = await testDeposits({ canAsk: false });
});
afterAll(() => cashier?.close());
beforeEach(async () => {
  account = await cashier.house.openAccount(0n);
});

describe("a request", () => {
  test("sent twice is one deposit with one reference; with another amount it is refused", async () => {
    const requestId = randomUUID();
    const [first, again] = [
      await cashier.request(account, "50.00", { requestId }),
      await cashier.request(account, "50.00", { requestId }),
    ];
    if (!first.ok || !again.ok) throw new Error("refused");
    expect(again.value).toMatchObject({ id: first.value.id, reference: first.value.reference });
    expect(await cashier.request(account, "50.01", { requestId })).toMatchObject({
      refusal: { code: "REQUEST_ID_REUSED" },
    });
  });

  test.each([
    ["9.99", "AMOUNT_MIN"],
    ["50000.01", "AMOUNT_MAX"],
    ["50.001", "AMOUNT_INVALID"],
    ["0", "AMOUNT_INVALID"],
    ["-50.00", "AMOUNT_INVALID"],
  ])("of %s is refused: %s", async (amount, code) => {
    expect(await cashier.request(account, amount)).toMatchObject({ ok: false, refusal: { code } });
  });

  test("by a channel that is not offered, or to another trader's account, is refused", async () => {
    expect(await cashier.request(account, "50.00", { channel: "bank" })).toMatchObject({
      refusal: { code: "CHANNEL_CLOSED" },
    });
    expect(await cashier.request(account, "50.00", { accountId: randomUUID() })).toMatchObject({
      refusal: { code: "UNKNOWN_ACCOUNT" },
    });
  });

  test("is one of ten that may wait for their payment", async () => {
    const answers = await Promise.all(Array.from({ length: 14 }, () => cashier.request(account, "50.00")));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
    const codes = new Set(answers.flatMap((one) => (one.ok ? [] : [one.refusal.code])));
    expect([...codes]).toEqual(["TOO_MANY_OPEN"]);
  });
});

describe("a gateway that can't be asked", () => {
  test("is believed for its signature", async () => {
    const deposit = await cashier.requested(account, "50.00");
    await cashier.post(cashier.peer.notice(cashier.peer.pay(deposit.pay_url)));
    await cashier.settle();
    expect(await cashier.balance(account)).toBe(4_950n);
    expect(await brokenBooks(cashier.house.db)).toEqual([]);
  });

  test.each([
    ["paid before pending", ["SUCCESS", "PENDING"], "credited", 4_950n],
    ["failed, then paid at the second try", ["FAILED", "SUCCESS"], "credited", 4_950n],
    ["taken back before paid", ["CHARGEBACK", "SUCCESS"], "reversed", 0n],
    ["paid, taken back", ["SUCCESS", "REFUNDED"], "reversed", 0n],
  ] as const)("tells in any order: %s", async (_what, statuses, state, posted) => {
    const deposit = await cashier.requested(account, "50.00");
    const payment = cashier.peer.pay(deposit.pay_url);
    for (const status of statuses) {
      await cashier.post(cashier.peer.notice({ ...payment, status }));
      await cashier.settle();
    }
    expect((await cashier.row(deposit.id)).state).toBe(state);
    expect(await cashier.balance(account)).toBe(posted);
    expect(await brokenBooks(cashier.house.db)).toEqual([]);
  });

  test("two notices of one payment that name different amounts are looked at by a person", async () => {
    const deposit = await cashier.requested(account, "50.00");
    const payment = cashier.peer.pay(deposit.pay_url);
    await cashier.post(cashier.peer.notice(payment, { amount: "49.00" }));
    await cashier.post(cashier.peer.notice(payment));
    await cashier.settle();
    expect(await cashier.row(deposit.id)).toMatchObject({ state: "in-review", received_minor: 5_000n });
    expect(await brokenBooks(cashier.house.db)).toEqual([]);
  });

  test("lets a deposit expire that nobody paid", async () => {
    const deposit = await cashier.requested(account, "50.00");
    await cashier.house.db
      .owner("deposits")
      .where({ id: deposit.id })
      .update({ expires_at: new Date(0) });
    await cashier.due(deposit.id);
    await cashier.settle();
    expect(await cashier.row(deposit.id)).toMatchObject({ state: "expired", next_poll_at: null });
  });
});
