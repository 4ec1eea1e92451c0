import type { BarPrice, Interval } from "#contracts/names.ts";
import type { Quote } from "./quote.ts";
import { divideRounded, type Ticks, ticks } from "./units.ts";

/** Digits kept of a volume: 1 contract = 10^8. */
export const volumeScale = 8;

/**
 * Open, high, low and close over the half-open time [openedAtMs, + interval), by source time, stamped with its start in
 * UTC. A bar exists only where a tick was. `volume` is the sum of trade sizes in units of 10^-8.
 */
export interface Bar {
  readonly interval: Interval;
  readonly openedAtMs: number;
  readonly open: Ticks;
  readonly high: Ticks;
  readonly low: Ticks;
  readonly close: Ticks;
  readonly volume: bigint;
  /** Its time is over. A tick that comes later revises it. */
  readonly final: boolean;
  /** Number of revisions: by ticks that came after it was final, and by corrections. */
  readonly rev: number;
  /** The newest quote in it. */
  readonly lastSeq: bigint;
}

const minuteMs = 60_000;
/** Length of the intervals that are cut from the epoch in UTC; a 4h bar so straddles the 17:00 open in Chicago. */
export const intervalMs: Readonly<Record<Exclude<Interval, "1d">, number>> = {
  "1m": minuteMs,
  "5m": 5 * minuteMs,
  "15m": 15 * minuteMs,
  "30m": 30 * minuteMs,
  "1h": 60 * minuteMs,
  "4h": 240 * minuteMs,
};

/** Start of the bar that `atMs` falls in. A day is the calendar's trade date, labelled by that date at 00:00 UTC. */
export const barStart = (interval: Interval, atMs: number, tradeDateOf: (atMs: number) => string): number =>
  interval === "1d"
    ? Date.parse(`${tradeDateOf(atMs)}T00:00:00Z`)
    : Math.floor(atMs / intervalMs[interval]) * intervalMs[interval];

/**
 * The price a quote gives to bars, or null. Trade bars take trades only, prints of size zero included; bid and mid bars take every
 * quote, crossed ones too (the venue's own candles do), mid rounded half away from zero. A price not above zero never counts.
 */
export function barPriceOf(quote: Quote, barPrice: BarPrice): Ticks | null {
  if (quote.flag === "not-positive") return null;
  if (barPrice === "last") return quote.lastSize === null ? null : quote.last;
  return barPrice === "bid" ? quote.bid : ticks(divideRounded(quote.bid + quote.ask, 2n));
}
