import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Payment } from "../../support/stripe-peer.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";
import { type TestCards, testCards } from "./card-support.ts";
import { person } from "./support.ts";

const [ann, ben] = [person("Ann"), person("Ben")];
let cards: TestCards;
let account: TestAccount;

beforeAll(async () => {
  cards = await testCards();
});
afterAll(() => cards?.close());
beforeEach(async () => {
  account = await cards.house.openAccount(0n);
});
afterEach(async () => expect(await brokenBooks(cards.house.db)).toEqual([]));

/** Money that leaves the account by hand, as a loss would. */
const lose = (amount: bigint) => cards.house.fund(account, -amount);
const refunded = async (payment: Payment, inAll: number): Promise<void> =>
  cards.tell("charge.refunded", cards.stripe.refund(payment, inAll));
const stateOf = async (): Promise<string> =>
  (await cards.house.db.app("accounts").where({ id: account.accountId }).first()).state;

describe("a refund", () => {
  test("of a part takes that part out of the account, and the rest of it takes the rest and gives the fee back", async () => {
    const clearing = await cards.ofHouse("clearing.stripe");
    const { id, payment } = await cards.paid(account, "100.00");
    await refunded(payment, 3_000);
    expect(await cards.row(id)).toMatchObject({ state: "credited", taken_back_minor: 3_000n, owed_minor: 0n });
    expect(await cards.balance(account)).toBe(6_950n);
    expect(await cards.ofHouse("clearing.stripe")).toBe(clearing - 7_000n);
    await refunded(payment, 3_000);
    expect(await cards.balance(account)).toBe(6_950n);
    await refunded(payment, 4_500);
    expect(await cards.balance(account)).toBe(5_450n);
    await refunded(payment, 10_000);
    expect(await cards.row(id)).toMatchObject({ state: "reversed", taken_back_minor: 10_000n, owed_minor: 0n });
    expect(await cards.balance(account)).toBe(0n);
    expect(await cards.ofHouse("clearing.stripe")).toBe(clearing);
  });

  test("of a part that the account does not cover leaves a debt and an account that may only close", async () => {
    const { id, payment } = await cards.paid(account, "100.00");
    await lose(8_000n);
    await refunded(payment, 3_000);
    expect(await cards.row(id)).toMatchObject({ state: "credited", taken_back_minor: 3_000n, owed_minor: 1_050n });
    expect([await cards.balance(account), await stateOf()]).toEqual([0n, "close-only"]);
  });

  test("that was made before the payment was ever settled credits the payment and takes the part, at once after", async () => {
    const { id, pay_url } = await cards.requested(account, "100.00");
    const payment = cards.stripe.pay(pay_url);
    cards.stripe.refund(payment, 2_500);
    await cards.tell("payment_intent.succeeded", payment);
    await cards.settle();
    expect(await cards.row(id)).toMatchObject({ state: "credited", taken_back_minor: 2_500n, next_poll_at: null });
    expect(await cards.balance(account)).toBe(7_450n);
  });

  test("of money that is kept apart takes it from there; what is left is credited by a person", async () => {
    const kept = await cards.ofHouse("suspense.unmatched");
    const { id, pay_url } = await cards.requested(account, "100.00");
    const payment = cards.stripe.pay(pay_url, { amount: 12_000 });
    await cards.tell("payment_intent.succeeded", payment);
    await refunded(payment, 2_000);
    expect(await cards.row(id)).toMatchObject({ state: "overpaid", received_minor: 12_000n, taken_back_minor: 2_000n });
    expect(await cards.ofHouse("suspense.unmatched")).toBe(kept + 10_000n);
    expect(await cards.decide(ann, { id, decision: "match" })).toMatchObject({ ok: true });
    expect(await cards.balance(account)).toBe(9_950n);
    await refunded(payment, 12_000);
    expect(await cards.balance(account)).toBe(0n);
  });

  test("told five times and in the wrong order is one refund", async () => {
    const { payment } = await cards.paid(account, "100.00");
    const early = cards.stripe.event("charge.refunded", { ...cards.stripe.refund(payment, 1_000) });
    const late = cards.stripe.event("charge.refunded", { ...cards.stripe.refund(payment, 6_000) });
    for (const event of [late, early, late, early, late]) {
      await cards.send(event);
      await cards.settle();
    }
    expect(await cards.balance(account)).toBe(3_950n);
  });

  test("that was decided on by hand first is not booked a second time", async () => {
    const { id, payment } = await cards.paid(account, "100.00");
    await cards.decide(ann, { id, decision: "reverse" });
    await refunded(payment, 10_000);
    await cards.tell("payment_intent.succeeded", payment);
    expect((await cards.row(id)).state).toBe("reversed");
    expect(await cards.balance(account)).toBe(0n);
  });
});

