import type { BarPrice } from "#contracts/names.ts";
import type { VenueTick } from "#core/feed.ts";
import type { Instrument } from "#core/instrument.ts";
import { readPrice } from "#core/quote-gate.ts";
import { formatDecimal, parseDecimal, type Ticks, ticks } from "#core/units.ts";

/** A row is not what its file promises; `expected` says what should have been there. */
export class BadRow extends Error {}

const earliestMs = Date.UTC(1970, 0, 2);
const latestMs = Date.UTC(2100, 0, 1);

/** Turns the rows of one file into ticks. A row reader keeps the last price and quote, so rows must come in file order. */
export type RowReader = (cells: readonly string[]) => VenueTick[];

/**
 * Tick rows: a quote row fills bid and ask, a trade row price and size (an empty size is a print of size zero).
 * A trade row has no quote of its own, so one is derived: see `quoteAround`.
 */
export function tickRowReader(instrument: Instrument): RowReader {
  const quoteOf = quoteAround("last");
  let last: Ticks | null = null;
  return (cells) => {
    const [ts = "", symbol = "", bid = "", ask = "", price = "", size = ""] = cellsOf(cells, 6);
    const common = { instrumentId: instrument.id, venueAtMs: stampOf(ts) };
    symbolOf(symbol);
    if (price === "" && size === "") {
      const [bidRead, askRead] = [priceOf(bid, "bid", instrument), priceOf(ask, "ask", instrument)];
      const isOffTick = bidRead.isOffTick || askRead.isOffTick;
      return [{ ...common, bid: bidRead.price, ask: askRead.price, last, lastSize: null, isOffTick }];
    }
    if ((bid === "") !== (ask === "")) throw new BadRow("bid and ask, or neither in a trade row");
    const traded = priceOf(price, "price", instrument);
    const quote =
      bid === ""
        ? { ...quoteOf(traded.price), isOffTick: traded.isOffTick }
        : bothSides(bid, ask, traded.isOffTick, instrument);
    last = traded.price;
    return [{ ...common, ...quote, last, lastSize: sizeOf(size, "size") }];
  };
}

/**
 * Bar rows: four ticks whose bar equals the row: open, then the extremes with the one nearer to the open's move first, then
 * close, at 0, 1/4, 1/2 and just before 4/4 of `intervalMs`. The volume is split over them in the file's own decimals.
 */
export function barRowReader(instrument: Instrument, intervalMs: number): RowReader {
  const quoteOf = quoteAround(instrument.barPrice);
  return (cells) => {
    const [ts = "", symbol = "", ...prices] = cellsOf(cells, 7);
    const startMs = stampOf(ts);
    symbolOf(symbol);
    const names = ["open", "high", "low", "close"] as const;
    const read = names.map((name, at) => priceOf(prices[at] ?? "", name, instrument));
    const [open, high, low, close] = read.map(({ price }) => price) as [Ticks, Ticks, Ticks, Ticks];
    const isWide = high >= open && high >= close && low <= open && low <= close;
    if (!isWide) throw new BadRow("high at or above open and close, and low at or below them");
    const path = close >= open ? [open, low, high, close] : [open, high, low, close];
    const offsets = [0, intervalMs / 4, intervalMs / 2, intervalMs - 1];
    const sizes = splitVolume(prices[4] ?? "");
    return path.map((price, at) => ({
      instrumentId: instrument.id,
      ...quoteOf(price),
      last: price,
      lastSize: sizes[at] ?? "0",
      venueAtMs: startMs + (offsets[at] ?? 0),
      isOffTick: read.some(({ isOffTick }) => isOffTick),
    }));
  };
}

/**
 * The quote around a trade where the file has none, one tick wide (what liquid futures show most of the time), by
 * the tick rule: a price that rose was bought at the ask, one that fell was sold at the bid, an unchanged one leaves the quote.
 * Bid candles put the price at the bid; mid candles at both sides.
 */
function quoteAround(barPrice: BarPrice): (price: Ticks) => { bid: Ticks; ask: Ticks } {
  let before: Ticks | null = null;
  let bid = ticks(0n);
  return (price) => {
    if (barPrice === "mid") return { bid: price, ask: price };
    if (barPrice === "bid" || before === null || price < before) bid = price;
    else if (price > before) bid = ticks(price - 1n);
    before = price;
    return { bid, ask: ticks(bid + 1n) };
  };
}

function bothSides(bid: string, ask: string, isTradeOff: boolean, instrument: Instrument) {
  const [bidRead, askRead] = [priceOf(bid, "bid", instrument), priceOf(ask, "ask", instrument)];
  const isOffTick = isTradeOff || bidRead.isOffTick || askRead.isOffTick;
  return { bid: bidRead.price, ask: askRead.price, isOffTick };
}

/** Four parts that add up to the volume, in whole units of its last decimal. Empty: the file has no volume. */
function splitVolume(volume: string): string[] {
  if (volume === "") return ["0", "0", "0", "0"];
  const decimals = sizeOf(volume, "volume").split(".")[1]?.length ?? 0;
  const whole = parseDecimal(volume, decimals) ?? 0n;
  const part = whole / 4n;
  return [part, part, part, whole - 3n * part].map((units) => formatDecimal(units, decimals));
}

function cellsOf(cells: readonly string[], count: number): readonly string[] {
  if (cells.length !== count) throw new BadRow(`${count} cells, found ${cells.length}`);
  return cells;
}

function stampOf(text: string): number {
  const stamp = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(stamp >= earliestMs && stamp < latestMs))
    throw new BadRow(`ts_ms as epoch milliseconds, found "${text.slice(0, 40)}"`);
  return stamp;
}

function symbolOf(text: string): void {
  if (text === "") throw new BadRow("a symbol");
}

function priceOf(text: string, cell: string, instrument: Instrument): { price: Ticks; isOffTick: boolean } {
  const read = readPrice(text, instrument.terms.price);
  if (read === null) throw new BadRow(`${cell} as a plain decimal, found "${text.slice(0, 40)}"`);
  return read;
}

/** A size as the file writes it, not negative, at most 8 decimals. */
function sizeOf(text: string, cell: string): string {
  if (text === "") return "0";
  const size = parseDecimal(text, 8);
  if (size === null || size < 0n)
    throw new BadRow(`${cell} as a plain decimal not below zero, found "${text.slice(0, 40)}"`);
  return text;
}
