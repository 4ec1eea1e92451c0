import type { WireBarEvent } from "#contracts/events.ts";
import type { WireBar, WireQuote } from "#contracts/trading-api.ts";
import { type Bar, volumeScale } from "#core/bar.ts";
import type { Quote } from "#core/quote.ts";
import { formatDecimal, formatPrice, type PriceScale, type Ticks } from "#core/units.ts";

/** A quote as clients see it: prices as decimals of the instrument, `sentAtMs` our clock when it is sent. */
export const toWireQuote = (quote: Quote, scale: PriceScale, sentAtMs: number): WireQuote => ({
  instrument: quote.instrumentId,
  bid: formatPrice(quote.bid, scale),
  ask: formatPrice(quote.ask, scale),
  last: quote.last === null ? null : formatPrice(quote.last, scale),
  venueAtMs: quote.venueAt.getTime(),
  sentAtMs,
  seq: Number(quote.seq),
  source: quote.source,
  flag: quote.flag,
});

/** Numbers, for charts only: the nearest double to each exact price. */
export const toWireBar = (bar: Bar, scale: PriceScale): WireBar => {
  const price = (value: Ticks): number => Number(formatPrice(value, scale));
  const volume = Number(formatDecimal(bar.volume, volumeScale));
  return [bar.openedAtMs, price(bar.open), price(bar.high), price(bar.low), price(bar.close), volume];
};

export const toBarEvent = (instrumentId: string, bar: Bar, scale: PriceScale): WireBarEvent => ({
  instrument: instrumentId,
  interval: bar.interval,
  bar: toWireBar(bar, scale),
  final: bar.final,
  rev: bar.rev,
});
