import { createHash } from "node:crypto";
import type { TraderIdentity } from "#contracts/identity.ts";
import type { OrderAnswer } from "#contracts/trading-api.ts";
import { type Exposure, noExposure, type PendingOrder } from "#core/exposure.ts";
import type { Instrument } from "#core/instrument.ts";
import { type AcceptedOrder, decideOrder, type OrderIntent } from "#core/order.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { lots, minorUnits } from "#core/units.ts";
import { newId } from "../../platform/ids.ts";
import { refused } from "./answers.ts";
import { writeChecks } from "./check-rows.ts";
import { contextOf, type Rules } from "./decision-context.ts";
import type { Desk } from "./desk.ts";
import { intentOf, type Wanted } from "./order-intent.ts";
import type { NewOrder } from "./orders.store.ts";
import type { AcceptPorts } from "./ports.ts";
import type { RefusedOrder } from "./refusals.store.ts";

/** One order that waits for acceptance. The account is not trusted to be the trader's until it is locked. */
export interface Submission {
  readonly traderId: string;
  readonly accountId: string;
  readonly clientOrderId: string;
  /** Hash of what was asked for: the same id with another hash is another order. */
  readonly bodyHash: Buffer;
  readonly instrumentId: string;
  readonly want: Wanted;
}

/** A submission with the hash of what it asks for. */
export const submissionOf = (
  trader: TraderIdentity,
  accountId: string,
  instrumentId: string,
  clientOrderId: string,
  want: Wanted,
): Submission => ({
  traderId: trader.traderId,
  accountId,
  clientOrderId,
  bodyHash: hashOf([instrumentId, want]),
  instrumentId,
  want,
});

const hashOf = (parts: unknown): Buffer =>
  createHash("sha256")
    .update(JSON.stringify(parts, (_key, part) => (typeof part === "bigint" ? part.toString() : part)))
    .digest();

/** A no with its reason; `order`: what was refused, for the log, where it was understood. */
export interface Refusal {
  readonly answer: OrderAnswer;
  readonly order: RefusedOrder | null;
}

/** Decides one submission against its locked account; an accepted one is entered on the desk for those that follow. */
export function decideSubmission(
  ports: AcceptPorts,
  desk: Desk,
  rules: Rules,
  one: Submission,
): Result<NewOrder, Refusal> {
  const { account } = desk;
  const instrument = ports.market.instrument(one.instrumentId);
  if (instrument === undefined || instrument.terms.currency !== account.currency)
    return refuse({ answer: refused("UNKNOWN_INSTRUMENT", []), order: null });
  const exposure = desk.exposures.get(instrument.id) ?? noExposure(instrument.terms);
  const intent = intentOf(one.want, instrument, exposure, ports.clock.now());
  if (!intent.ok) return refuse({ answer: intent.refusal, order: null });
  const quote = ports.market.latestTradable(instrument.id);
  const context = contextOf(ports, rules, desk, instrument, exposure, quote);
  const decision = decideOrder(intent.value, context);
  if (!decision.ok) {
    const { code, checks } = decision.refusal;
    const order = { account, clientOrderId: one.clientOrderId, instrument, intent: intent.value, quote, code, checks };
    return refuse({ answer: refused(code, checks, account.currency), order });
  }
  if (quote === undefined) throw new Error(`an order for ${instrument.id} was accepted without a quote`);
  enter(desk, instrument, exposure, intent.value, decision.value);
  rules.facts.enter(account, instrument, intent.value);
  const { clientOrderId, bodyHash } = one;
  return ok({
    id: newId(),
    account,
    clientOrderId,
    bodyHash,
    instrument,
    intent: intent.value,
    quote,
    waits: decision.value.waits,
    checkRows: writeChecks(decision.value.checks),
  });
}

/** Enters an accepted order on the desk: its line, and its place among those that are due or wait. */
export function enter(
  desk: Desk,
  instrument: Instrument,
  exposure: Exposure,
  intent: OrderIntent,
  order: AcceptedOrder,
): void {
  // An exit is never refused for money, even one that makes waiting orders reach further: its line takes what there is.
  const free = desk.balance - desk.held;
  const most = exposure.marginHeld + (free > 0n ? free : 0n);
  const marginHeld = intent.reduceOnly ? exposure.marginHeld : minorUnits(order.line < most ? order.line : most);
  desk.held = minorUnits(desk.held + marginHeld - exposure.marginHeld);
  desk.exposures.set(instrument.id, {
    ...withOrder(exposure, instrument, intent, order),
    terms: order.opens > 0n ? instrument.terms : exposure.terms,
    marginHeld,
  });
  desk.waiting += 1;
}

function withOrder(exposure: Exposure, instrument: Instrument, intent: OrderIntent, order: AcceptedOrder): Exposure {
  const { side, lots: size, reduceOnly } = intent;
  if (order.waits) {
    const { resting } = exposure;
    return reduceOnly ? exposure : { ...exposure, resting: { ...resting, [side]: lots(resting[side] + size) } };
  }
  const { feePerSide } = instrument.terms;
  const due: PendingOrder = { side, lots: size, price: order.price, reduceOnly, origin: "trader", feePerSide };
  return { ...exposure, pending: [...exposure.pending, due] };
}
