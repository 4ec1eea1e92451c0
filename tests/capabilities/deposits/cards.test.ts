import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";
import { type TestCards, testCards } from "./card-support.ts";

const hourMs = 3_600_000;
let cards: TestCards;
let account: TestAccount;

beforeAll(async () => {
  cards = await testCards();
});
afterAll(() => cards?.close());
beforeEach(async () => {
  account = await cards.house.openAccount(0n);
});
afterEach(async () => {
  Object.assign(cards.stripe.behaviour, { is: "up", indexed: true });
  cards.time.aheadMs = 0;
  expect(await brokenBooks(cards.house.db)).toEqual([]);
});

const taken = { status: 200, text: "ok" };

test("a card payment is credited less its fee when Stripe has told of it and confirms it", async () => {
  const clearing = await cards.ofHouse("clearing.stripe");
  const deposit = await cards.requested(account, "50.00");
  expect(cards.stripe.sessionAt(deposit.pay_url)).toMatchObject({
    ...{ amount_total: 5_000, currency: "usd", client_reference_id: deposit.reference },
    metadata: { reference: deposit.reference },
  });
  const payment = cards.stripe.pay(deposit.pay_url);
  expect(await cards.send(cards.stripe.event("payment_intent.succeeded", payment))).toEqual(taken);
  expect(await cards.balance(account)).toBe(0n);
  await cards.settle();
  expect(await cards.balance(account)).toBe(4_950n);
  expect(await cards.row(deposit.id)).toMatchObject({ state: "credited", payment_no: payment.id, next_poll_at: null });
  expect(await cards.ofHouse("clearing.stripe")).toBe(clearing - 5_000n);
});

test("the same event five times at once, then others of the same payment in any order, are one credit", async () => {
  const deposit = await cards.requested(account, "50.00");
  const payment = cards.stripe.pay(deposit.pay_url);
  const completed = cards.stripe.event("checkout.session.completed", cards.stripe.sessionAt(deposit.pay_url));
  const succeeded = cards.stripe.event("payment_intent.succeeded", payment);
  const failed = cards.stripe.event("payment_intent.payment_failed", { ...payment, status: "requires_payment_method" });
  expect(await Promise.all(Array.from({ length: 5 }, () => cards.send(completed)))).toEqual(Array(5).fill(taken));
  await Promise.all(Array.from({ length: 5 }, () => cards.settle()));
  for (const late of [failed, succeeded, completed, failed]) {
    expect(await cards.send(late)).toEqual(taken);
    await cards.settle();
  }
  expect(await cards.balance(account)).toBe(4_950n);
  const kept = (await cards.events(deposit.id)).map(({ source, status }) => `${source} ${status}`);
  expect(kept).toEqual(["notice paid", "answer paid", "notice failed", "notice paid"]);
});

test("an event an hour late, after the deposit has expired, is credited all the same", async () => {
  const deposit = await cards.requested(account, "50.00");
  const { db } = cards.house;
  await db
    .owner("deposits")
    .where({ id: deposit.id })
    .update({ expires_at: new Date(0) });
  await cards.due(deposit.id);
  await cards.settle();
  expect((await cards.row(deposit.id)).state).toBe("expired");
  cards.time.aheadMs = hourMs;
  await cards.tell("payment_intent.succeeded", cards.stripe.pay(deposit.pay_url));
  expect((await cards.row(deposit.id)).state).toBe("credited");
});

test("a card that is declined leaves the deposit waiting; the next try is credited", async () => {
  const deposit = await cards.requested(account, "50.00");
  const declined = cards.stripe.pay(deposit.pay_url, { status: "requires_payment_method" });
  await cards.tell("payment_intent.payment_failed", declined);
  expect((await cards.row(deposit.id)).state).toBe("waiting");
  Object.assign(declined, { status: "succeeded", amount_received: 5_000 });
  await cards.tell("payment_intent.succeeded", declined);
  expect(await cards.balance(account)).toBe(4_950n);
});

test("a page that nobody paid at and that has expired ends the deposit", async () => {
  const deposit = await cards.requested(account, "50.00");
  const session = Object.assign(cards.stripe.sessionAt(deposit.pay_url), { status: "expired" });
  await cards.tell("checkout.session.expired", session);
  expect(await cards.row(deposit.id)).toMatchObject({ state: "failed", next_poll_at: null });
});

