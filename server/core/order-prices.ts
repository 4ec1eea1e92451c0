import type { OrderCheck, OrderContext, OrderIntent } from "./order.ts";
import { beyond, waitsFor } from "./trigger.ts";
import { formatPrice, type PriceScale, type Ticks, ticks } from "./units.ts";

/**
 * A limit or stop price may be at most this far from the market, in per cent of it: an erroneous price is refused before it costs.
 * Source: CME Group, price limits of equity index futures, the widest of the day (20 %).
 */
export const priceBandPercent = 20n;

type Quote = NonNullable<OrderContext["quote"]>;

/** The price a market order of this side would fill at. */
export const marketPrice = ({ side }: Pick<OrderIntent, "side">, quote: Quote): Ticks =>
  side === "buy" ? quote.ask : quote.bid;

/** Whether an order waits for its price: a stop always does, a limit order unless it can fill at once or not at all. */
export function waitsForPrice(intent: OrderIntent, quote: Quote | null): boolean {
  if (intent.type === "market") return false;
  if (intent.type !== "limit") return true;
  if (isImmediate(intent)) return false;
  return quote === null || beyond(waitsFor(crossing(intent)), quote) < 0n;
}

/** Orders fill whole or not at all, so both kinds mean the same here: now, or refused. */
const isImmediate = ({ timeInForce }: OrderIntent): boolean => timeInForce === "ioc" || timeInForce === "fok";

const crossing = ({ side, limitPrice, stopPrice }: OrderIntent) => ({
  side,
  limit: limitPrice,
  stop: stopPrice,
  stopQuoteSeq: null,
});

/** All checks of an order's prices and of the time it may wait, in the order of precedence. */
export function priceChecks(intent: OrderIntent, context: OrderContext, waits: boolean): OrderCheck[] {
  const { quote } = context;
  const scale = context.instrument.terms.price;
  if (quote === null) return [...tickChecks(intent, scale), ...expiryChecks(intent, context)];
  return [
    ...tickChecks(intent, scale),
    ...bandChecks(intent, quote, scale),
    ...stopSideChecks(intent, quote, scale),
    ...bracketChecks(intent, entryPrice(intent, quote, waits), scale),
    ...expiryChecks(intent, context),
    ...marketableChecks(intent, quote, scale),
    ...slippageChecks(intent, quote, scale),
  ];
}

export function tickChecks({ offTick }: Pick<OrderIntent, "offTick">, scale: PriceScale): OrderCheck[] {
  return offTick.map((text) => ({
    code: "PRICE_TICK",
    passed: false,
    limit: formatPrice(ticks(1n), scale),
    value: text,
    headroom: null,
    source: "terms",
  }));
}

function bandChecks(intent: OrderIntent, quote: Quote, scale: PriceScale): OrderCheck[] {
  const market = marketPrice(intent, quote);
  const widest = (market * priceBandPercent) / 100n;
  return [intent.limitPrice, intent.stopPrice].flatMap((price): OrderCheck[] => {
    if (price === null) return [];
    const isAbove = price > market;
    const farthest = ticks(isAbove ? market + widest : market - widest);
    return [atPrice("PRICE_BAND", price, farthest, isAbove ? farthest - price : price - farthest, scale, "market")];
  });
}

/** A stop that the market has reached already would be a market order in disguise. */
function stopSideChecks(intent: OrderIntent, quote: Quote, scale: PriceScale): OrderCheck[] {
  if (intent.stopPrice === null) return [];
  const reached = beyond(waitsFor(crossing(intent)), quote);
  // Met at 0: there must be at least one tick to go.
  return [atPrice("PRICE_SIDE", intent.stopPrice, marketPrice(intent, quote), -reached - 1n, scale, "market")];
}

/** Where a position of this order would begin: its own price when it waits, else the side of the quote at which legs trigger. */
function entryPrice(intent: OrderIntent, quote: Quote, waits: boolean): Ticks {
  const own = waits ? (intent.limitPrice ?? intent.stopPrice) : null;
  return own ?? (intent.side === "buy" ? quote.bid : quote.ask);
}

type Legs = Pick<OrderIntent, "side" | "takeProfit" | "stopLoss">;

/**
 * Legs of a position of this side (bought or sold) must lie on their own sides of `from`: the profit ahead of it, the loss
 * behind it. On it or beyond it one would trigger at once.
 */
export function bracketChecks({ side, takeProfit, stopLoss }: Legs, from: Ticks, scale: PriceScale): OrderCheck[] {
  const ahead = (price: Ticks): bigint => (side === "buy" ? price - from : from - price);
  const check = (price: Ticks, room: bigint): OrderCheck =>
    atPrice("BRACKET_SIDE", price, from, room - 1n, scale, "order");
  return [
    ...(takeProfit === null ? [] : [check(takeProfit, ahead(takeProfit))]),
    ...(stopLoss === null ? [] : [check(stopLoss, -ahead(stopLoss))]),
  ];
}

function expiryChecks({ expiresAt }: OrderIntent, { now }: OrderContext): OrderCheck[] {
  if (expiresAt === null) return [];
  const leftMs = expiresAt.getTime() - now.getTime();
  return [
    {
      code: "EXPIRY_PAST",
      passed: leftMs > 0,
      limit: now.toISOString(),
      value: expiresAt.toISOString(),
      headroom: `${leftMs} ms`,
      source: "order",
    },
  ];
}

function marketableChecks(intent: OrderIntent, quote: Quote, scale: PriceScale): OrderCheck[] {
  if (intent.limitPrice === null || !isImmediate(intent)) return [];
  const room = beyond(waitsFor(crossing(intent)), quote);
  return [atPrice("NOT_MARKETABLE", marketPrice(intent, quote), intent.limitPrice, room, scale, "order")];
}

/** A market order says the price it saw and how far from it it may fill. */
function slippageChecks(intent: OrderIntent, quote: Quote, scale: PriceScale): OrderCheck[] {
  const { quotedPrice, maxSlippageTicks } = intent;
  if (quotedPrice === null || maxSlippageTicks === null) return [];
  return [movedCheck({ ...intent, quotedPrice }, maxSlippageTicks, quote, scale, "order")];
}

/** The risk table's own bound of slippage, for what opens. An order that doesn't say the price it saw can't be measured. */
export function slippageLimit(intent: OrderIntent, { settings, quote, instrument }: OrderContext): OrderCheck[] {
  const { quotedPrice } = intent;
  const most = settings.maxSlippageTicks;
  if (most === undefined || quotedPrice === null || quote === null || intent.type !== "market") return [];
  const check = movedCheck({ ...intent, quotedPrice }, most.value, quote, instrument.terms.price, most.source);
  return [{ ...check, version: most.version }];
}

function movedCheck(
  { side, quotedPrice }: Pick<OrderIntent, "side"> & { readonly quotedPrice: Ticks },
  most: bigint,
  quote: Quote,
  scale: PriceScale,
  source: string,
): OrderCheck {
  const price = marketPrice({ side }, quote);
  const worst = ticks(side === "buy" ? quotedPrice + most : quotedPrice - most);
  return atPrice("PRICE_MOVED", price, worst, side === "buy" ? worst - price : price - worst, scale, source);
}

function atPrice(
  code: OrderCheck["code"],
  value: Ticks,
  limit: Ticks,
  headroom: bigint,
  scale: PriceScale,
  source: string,
): OrderCheck {
  return {
    code,
    passed: headroom >= 0n,
    limit: formatPrice(limit, scale),
    value: formatPrice(value, scale),
    headroom: formatPrice(ticks(headroom), scale),
    source,
  };
}
