import { expect } from "@jest/globals";
import { cents } from "./facts.ts";
import { ann, type Month, type Person } from "./house.ts";

const hourMs = 3_600_000;
const fee = 50n;
const taken = { status: 200, text: "success" };
const refused = { status: 400, text: "fail" };

/** A trader is told where to pay, and pays there so much. */
async function payAtGateway({ cards }: Month, { account }: Person, asked: string, amount = asked) {
  const deposit = await cards.requested(account, asked, { channel: "gateway" });
  const payment = cards.peer.pay(deposit.pay_url, { amount });
  return { deposit, payment, body: cards.peer.notice(payment) };
}

type Paid = Awaited<ReturnType<typeof payAtGateway>>;

/** The world's side of a payment that was credited whole. */
function credited({ facts }: Month, { account }: Person, { payment }: Paid): void {
  const amount = cents(payment.amount);
  const fact = { channel: "gateway", paymentNo: payment.tradeNo, amount, state: "credited" } as const;
  facts.came(fact, account, amount - fee);
}

type Story = (month: Month, person: Person, amount: string) => Promise<void>;

const plain: Story = async (month, person, amount) => {
  const paid = await payAtGateway(month, person, amount);
  expect(await month.cards.post(paid.body)).toEqual(taken);
  await month.cards.settle();
  credited(month, person, paid);
};

const fiveTimes: Story = async (month, person, amount) => {
  const { cards } = month;
  const paid = await payAtGateway(month, person, amount);
  const answers = await Promise.all(Array.from({ length: 5 }, () => cards.post(paid.body)));
  await Promise.all(Array.from({ length: 5 }, () => cards.settle()));
  expect([...answers, await cards.post(paid.body)]).toEqual(Array(6).fill(taken));
  await cards.settle();
  credited(month, person, paid);
};

const reordered: Story = async (month, person, amount) => {
  const { cards } = month;
  const paid = await payAtGateway(month, person, amount);
  const pending = cards.peer.notice(paid.payment, { status: "PENDING" });
  for (const body of [paid.body, pending, paid.body]) {
    await cards.post(body);
    await cards.settle();
  }
  credited(month, person, paid);
};

/** The time to pay is over when he pays, and the gateway tells of it an hour later. */
const hourLate: Story = async (month, person, amount) => {
  const { cards, house } = month;
  const deposit = await cards.requested(person.account, amount, { channel: "gateway" });
  await house.db
    .owner("deposits")
    .where({ id: deposit.id })
    .update({ expires_at: new Date(0) });
  await cards.due(deposit.id);
  await cards.settle();
  expect(await cards.row(deposit.id)).toMatchObject({ state: "expired" });
  const payment = cards.peer.pay(deposit.pay_url);
  const body = cards.peer.notice(payment);
  cards.time.aheadMs = hourMs;
  expect(await cards.post(body)).toEqual(taken);
  await cards.settle();
  cards.time.aheadMs = 0;
  credited(month, person, { deposit, payment, body });
};

const otherAmount: Story = async (month, person, amount) => {
  const { cards, facts } = month;
  const less = `${BigInt(amount.split(".")[0] ?? "0") - 1n}.99`;
  const paid = await payAtGateway(month, person, amount, less);
  await cards.post(paid.body);
  await cards.settle();
  expect(await cards.row(paid.deposit.id)).toMatchObject({ state: "underpaid" });
  // One of two is credited by a person as it came, the other one sent back.
  if (month.random.uniform() < 0.5) {
    await cards.decide(ann, { id: paid.deposit.id, decision: "match" });
    return credited(month, person, paid);
  }
  await cards.decide(ann, { id: paid.deposit.id, decision: "reject" });
  const fact = { channel: "gateway", paymentNo: paid.payment.tradeNo, amount: cents(less), state: "rejected" } as const;
  facts.came(fact, null);
  facts.beyond.gateway -= fact.amount;
};

const changedByte: Story = async (month, person, amount) => {
  const { cards } = month;
  const paid = await payAtGateway(month, person, amount);
  const changed = Buffer.from(paid.body);
  const place = Math.floor(month.random.uniform() * changed.length);
  changed[place] = (changed[place] ?? 0) ^ 1;
  expect(await cards.post(changed.toString("latin1"))).toEqual(refused);
  await cards.settle();
  expect(await cards.balance(person.account)).toBe(await balanceBefore(month, person));
  await cards.post(paid.body);
  await cards.settle();
  credited(month, person, paid);
};

const replayed: Story = async (month, person, amount) => {
  const { cards } = month;
  const paid = await payAtGateway(month, person, amount);
  await cards.post(paid.body);
  await cards.settle();
  credited(month, person, paid);
  cards.time.aheadMs = 25 * hourMs;
  expect(await cards.post(paid.body)).toEqual(refused);
  cards.time.aheadMs = 0;
};

const downForAnHour: Story = async (month, person, amount) => {
  const { cards } = month;
  for (const is of ["hangs-up", "says-500", "forges"] as const) {
    const paid = await payAtGateway(month, person, amount);
    cards.peer.behaviour.is = is;
    await cards.post(paid.body);
    for (let ask = 0; ask < 5; ask++) {
      await cards.due(paid.deposit.id);
      await cards.settle();
    }
    expect(await cards.row(paid.deposit.id)).toMatchObject({ state: "unknown" });
    cards.peer.behaviour.is = "up";
    await cards.due(paid.deposit.id);
    await cards.settle();
    credited(month, person, paid);
  }
};

const noticeLost: Story = async (month, person, amount) => {
  const paid = await payAtGateway(month, person, amount);
  await month.cards.due(paid.deposit.id);
  await month.cards.settle();
  credited(month, person, paid);
};

const paidTwice: Story = async (month, person, amount) => {
  const { cards, facts } = month;
  const paid = await payAtGateway(month, person, amount);
  await cards.post(paid.body);
  await cards.settle();
  credited(month, person, paid);
  const again = cards.peer.pay(paid.deposit.pay_url);
  await cards.post(cards.peer.notice(again));
  await cards.settle();
  const { tradeNo: paymentNo } = again;
  facts.came({ channel: "gateway", paymentNo, amount: cents(again.amount), state: "unmatched" }, null);
};

/** The payer's bank takes it all back; what the account does not have is owed, and collected when it has it. */
const chargedBack: Story = async (month, person, amount) => {
  const { cards, facts } = month;
  const paid = await payAtGateway(month, person, amount);
  await cards.post(paid.body);
  await cards.settle();
  const { deposit, payment } = paid;
  const reversal = { tradeNo: payment.tradeNo, orderNo: payment.orderNo, status: "CHARGEBACK" } as const;
  const back = cards.peer.pay(deposit.pay_url, reversal);
  await cards.post(cards.peer.notice(back));
  await cards.settle();
  expect(await cards.row(deposit.id)).toMatchObject({ state: "reversed", owed_minor: 0n });
  const gross = cents(payment.amount);
  const fact = { channel: "gateway", paymentNo: payment.tradeNo, amount: gross, state: "reversed" } as const;
  facts.came(fact, person.account, gross - fee);
  facts.wentBack("gateway", gross, person.account, gross - fee);
};

export const gatewayStories = {
  ...{ plain, fiveTimes, reordered, hourLate, otherAmount, changedByte, replayed, downForAnHour, noticeLost },
  ...{ paidTwice, chargedBack },
} satisfies Record<string, Story>;

const balanceBefore = async ({ cards }: Month, { account }: Person): Promise<bigint> => cards.balance(account);