describe("a dispute", () => {
  test("takes the payment while it stands; lost, it stays gone", async () => {
    const { id, payment } = await cards.paid(account, "100.00");
    const dispute = cards.stripe.dispute(payment);
    await cards.tell("charge.dispute.created", dispute);
    await cards.tell("charge.dispute.funds_withdrawn", dispute);
    expect(await cards.row(id)).toMatchObject({ state: "reversed", taken_back_minor: 10_000n });
    expect(await cards.balance(account)).toBe(0n);
    await cards.tell("charge.dispute.closed", Object.assign(dispute, { status: "lost" }));
    expect((await cards.row(id)).state).toBe("reversed");
    const told = (await cards.events(id)).filter(({ source }) => source === "notice").map(({ status }) => status);
    expect(told).toEqual(["paid", "disputed", "reversed", "reversed"]);
  });

  test("that was won gives it back, without a second fee", async () => {
    const clearing = await cards.ofHouse("clearing.stripe");
    const { id, payment } = await cards.paid(account, "100.00");
    const dispute = cards.stripe.dispute(payment);
    await cards.tell("charge.dispute.funds_withdrawn", dispute);
    Object.assign(dispute, { status: "won" });
    await cards.tell("charge.dispute.funds_reinstated", dispute);
    await cards.tell("charge.dispute.closed", dispute);
    expect(await cards.row(id)).toMatchObject({
      state: "credited",
      taken_back_minor: 0n,
      fee_minor: 0n,
      ended_at: null,
    });
    expect(await cards.balance(account)).toBe(10_000n);
    expect(await cards.ofHouse("clearing.stripe")).toBe(clearing - 10_000n);
    const actions = await cards.house.db.app("audit_log").where({ object_id: id }).orderBy("id").pluck("action");
    expect(actions).toEqual(["request", "credit", "reverse", "give-back"]);
  });

  test("that was won settles what was owed for it first; the account's mode stays until a person lifts it", async () => {
    const receivable = await cards.ofHouse("receivable.trader");
    const { id, payment } = await cards.paid(account, "100.00");
    await lose(4_000n);
    const dispute = cards.stripe.dispute(payment);
    await cards.tell("charge.dispute.funds_withdrawn", dispute);
    // 99.50 less 40.00, and the fee of 0.50: 60.00 was there.
    expect(await cards.row(id)).toMatchObject({ state: "reversed", owed_minor: 4_000n });
    await cards.tell("charge.dispute.closed", Object.assign(dispute, { status: "won" }));
    expect(await cards.row(id)).toMatchObject({ state: "credited", owed_minor: 4_000n, collected_minor: 4_000n });
    expect([await cards.balance(account), await stateOf()]).toEqual([6_000n, "close-only"]);
    expect(await cards.ofHouse("receivable.trader")).toBe(receivable);
  });

  test("won, and lost when it is opened again, leaves the debt of the second time", async () => {
    const { id, payment } = await cards.paid(account, "100.00");
    await lose(9_950n);
    const first = cards.stripe.dispute(payment);
    await cards.tell("charge.dispute.funds_withdrawn", first);
    expect(await cards.row(id)).toMatchObject({ owed_minor: 9_950n });
    await cards.tell("charge.dispute.closed", Object.assign(first, { status: "won" }));
    expect(await cards.balance(account)).toBe(50n);
    await cards.tell("charge.dispute.funds_withdrawn", cards.stripe.dispute(payment));
    expect(await cards.row(id)).toMatchObject({ state: "reversed", owed_minor: 19_900n, collected_minor: 9_950n });
    expect(await cards.balance(account)).toBe(0n);
  });

  test("of a part takes a part, and gives it back when it is won", async () => {
    const { id, payment } = await cards.paid(account, "100.00");
    const dispute = cards.stripe.dispute(payment, { amount: 2_000 });
    await cards.tell("charge.dispute.created", dispute);
    expect(await cards.row(id)).toMatchObject({ state: "credited", taken_back_minor: 2_000n });
    await cards.tell("charge.dispute.closed", Object.assign(dispute, { status: "won" }));
    expect(await cards.row(id)).toMatchObject({ state: "credited", taken_back_minor: 0n, fee_minor: 50n });
    expect(await cards.balance(account)).toBe(9_950n);
  });

  test("that is only an enquiry takes nothing", async () => {
    const { id, payment } = await cards.paid(account, "100.00");
    await cards.tell("charge.dispute.created", cards.stripe.dispute(payment, { status: "warning_needs_response" }));
    expect(await cards.row(id)).toMatchObject({ state: "credited", taken_back_minor: 0n });
    expect(await cards.balance(account)).toBe(9_950n);
  });

  test("known before the payment leaves nothing to credit; won, what came is kept apart for a person", async () => {
    const { id, pay_url } = await cards.requested(account, "100.00");
    const payment = cards.stripe.pay(pay_url);
    const dispute = cards.stripe.dispute(payment);
    await cards.tell("charge.dispute.funds_withdrawn", dispute);
    const { deposit_id } = await cards.house.db.app("payment_events").where({ payment_no: payment.id }).first();
    expect(await cards.row(deposit_id)).toMatchObject({ state: "reversed", received_minor: null });
    expect((await cards.row(id)).state).toBe("waiting");
    await cards.tell("charge.dispute.closed", Object.assign(dispute, { status: "won" }));
    expect(await cards.row(deposit_id)).toMatchObject({
      state: "unmatched",
      received_minor: 10_000n,
      taken_back_minor: 0n,
    });
    expect(await cards.decide(ann, { id: deposit_id, decision: "match", accountId: account.accountId })).toMatchObject({
      ok: true,
    });
    expect(await cards.balance(account)).toBe(9_950n);
  });

  test("is taken back once by ten settlers at once", async () => {
    const { id, payment } = await cards.paid(account, "100.00");
    await cards.send(cards.stripe.event("charge.dispute.funds_withdrawn", cards.stripe.dispute(payment)));
    await Promise.all(Array.from({ length: 10 }, () => cards.settle()));
    expect(await cards.row(id)).toMatchObject({ state: "reversed", taken_back_minor: 10_000n });
    expect(await cards.balance(account)).toBe(0n);
  });
});

