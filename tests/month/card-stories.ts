import { expect } from "@jest/globals";
import { collectDebt } from "../../server/capabilities/deposits/index.ts";
import type { Payment } from "../support/stripe-peer.ts";
import { cents } from "./facts.ts";
import { ann, type Month, type Person } from "./house.ts";

const fee = 50n;

type Story = (month: Month, person: Person, amount: string) => Promise<void>;

/** A card payment that was credited. */
async function paidByCard({ cards }: Month, { account }: Person, amount: string) {
  const paid = await cards.paid(account, amount);
  return { ...paid, gross: cents(amount) };
}

const factOf = ({ id }: Payment, amount: bigint, state = "credited") =>
  ({ channel: "stripe", paymentNo: id, amount, state }) as const;

const plain: Story = async (month, person, amount) => {
  const { payment, gross } = await paidByCard(month, person, amount);
  month.facts.came(factOf(payment, gross), person.account, gross - fee);
};

/** Stripe is down while the trader asks to pay, and tells of it twice and late: asked anew, he pays once. */
const downFirst: Story = async (month, person, amount) => {
  const { cards, facts } = month;
  cards.stripe.behaviour.is = "says-500";
  const asked = await cards.request(person.account, amount, { channel: "stripe" });
  expect(asked).toMatchObject({ ok: true, value: { state: "unknown" } });
  cards.stripe.behaviour.is = "up";
  const { pay_url } = await cards.requested(person.account, amount, { channel: "stripe" });
  const payment = cards.stripe.pay(pay_url);
  const event = cards.stripe.event("payment_intent.succeeded", payment);
  for (let time = 0; time < 5; time++) await cards.send(event);
  await Promise.all([cards.settle(), cards.settle()]);
  facts.came(factOf(payment, cents(amount)), person.account, cents(amount) - fee);
};

/** A part is given back, told five times and in the wrong order. */
const refunded: Story = async (month, person, amount) => {
  const { cards, facts } = month;
  const { payment, gross } = await paidByCard(month, person, amount);
  const part = Number(gross) / 4;
  const early = cards.stripe.event("charge.refunded", { ...cards.stripe.refund(payment, Math.floor(part)) });
  const inAll = Math.floor(part * 2);
  const late = cards.stripe.event("charge.refunded", { ...cards.stripe.refund(payment, inAll) });
  for (const event of [late, early, late, early, late]) {
    await cards.send(event);
    await cards.settle();
  }
  facts.came(factOf(payment, gross), person.account, gross - fee);
  facts.wentBack("stripe", BigInt(inAll), person.account, BigInt(inAll));
};

const disputeWon: Story = async (month, person, amount) => {
  const { cards, facts } = month;
  const { payment, gross } = await paidByCard(month, person, amount);
  const dispute = cards.stripe.dispute(payment);
  await cards.tell("charge.dispute.funds_withdrawn", dispute);
  await cards.tell("charge.dispute.closed", Object.assign(dispute, { status: "won" }));
  // Given back without a second fee, as taking it back had given the first one back.
  facts.came(factOf(payment, gross), person.account, gross);
};

/** Lost when the money is gone: owed, and collected by a person from what comes later. */
const disputeLost: Story = async (month, _person, amount) => {
  const { cards, facts, house } = month;
  const own = await month.join("USD");
  const { id, payment, gross } = await paidByCard(month, own, amount);
  await house.fund(own.account, -(gross / 2n));
  facts.move(own.account, -(gross / 2n));
  await cards.tell("charge.dispute.funds_withdrawn", cards.stripe.dispute(payment, { status: "lost" }));
  expect(await cards.row(id)).toMatchObject({ state: "reversed", owed_minor: gross / 2n });
  facts.came(factOf(payment, gross, "reversed"), own.account, gross - fee);
  facts.wentBack("stripe", gross, own.account, gross - fee - gross / 2n);
  const later = await paidByCard(month, own, amount);
  facts.came(factOf(later.payment, gross), own.account, gross - fee);
  for (const part of [gross / 4n, gross / 2n - gross / 4n]) {
    const wanted = { id, note: "agreed", amount: `${part / 100n}.${String(part % 100n).padStart(2, "0")}` };
    expect(await cards.deps.transact(ann, (work) => collectDebt(work, month.chain.deps, ann, wanted))).toMatchObject({
      ok: true,
    });
    facts.move(own.account, -part);
  }
};

export const cardStories = { plain, downFirst, refunded, disputeWon, disputeLost } satisfies Record<string, Story>;