describe("another amount", () => {
  test.each([
    [4_999, "underpaid"],
    [5_001, "overpaid"],
  ])("than was asked for (%d cents of 5000): what came is kept apart", async (amount, state) => {
    const deposit = await cards.requested(account, "50.00");
    await cards.tell("payment_intent.succeeded", cards.stripe.pay(deposit.pay_url, { amount }));
    expect(await cards.row(deposit.id)).toMatchObject({ state, received_minor: BigInt(amount) });
    expect(await cards.balance(account)).toBe(0n);
  });

  test("in a signed event than Stripe confirms: a person looks at it", async () => {
    const deposit = await cards.requested(account, "50.00");
    const payment = cards.stripe.pay(deposit.pay_url);
    await cards.tell("payment_intent.succeeded", { ...payment, amount_received: 500_000 });
    expect(await cards.row(deposit.id)).toMatchObject({ state: "in-review", received_minor: 5_000n });
  });

  test("in another currency: it is nobody's", async () => {
    const deposit = await cards.requested(account, "50.00");
    await cards.tell("payment_intent.succeeded", cards.stripe.pay(deposit.pay_url, { currency: "eur" }));
    expect((await cards.row(deposit.id)).state).toBe("waiting");
    const [event] = await cards.house.db.app("payment_events").where({ channel: "stripe", currency: "EUR" });
    expect(await cards.row(event.deposit_id)).toMatchObject({ state: "unmatched", account_id: null });
  });
});

describe("Stripe that does not answer", () => {
  const begun = (reference: string | null) => cards.stripe.calls.filter(({ key }) => key === reference).length;

  test.each(["silent", "says-500", "hangs-up", "says-429"] as const)(
    "(%s) when the page is asked for leaves unknown, is asked by reference, and is never asked for another page",
    async (is) => {
      cards.stripe.behaviour.is = is;
      const requestId = randomUUID();
      const ask = () => cards.request(account, "50.00", { channel: "stripe", requestId });
      const first = await ask();
      if (!first.ok) throw new Error("refused");
      const { reference } = first.value;
      // A connection that closed is tried once more by Stripe's library, with the same key.
      const once = begun(reference);
      expect(once).toBe(is === "hangs-up" ? 2 : 1);
      const again = await ask();
      if (!again.ok) throw new Error("refused");
      expect(again.value).toMatchObject({ id: first.value.id, state: "unknown", pay_url: null });
      for (const _ of Array(3)) {
        await cards.due(first.value.id);
        await cards.settle();
      }
      expect(await cards.row(first.value.id)).toMatchObject({ state: "unknown", polls: 3 });
      cards.stripe.behaviour.is = "up";
      await cards.due(first.value.id);
      await cards.settle();
      expect((await cards.row(first.value.id)).state).toBe("waiting");
      expect(begun(reference)).toBe(once);
      const pages = [...cards.stripe.sessions.values()].filter((one) => one.client_reference_id === reference);
      expect(pages).toHaveLength(is === "silent" ? 1 : 0);
    },
  );

  test("for an hour credits once when it is back, what was paid before and told meanwhile", async () => {
    const deposit = await cards.requested(account, "50.00");
    const payment = cards.stripe.pay(deposit.pay_url);
    cards.stripe.behaviour.is = "says-500";
    await cards.send(cards.stripe.event("payment_intent.succeeded", payment));
    for (const _ of Array(5)) {
      await cards.due(deposit.id);
      await cards.settle();
    }
    expect(await cards.row(deposit.id)).toMatchObject({ state: "unknown" });
    expect(await cards.balance(account)).toBe(0n);
    cards.stripe.behaviour.is = "up";
    await cards.due(deposit.id);
    await cards.settle();
    expect(await cards.balance(account)).toBe(4_950n);
  });
});

test("a payment whose event was lost is found by its reference, once Stripe's index has it", async () => {
  const deposit = await cards.requested(account, "50.00");
  cards.stripe.pay(deposit.pay_url);
  cards.stripe.behaviour.indexed = false;
  await cards.due(deposit.id);
  await cards.settle();
  expect((await cards.row(deposit.id)).state).toBe("waiting");
  cards.stripe.behaviour.indexed = true;
  await cards.due(deposit.id);
  await cards.settle();
  expect(await cards.balance(account)).toBe(4_950n);
});

test("what was told and what was answered is kept as it came, without a secret", async () => {
  const { id, payment } = await cards.paid(account, "50.00");
  const [told, answered] = (await cards.events(id)).map(({ body }) => body.toString());
  expect(JSON.parse(told).data.object).toEqual(payment);
  const charge = { object: "charge", id: payment.latest_charge, amount_refunded: 0, metadata: payment.metadata };
  expect(JSON.parse(answered)).toMatchObject({
    payment: { object: "payment_intent", ...payment, latest_charge: charge },
    disputes: [],
  });
  expect(Object.keys(JSON.parse(answered))).toEqual(["payment", "disputes"]);
  expect(told + answered).not.toMatch(/sk_test|whsec|Bearer/);
});

test("the same key gives the first page again, whatever is asked with it", async () => {
  const intent = { reference: "DEP-7K3Q9X4H", amount: "50.00", currency: "USD", nowMs: Date.now() };
  const [first, again] = [await cards.channel.begin(intent), await cards.channel.begin(intent)];
  expect(again).toEqual(first);
  expect(first?.payUrl).toMatch(/^https:\/\/checkout\.stripe\.com\//);
});