test("what a person took back is not given back by what the channel still says", async () => {
  const { id, payment } = await cards.paid(account, "20000.00");
  await cards.decide(ann, { id, decision: "reverse" });
  await cards.decide(ben, { id, decision: "reverse" });
  await cards.tell("charge.dispute.created", cards.stripe.dispute(payment, { status: "warning_needs_response" }));
  expect(await cards.row(id)).toMatchObject({ state: "reversed" });
  expect(await cards.balance(account)).toBe(0n);
});

test.each([
  ["JPY", "5000", 5_000, 4_950n],
  ["KWD", "5.250", 5_250, 5_200n],
])("an account in %s is asked for %s, which is %d at Stripe", async (currency, amount, atStripe, credited) => {
  const own = await cards.openIn(account, currency);
  const deposit = await cards.requested(own, amount);
  expect(cards.stripe.sessionAt(deposit.pay_url)).toMatchObject({
    amount_total: atStripe,
    currency: currency.toLowerCase(),
  });
  await cards.tell("payment_intent.succeeded", cards.stripe.pay(deposit.pay_url));
  expect(await cards.balance(own)).toBe(credited);
});

test("an amount that Stripe can't charge is refused before anything is written", async () => {
  const own = await cards.openIn(account, "KWD");
  const before = await cards.house.db.app("deposits").where({ account_id: own.accountId });
  const asked = await cards.request(own, "5.255", { channel: "stripe", requestId: randomUUID() });
  expect(asked).toMatchObject({ ok: false, refusal: { code: "AMOUNT_INVALID" } });
  expect(await cards.house.db.app("deposits").where({ account_id: own.accountId })).toEqual(before);
});
