import type { QuoteLeaf } from "./quote-block.ts";
import type { QuoteRef, Receipt, ReceiptOrder } from "./receipt.ts";
import { type TriggerTerms, touch } from "./trigger.ts";
import { formatPrice, type PriceScale, parseDecimal, parsePrice, type Ticks, ticks } from "./units.ts";

/** Prices of a tradable leaf. */
interface Prices {
  readonly bid: Ticks;
  readonly ask: Ticks;
}

/** Whether the receipt's quote is the one that its order may be priced by, and the fill has just that price. */
export function followsPriceRule(receipt: Receipt): boolean {
  const { order, fill, quote, terms, rule } = receipt;
  const scale = scaleOf(receipt);
  const prices = pricesOf(quote);
  if (scale === null || prices === null || terms.instrument !== quote.instrument) return false;
  if (order.instrument !== quote.instrument || order.side !== fill.side || fill.quoteSeq !== quote.seq) return false;
  const named = order.trigger ?? order.acceptedAtQuote;
  if (rule.name !== (order.trigger === null ? "acceptance-quote" : "trigger-quote")) return false;
  if (!names(named, quote, prices, scale)) return false;
  const price = fill.side === "buy" ? prices.ask : fill.side === "sell" ? prices.bid : null;
  return price !== null && formatPrice(price, scale) === fill.price && lotsWithin(order.lots, fill.lots);
}

/** Whether the quote meets the order's own prices: its limit, its stop, the slippage it allowed, its expiry, its place in the stream. */
export function meetsOrder({ order, quote, ...rest }: Receipt): boolean {
  const scale = scaleOf({ quote, ...rest });
  const prices = pricesOf(quote);
  if (scale === null || prices === null || (order.side !== "buy" && order.side !== "sell")) return false;
  const priceOf = (text: string | null): Ticks | null => (text === null ? null : parsePrice(text, scale));
  const [limit, stop, quoted] = [order.limitPrice, order.stopPrice, order.quotedPrice].map(priceOf);
  if (order.trigger !== null) {
    const waiting = waitingOrder(order, { limit: limit ?? null, stop: stop ?? null });
    const seen = { ...prices, seq: BigInt(quote.seq), receivedAt: new Date(quote.receivedAt), flag: null };
    return waiting !== null && touch(waiting, seen, true) === "met";
  }
  const price = order.side === "buy" ? prices.ask : prices.bid;
  /** How much better than `bound` the fill is for this side, in ticks. */
  const betterBy = (bound: Ticks): bigint => (order.side === "buy" ? bound - price : price - bound);
  const slippage = order.maxSlippageTicks === null ? null : parseDecimal(order.maxSlippageTicks, 0);
  const slipped = quoted != null && slippage !== null && betterBy(quoted) < -slippage;
  return order.stopPrice === null && !slipped && (limit == null || betterBy(limit) >= 0n);
}

/** The order as the trigger rule knows it; null when it does not say since when it waited. */
function waitingOrder(
  { side, activeFromSeq, stopQuoteSeq, expiresAt }: ReceiptOrder,
  prices: Pick<TriggerTerms, "limit" | "stop">,
): TriggerTerms | null {
  const from = parseDecimal(activeFromSeq ?? "", 0);
  if (from === null || (prices.limit === null && prices.stop === null)) return null;
  return {
    ...prices,
    side: side === "buy" ? "buy" : "sell",
    stopQuoteSeq: parseDecimal(stopQuoteSeq ?? "", 0),
    activeFromSeq: from,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
  };
}

/** Whether lots x fee per side of the terms is the fee that was charged. */
export function feeFollows({ fill, terms }: Receipt): boolean {
  const [charged, perLot] = [fill.fee, terms.feePerSide].map((text) => parseDecimal(text, terms.currencyScale));
  const filled = parseDecimal(fill.lots, 0);
  if (charged == null || perLot == null || filled === null) return false;
  return fill.currency === terms.currency && charged === perLot * filled;
}

function scaleOf({ terms, quote }: Pick<Receipt, "terms" | "quote">): PriceScale | null {
  const tickSize = parseDecimal(terms.tickSize, terms.priceDecimals);
  if (tickSize === null || tickSize <= 0n || quote.tickSize !== terms.tickSize) return null;
  return { tickSize, decimals: terms.priceDecimals };
}

/** A flagged quote may price nothing. */
function pricesOf({ bidTicks, askTicks, flag }: QuoteLeaf): Prices | null {
  const [bid, ask] = [parseDecimal(bidTicks ?? "", 0), parseDecimal(askTicks ?? "", 0)];
  return bid === null || ask === null || flag !== null ? null : { bid: ticks(bid), ask: ticks(ask) };
}

const names = (named: QuoteRef, quote: QuoteLeaf, { bid, ask }: Prices, scale: PriceScale): boolean =>
  named.seq === quote.seq &&
  named.bid === formatPrice(bid, scale) &&
  named.ask === formatPrice(ask, scale) &&
  named.venueAt === quote.venueAt &&
  named.receivedAt === quote.receivedAt;

function lotsWithin(ordered: string, filled: string): boolean {
  const [most, some] = [parseDecimal(ordered, 0), parseDecimal(filled, 0)];
  return most !== null && some !== null && some > 0n && some <= most;
}
