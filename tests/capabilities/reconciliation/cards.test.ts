import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { TestAccount } from "../../support/trading.ts";
import { type TestCards, testCards } from "../deposits/card-support.ts";
import { type Compared, compareNow, tasksOf } from "./support.ts";

let cards: TestCards;
let account: TestAccount;

beforeEach(async () => {
  cards = await testCards();
  account = await cards.house.openAccount(0n);
});
afterEach(() => cards?.close());

const compare = (): Promise<Compared> =>
  compareNow(cards.house.db.app, {
    ...{ tenantId: cards.house.tenantId, channel: "stripe", channels: [cards.channel], chains: [] },
  });
const tasks = () => tasksOf(cards.house.db.app);

test("charges match what was credited, gross; Stripe's fees explain what its balance is less", async () => {
  const one = await cards.paid(account, "100.00");
  const two = await cards.paid(account, "250.00");
  const run = await compare();
  expect([...run.items].sort()).toEqual([`${one.id} matched 10000 10000`, `${two.id} matched 25000 25000`].sort());
  expect(run.totals).toMatchObject([
    { currency: "USD", matched: 2, ours_minor: 35_000n, theirs_minor: 34_940n, aside_minor: -60n, explained_minor: 0n },
  ]);
  expect(await tasks()).toEqual([]);
});

test("a card that was charged and never told of is only theirs, under its deposit", async () => {
  const { id, pay_url } = await cards.requested(account, "80.00");
  cards.stripe.pay(pay_url);
  expect((await compare()).items).toEqual([`${id} only-theirs 0 8000`]);
});

test("refunds and disputes count on both sides once they are told, and their fee with the fees", async () => {
  const { id, payment } = await cards.paid(account, "100.00");
  const charge = cards.stripe.refund(payment, 3_000);
  expect((await compare()).items).toEqual([`${id} differs 10000 7000`]);
  await cards.tell("charge.refunded", charge);
  expect((await compare()).items).toEqual([`${id} matched 7000 7000`]);
  const dispute = cards.stripe.dispute(payment, { amount: 7_000 });
  await cards.tell("charge.dispute.created", dispute);
  const run = await compare();
  expect(run.items).toEqual([]);
  expect(run.totals).toMatchObject([{ ours_minor: 0n, theirs_minor: -1_530n, aside_minor: -1_530n }]);
  expect(await tasks()).toEqual([`${id} matched 10000 7000`]);
});

test("what Stripe pays out to the house's bank is a task of its own, and explains the balance", async () => {
  await cards.paid(account, "100.00");
  cards.stripe.book("payout", -5_000, "usd", { id: "txn_payout" });
  const run = await compare();
  expect(run.items).toContain("line txn_payout only-theirs 0 -5000");
  expect(run.totals).toMatchObject([{ theirs_minor: 4_970n, explained_minor: -5_000n }]);
  expect(await tasks()).toEqual(["line txn_payout open 0 -5000"]);
});

test("money in the balance that no line explains is a task; it ends when it is explained", async () => {
  await cards.paid(account, "100.00");
  cards.stripe.book("charge", 1_234, "usd", { id: "txn_old", created: 1_600_000_000 });
  await compare();
  expect(await tasks()).toEqual(["balance open 0 1234"]);
  cards.stripe.book("adjustment", -1_234, "usd", { id: "txn_older", created: 1_600_000_000 });
  await compare();
  expect(await tasks()).toEqual(["balance matched 0 1234"]);
});

test("a statement of many lists is read whole; a payment in another currency counts in the payer's", async () => {
  cards.stripe.behaviour.listed = 1;
  const yen = await cards.openIn(account, "JPY");
  const inYen = await cards.paid(yen, "9000");
  const inDollars = await cards.paid(account, "100.00");
  await cards.paid(account, "20.00");
  const run = await compare();
  expect(run.items).toContain(`${inYen.id} matched 9000 9000`);
  expect(run.items).toContain(`${inDollars.id} matched 10000 10000`);
  const source = { object: "charge", amount: 700, currency: "jpy", payment_intent: inYen.payment.id };
  cards.stripe.book("charge", 450, "usd", { source });
  expect((await compare()).items).toContain(`${inYen.id} differs 9000 9700`);
});

test.each(["silent", "says-500", "hangs-up", "says-429"] as const)(
  "Stripe that is %s leaves the run incomplete",
  async (is) => {
    await cards.paid(account, "100.00");
    cards.stripe.behaviour.is = is;
    expect(await compare()).toMatchObject({ state: "incomplete", problem: "NO_ANSWER", items: [] });
    expect(await tasks()).toEqual([]);
  },
);
