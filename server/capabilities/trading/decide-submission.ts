import type { OrderAnswer } from "#contracts/trading-api.ts";
import { type Exposure, noExposure, type PendingOrder, project, projectedFunds } from "#core/exposure.ts";
import type { Instrument } from "#core/instrument.ts";
import { type AcceptedOrder, decideOrder, type OrderContext, type OrderIntent } from "#core/order.ts";
import { absolute } from "#core/position.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { type Lots, minorUnits, parsePrice } from "#core/units.ts";
import { newId } from "../../platform/ids.ts";
import type { LimitBook, StopBook } from "../risk/index.ts";
import { refused, wrongField } from "./answers.ts";
import type { Desk } from "./desk.ts";
import type { NewOrder } from "./orders.store.ts";
import type { AcceptPorts, ArrivedQuote } from "./ports.ts";

/** One order that waits for acceptance. The account is not trusted to be the trader's until it is locked. */
export interface Submission {
  readonly traderId: string;
  readonly accountId: string;
  readonly clientOrderId: string;
  /** Hash of what was asked for: the same id with another hash is another order. */
  readonly bodyHash: Buffer;
  readonly instrumentId: string;
  readonly want: WantedTrade | WantedExit;
}

export interface WantedTrade {
  readonly kind: "trade";
  readonly side: "buy" | "sell";
  readonly lots: Lots;
  /** As written; it can be read only with the instrument's tick size. */
  readonly quotedPrice: string | null;
  readonly maxSlippageTicks: bigint | null;
}

/** An exit takes its side from the position as it will be, and without lots all of it. */
export interface WantedExit {
  readonly kind: "exit";
  readonly lots: Lots | null;
}

/** Decides one submission against its locked account; an accepted one is entered on the desk for those that follow. */
export function decideSubmission(
  ports: AcceptPorts,
  desk: Desk,
  limits: LimitBook,
  stops: StopBook,
  one: Submission,
): Result<NewOrder, OrderAnswer> {
  const { account } = desk;
  const instrument = ports.market.instrument(one.instrumentId);
  if (instrument === undefined || instrument.terms.currency !== account.currency)
    return refuse(refused("UNKNOWN_INSTRUMENT", []));
  const exposure = desk.exposures.get(instrument.id) ?? noExposure(instrument.terms);
  const intent = intentOf(one, instrument, exposure);
  if (!intent.ok) return intent;
  const quote = ports.market.latestTradable(instrument.id);
  const context = {
    ...contextOf(ports, desk, instrument, exposure, quote, limits),
    stops: stops.of({ accountId: account.id, instrumentId: instrument.id }),
  };
  const decision = decideOrder(intent.value, context);
  if (!decision.ok) return refuse(refused(decision.refusal.code, decision.refusal.checks, account.currency));
  if (quote === undefined) throw new Error(`an order for ${instrument.id} was accepted without a quote`);
  enter(desk, instrument, exposure, intent.value, decision.value);
  const { clientOrderId, bodyHash } = one;
  return ok({
    id: newId(),
    account,
    clientOrderId,
    bodyHash,
    instrument,
    intent: intent.value,
    quote,
    decision: decision.value,
  });
}

/** Far above any price in ticks, far below what the database's bigint holds. */
const quotedTicksMax = 1_000_000_000_000n;

function intentOf(one: Submission, instrument: Instrument, exposure: Exposure): Result<OrderIntent, OrderAnswer> {
  if (one.want.kind === "exit") return ok(exitOf(one.want, exposure));
  const { side, quotedPrice, maxSlippageTicks } = one.want;
  const price = quotedPrice === null ? null : parsePrice(quotedPrice, instrument.terms.price);
  if (quotedPrice !== null && (price === null || price <= 0n || price > quotedTicksMax))
    return refuse(wrongField("quotedPrice", `must be a positive price on a tick of ${instrument.id}`));
  return ok({ side, lots: one.want.lots, reduceOnly: false, quotedPrice: price, maxSlippageTicks });
}

/** Of a position that is flat already nothing can be closed: the core refuses it with NO_POSITION. */
function exitOf(want: WantedExit, exposure: Exposure): OrderIntent {
  const { position } = project(exposure);
  const least = exposure.terms.minLots;
  const all = position.lots === 0n ? least : absolute(position.lots);
  return {
    side: position.lots < 0n ? "buy" : "sell",
    lots: want.lots ?? all,
    reduceOnly: true,
    quotedPrice: null,
    maxSlippageTicks: null,
  };
}

function contextOf(
  ports: AcceptPorts,
  desk: Desk,
  instrument: Instrument,
  exposure: Exposure,
  quote: ArrivedQuote | undefined,
  limits: LimitBook,
): Omit<OrderContext, "stops"> {
  const { account, balance, held } = desk;
  return {
    instrument,
    sessionOpen: ports.market.isOpen(instrument, quote),
    quote: quote ?? null,
    quoteAgeMs: quote === undefined ? null : ports.clock.elapsedMs() - quote.arrivedMs,
    accountState: account.state,
    workingOrders: desk.waiting,
    exposure,
    funds: projectedFunds(instrument.id, { balance, held }, desk.exposures, ports.market.latestTradable),
    limits: limits.of(account.trader_id, instrument.id),
  };
}

/** An exit is never refused for money, even one that makes waiting orders reach further: its line takes what there is. */
function enter(
  desk: Desk,
  instrument: Instrument,
  exposure: Exposure,
  intent: OrderIntent,
  order: AcceptedOrder,
): void {
  const free = desk.balance - desk.held;
  const most = exposure.marginHeld + (free > 0n ? free : 0n);
  const marginHeld = intent.reduceOnly ? exposure.marginHeld : minorUnits(order.line < most ? order.line : most);
  const pending: PendingOrder = {
    side: intent.side,
    lots: intent.lots,
    price: order.price,
    reduceOnly: intent.reduceOnly,
    origin: "trader",
    feePerSide: instrument.terms.feePerSide,
  };
  desk.held = minorUnits(desk.held + marginHeld - exposure.marginHeld);
  desk.exposures.set(instrument.id, {
    ...exposure,
    terms: order.opens > 0n ? instrument.terms : exposure.terms,
    marginHeld,
    pending: [...exposure.pending, pending],
  });
  desk.waiting += 1;
}
