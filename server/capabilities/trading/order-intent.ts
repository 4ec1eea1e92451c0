import type { OrderType, Side, TimeInForce } from "#contracts/names.ts";
import type { OrderAnswer } from "#contracts/trading-api.ts";
import { type Exposure, project } from "#core/exposure.ts";
import type { Instrument } from "#core/instrument.ts";
import type { OrderIntent } from "#core/order.ts";
import { absolute } from "#core/position.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { tradeDateEnd } from "#core/session-calendar.ts";
import { type Lots, lots, parsePrice, readPrice, type Ticks, ticks } from "#core/units.ts";
import { wrongField } from "./answers.ts";

/** A trade as it was asked for. Prices as written: they can be read only with the instrument's tick size. */
export interface WantedTrade {
  readonly kind: "trade";
  readonly side: Side;
  readonly lots: Lots;
  readonly type: OrderType;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly takeProfitPrice: string | null;
  readonly stopLossPrice: string | null;
  readonly timeInForce: TimeInForce;
  /** For `gtd`. */
  readonly expiresAt: Date | null;
  readonly reduceOnly: boolean;
  readonly quotedPrice: string | null;
  readonly maxSlippageTicks: bigint | null;
}

/** An exit takes its side from the position as it will be, and without lots all of it. */
export interface WantedExit {
  readonly kind: "exit";
  readonly lots: Lots | null;
}

/** Twice the position the other way: closes it and opens as much on the other side. */
export interface WantedReversal {
  readonly kind: "reversal";
}

export type Wanted = WantedTrade | WantedExit | WantedReversal;

/** Far above any price in ticks, far below what the database's bigint holds. */
const priceTicksMax = 1_000_000_000_000n;

/** What was asked for, in ticks and lots; refused: a field that cannot be read. `now` begins the day of a `day` order. */
export function intentOf(
  want: Wanted,
  instrument: Instrument,
  exposure: Exposure,
  now: Date,
): Result<OrderIntent, OrderAnswer> {
  if (want.kind === "trade") return tradeOf(want, instrument, now);
  return ok(want.kind === "exit" ? exitOf(want, exposure) : reversalOf(exposure));
}

const priceFields = ["limitPrice", "stopPrice", "takeProfitPrice", "stopLossPrice"] as const;

function tradeOf(want: WantedTrade, instrument: Instrument, now: Date): Result<OrderIntent, OrderAnswer> {
  const { side, type, timeInForce, reduceOnly, maxSlippageTicks } = want;
  const read = readPrices(want, instrument);
  if (!read.ok) return read;
  const { limitPrice, stopPrice, takeProfitPrice, stopLossPrice } = read.value.prices;
  const quoted = want.quotedPrice === null ? null : parsePrice(want.quotedPrice, instrument.terms.price);
  if (want.quotedPrice !== null && (quoted === null || quoted <= 0n || quoted > priceTicksMax))
    return refuse(wrongField("quotedPrice", `must be a positive price on a tick of ${instrument.id}`));
  return ok({
    side,
    lots: want.lots,
    type,
    limitPrice,
    stopPrice,
    takeProfit: takeProfitPrice,
    stopLoss: stopLossPrice,
    timeInForce,
    expiresAt: timeInForce === "day" ? tradeDateEnd(instrument.calendar, now) : want.expiresAt,
    offTick: read.value.offTick,
    reduceOnly,
    quotedPrice: quoted,
    maxSlippageTicks,
  });
}

export type PriceField = (typeof priceFields)[number];
export type WrittenPrices = Readonly<Record<PriceField, string | null>>;

/** Prices in ticks, and those that lie between two; refused: a text that is no price at all. */
export function readPrices(
  written: WrittenPrices,
  instrument: Instrument,
): Result<{ prices: Record<PriceField, Ticks | null>; offTick: string[] }, OrderAnswer> {
  const prices: Record<PriceField, Ticks | null> = {
    limitPrice: null,
    stopPrice: null,
    takeProfitPrice: null,
    stopLossPrice: null,
  };
  const offTick: string[] = [];
  for (const field of priceFields) {
    const text = written[field];
    if (text === null) continue;
    const read = readPrice(text, instrument.terms.price);
    if (read === null || text.startsWith("-") || read.price > priceTicksMax || (read.price === 0n && read.isOnTick))
      return refuse(wrongField(field, `must be a positive price of ${instrument.id}`));
    if (!read.isOnTick) offTick.push(text);
    // Below one tick there is no price: the order is refused for its tick, but must have one to be measured by.
    prices[field] = read.price === 0n ? ticks(1n) : read.price;
  }
  return ok({ prices, offTick });
}

const atMarket = {
  type: "market",
  limitPrice: null,
  stopPrice: null,
  takeProfit: null,
  stopLoss: null,
  timeInForce: "gtc",
  expiresAt: null,
  offTick: [],
  quotedPrice: null,
  maxSlippageTicks: null,
} as const;

/** Of a position that is flat already nothing can be closed: the core refuses it with NO_POSITION. */
function exitOf(want: WantedExit, exposure: Exposure): OrderIntent {
  const { position } = project(exposure);
  const all = position.lots === 0n ? exposure.terms.minLots : absolute(position.lots);
  return { ...atMarket, side: position.lots < 0n ? "buy" : "sell", lots: want.lots ?? all, reduceOnly: true };
}

/** A flat position cannot be turned around: as an exit of nothing it is refused with NO_POSITION. */
function reversalOf(exposure: Exposure): OrderIntent {
  const { position } = project(exposure);
  if (position.lots === 0n) return exitOf({ kind: "exit", lots: null }, exposure);
  return {
    ...atMarket,
    side: position.lots < 0n ? "buy" : "sell",
    lots: lots(2n * absolute(position.lots)),
    reduceOnly: false,
  };
}
