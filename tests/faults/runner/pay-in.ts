import { setTimeout as sleep } from "node:timers/promises";
import { formatDecimal } from "#core/units.ts";
import { type Random, seededRandom } from "../../../server/platform/feeds/random.ts";
import type { Journey } from "../../support/notice-courier.ts";
import type { GatewayPayment } from "../../support/payment-gateway.ts";
import { persist } from "./client.ts";
import type { Outside } from "./outside.ts";
import type { PlannedAction } from "./plan.ts";
import { requestIdOf } from "./request-id.ts";
import type { TraderPorts } from "./trader.ts";

const dayMs = 24 * 3_600_000;
/** What a payer and his gateway make of a deposit that was asked for: by the action's chance, up to this. */
const ways = [
  [0.62, "paid"],
  [0.68, "underpaid"],
  [0.74, "overpaid"],
  [0.8, "paid-twice"],
  [0.86, "taken-back"],
  [0.9, "failed"],
  [0.95, "never-told"],
  [1, "left"],
] as const;
type Way = (typeof ways)[number][1];
const wayOf = (chance: number): Way => ways.find(([upTo]) => chance < upTo)?.[1] ?? "left";

/** A trader asks where to pay by the gateway, pays there well or badly, and the gateway tells of it well or badly. */
export async function payByGateway(ports: TraderPorts, action: PlannedAction, clientId: string): Promise<void> {
  const { person, session, journal, deadline, outside } = ports;
  const { accountId } = person;
  const cents = amountOf(action);
  const way = wayOf(action.chance);
  const what = `deposit of ${cents} cents, ${way}`;
  const entry = journal.open({ kind: "deposit", accountId, clientId, what, cents: 0, givesUp: action.givesUp });
  const amount = formatDecimal(cents, 2);
  const body = { requestId: requestIdOf(clientId), accountId, channel: "gateway", amount };
  let payUrl: string | null = null;
  await persist(
    entry,
    async (node) => {
      const answer = await session.send(node, "deposits", body);
      payUrl = (answer.body.deposit as { payUrl?: string | null } | undefined)?.payUrl ?? null;
      return answer;
    },
    { node: action.node, deadline },
  );
  // A page whose address never reached its trader is lost to him.
  if (payUrl !== null) await play(outside, { accountId, payUrl, cents, way, random: seededRandom(clientId) });
}

interface Played {
  readonly accountId: string;
  readonly payUrl: string;
  readonly cents: bigint;
  readonly way: Way;
  readonly random: Random;
}

async function play({ gateway, courier, facts }: Outside, of: Played): Promise<void> {
  const { accountId, payUrl, cents, way, random } = of;
  const fact = (payment: GatewayPayment, more: Partial<Outside["facts"][number]> = {}): void => {
    const received = BigInt(Math.round(Number(payment.amount) * 100));
    facts.push({
      channel: "gateway",
      number: payment.tradeNo,
      minor: received,
      ...{ accountId, end: "credited", twin: null, ...more },
    });
  };
  const tell = (payment: GatewayPayment): void => courier.send(journeysOf(gateway, payment, random));
  const amountBut = (by: bigint): { amount: string } => ({ amount: formatDecimal(cents + by, 2) });
  switch (way) {
    case "left":
      return;
    case "failed":
      return tell(gateway.pay(payUrl, { status: "FAILED" }));
    case "never-told":
      return fact(gateway.pay(payUrl));
    case "underpaid":
    case "overpaid": {
      const payment = gateway.pay(payUrl, amountBut(way === "underpaid" ? -1n : 250n));
      fact(payment);
      return tell(payment);
    }
    case "paid-twice": {
      const [one, other] = [gateway.pay(payUrl), gateway.pay(payUrl)];
      fact(one, { twin: other.tradeNo });
      fact(other, { twin: one.tradeNo, end: "rejected", accountId: null });
      tell(one);
      return tell(other);
    }
    case "taken-back": {
      const payment = gateway.pay(payUrl);
      fact(payment, { end: "reversed" });
      tell(payment);
      await sleep(random.exponential(3_000));
      payment.status = random.uniform() < 0.5 ? "CHARGEBACK" : "REFUNDED";
      return tell(payment);
    }
    case "paid": {
      const payment = gateway.pay(payUrl);
      fact(payment);
      return tell(payment);
    }
  }
}

