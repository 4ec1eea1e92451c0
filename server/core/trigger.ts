import type { Side } from "#contracts/names.ts";
import type { Quote } from "./quote.ts";
import { assert } from "./result.ts";
import type { Ticks } from "./units.ts";

/** What decides when a working order triggers. A limit order has no stop; a stop order has no limit; a stop-limit order has both. */
export interface TriggerTerms {
  readonly side: Side;
  readonly limit: Ticks | null;
  readonly stop: Ticks | null;
  /** Stop-limit: the quote at which its stop was reached; null: not yet, or it has none. */
  readonly stopQuoteSeq: bigint | null;
  /** The quote in force at acceptance or at the last amendment: only later ones count. */
  readonly activeFromSeq: bigint;
  /** A quote received at or after this moment no longer triggers it; null: no end. */
  readonly expiresAt: Date | null;
}

export type PricesWaitedFor = Pick<TriggerTerms, "side" | "limit" | "stop" | "stopQuoteSeq">;

/** What the rule reads of a quote. */
export type TriggerQuote = Pick<Quote, "seq" | "bid" | "ask" | "receivedAt" | "flag">;

/** A price that is waited for: a side of the quote that rises or falls to it. Being there is enough. */
export interface Crossing {
  readonly of: "bid" | "ask";
  readonly by: "rising" | "falling";
  readonly to: Ticks;
}

/** How far, in ticks, the quote lies beyond the price that was waited for: 0 just met, below 0 not met. */
export function beyond({ of, by, to }: Crossing, quote: Pick<Quote, "bid" | "ask">): bigint {
  return by === "rising" ? quote[of] - to : to - quote[of];
}

/**
 * The price an order waits for next. A buy fills at the ask, a sell at the bid, so these are the prices that must come: a limit
 * order waits for its price or better, a stop for its price or worse; a stop-limit order first for its stop, then for its limit.
 */
export function waitsFor({ side, limit, stop, stopQuoteSeq }: PricesWaitedFor): Crossing {
  const of = side === "buy" ? "ask" : "bid";
  if (stop !== null && (limit === null || stopQuoteSeq === null))
    return { of, by: side === "buy" ? "rising" : "falling", to: stop };
  assert(limit !== null, "an order without limit and stop does not wait");
  return { of, by: side === "buy" ? "falling" : "rising", to: limit };
}

/**
 * Whether a quote may trigger the order at all, whatever its prices: it has no flag, came after the order (or its amendment)
 * and before its expiry. That the session is open at the quote is the caller's to ask, once for all orders.
 */
export function mayTouch(order: TriggerTerms, quote: TriggerQuote): boolean {
  return (
    quote.flag === null &&
    quote.seq > order.activeFromSeq &&
    (order.expiresAt === null || quote.receivedAt.getTime() < order.expiresAt.getTime())
  );
}

/**
 * What a quote does to a waiting order. `stop-reached`: its stop made a limit order of it, which this quote does not fill.
 * `met`: it fills at this quote; a stop-limit order may have its stop reached by the very same one.
 */
export type Touch = "none" | "stop-reached" | "met";

/** The trigger rule. The one place that says it; the index only finds the orders to ask. */
export function touch(order: TriggerTerms, quote: TriggerQuote, sessionOpen: boolean): Touch {
  if (!sessionOpen || !mayTouch(order, quote)) return "none";
  if (beyond(waitsFor(order), quote) < 0n) return "none";
  if (!becomesLimit(order)) return "met";
  return beyond(waitsFor(withStopReached(order, quote.seq)), quote) < 0n ? "stop-reached" : "met";
}

/** Whether its stop, when reached, turns the order into a limit order. */
export const becomesLimit = ({ limit, stop, stopQuoteSeq }: TriggerTerms): boolean =>
  limit !== null && stop !== null && stopQuoteSeq === null;

export const withStopReached = <Order extends TriggerTerms>(order: Order, stopQuoteSeq: bigint): Order => ({
  ...order,
  stopQuoteSeq,
});

/** How an order's wait went: the quote that reached its stop, and the one it fills at. */
export interface Triggered<OneQuote> {
  readonly stopQuoteSeq: bigint | null;
  readonly quote: OneQuote | null;
}

/**
 * The trigger of an order by the stored quotes alone, in the order of their seq: the first one that meets it. Whoever learns of
 * an order late finds the same quote as one who knew it at once.
 */
export function firstTrigger<OneQuote extends TriggerQuote>(
  order: TriggerTerms,
  quotes: Iterable<OneQuote>,
  isOpen: (quote: OneQuote) => boolean,
): Triggered<OneQuote> {
  let waiting = order;
  for (const quote of quotes) {
    const touched = touch(waiting, quote, isOpen(quote));
    if (touched === "none") continue;
    if (becomesLimit(waiting)) waiting = withStopReached(waiting, quote.seq);
    if (touched === "met") return { stopQuoteSeq: waiting.stopQuoteSeq, quote };
  }
  return { stopQuoteSeq: waiting.stopQuoteSeq, quote: null };
}