/** The same notice once to five times, each late by its own time, with false ones among them. */
export function journeysOf(gateway: Outside["gateway"], payment: GatewayPayment, random: Random): readonly Journey[] {
  const notice = gateway.notice(payment);
  const journey = (body: string, isTrue: boolean): Journey => ({
    ...{ body, isTrue, to: Math.floor(random.uniform() * 2) },
    afterMs: Math.min(8_000, random.exponential(1_200)),
  });
  const copies = 1 + Math.floor(random.uniform() * 5);
  const journeys = Array.from({ length: copies }, () => journey(notice, true));
  if (random.uniform() < 0.3) journeys.push(journey(gateway.notice(payment, { status: "PENDING" }), true));
  // Signed, and with another amount than the gateway says when it is asked: that is for a person to look at.
  if (random.uniform() < 0.1) journeys.push(journey(gateway.notice(payment, { amount: "99999.00" }), true));
  if (random.uniform() < 0.3) journeys.push(journey(changedByte(notice, random), false));
  if (random.uniform() < 0.2) journeys.push(journey(replayed(gateway, payment), false));
  return journeys;
}

/** One digit of a value, or of the signature, becomes another one. */
export function changedByte(notice: string, random: Random): string {
  const places = [...notice.matchAll(/\d/g)].map(({ index }) => index);
  const at = places[Math.floor(random.uniform() * places.length)] ?? 0;
  return `${notice.slice(0, at)}${(Number(notice[at]) + 1) % 10}${notice.slice(at + 1)}`;
}

/** As somebody recorded it on another day. */
export const replayed = (gateway: Outside["gateway"], payment: GatewayPayment): string =>
  gateway.notice(payment, { timestamp: String(Math.floor((Date.now() - dayMs - 600_000) / 1_000)) });

const leastCents = 1_500;
export const amountOf = ({ cents }: PlannedAction): bigint => BigInt(Math.max(leastCents, Math.abs(cents)));

/** What becomes of a transfer to the house's bank account, by the action's chance, up to this. */
const transfers = [
  { upTo: 0.6, hasReference: true, payer: "himself" },
  { upTo: 0.75, hasReference: false, payer: "himself" },
  { upTo: 0.9, hasReference: true, payer: "a friend" },
  { upTo: 1, hasReference: false, payer: "a stranger" },
] as const;

/** A trader pays to the house's bank account: with his standing reference or without, in his own name or another's. */
export async function payByBank(ports: TraderPorts, action: PlannedAction): Promise<void> {
  const { person, session, outside, deadline } = ports;
  const { accountId, name } = person;
  const how = transfers.find(({ upTo }) => action.chance < upTo) ?? transfers[0];
  let reference = "";
  for (let round = 0; reference === "" && !deadline.isOver(); round++) {
    const answer = await session
      .get((action.node + round) % 2, `bank-details?accountId=${accountId}`)
      .catch(() => null);
    const [details] = (answer?.body.details ?? []) as { reference: string }[];
    if (details === undefined) await sleep(500);
    else reference = details.reference;
  }
  const text = how.hasReference ? reference : "for my account";
  const partyName = { himself: name, "a friend": "A Friend", "a stranger": "A Stranger" }[how.payer];
  const cents = amountOf(action);
  const number = outside.bank.receive({ cents, partyName, text });
  const isNobodys = how.payer === "a stranger";
  const end = isNobodys ? { end: "rejected", accountId: null } : { end: "credited", accountId };
  outside.facts.push({
    channel: "bank",
    number,
    minor: cents,
    twin: null,
    ...(end as Pick<Outside["facts"][number], "end" | "accountId">),
  });
}
