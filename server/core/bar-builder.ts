import { type BarPrice, type Interval, intervals } from "#contracts/names.ts";
import { type Bar, barPriceOf, barStart, volumeScale } from "./bar.ts";
import type { Quote } from "./quote.ts";
import { parseDecimal, type Ticks } from "./units.ts";

/** How long after the newest tick, by source time, an older one still finds its bars. Later ones are kept as quotes only. */
export const lateGraceMs = 600_000;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A bar at work. Open and close go by source time, then by arrival, so their times are kept beside them. */
interface WorkingBar extends Mutable<Bar> {
  openSourceMs: number;
  closeSourceMs: number;
  isChanged: boolean;
  isRevised: boolean;
}

export interface BarBuilder {
  /** Goes on with stored bars. A late tick can't change their open, nor the close of a final one: its source time is not stored. */
  readonly resume: (bars: readonly Bar[], newestSourceMs: number) => void;
  /** Adds a quote to its bars of every interval. False when it came too late for any. */
  readonly add: (quote: Quote) => boolean;
  /** Closes the bars whose time was over at `atMs`, although no later tick has come; Infinity: all. */
  readonly closeUntil: (atMs: number) => void;
  /** The bars that changed since the last call; a final bar that changed has the next `rev`. */
  readonly takeChanged: () => Bar[];
}

/** Bars of one instrument in all intervals, made tick by tick; equal to folding the higher ones from 1m. */
export function barBuilder(price: BarPrice, tradeDateOf: (atMs: number) => string): BarBuilder {
  const recent = new Map<Interval, WorkingBar[]>(intervals.map((interval) => [interval, []]));
  const dateOf = rememberingMinute(tradeDateOf);
  let newestMs = Number.NEGATIVE_INFINITY;

  const barsOf = (interval: Interval): WorkingBar[] => recent.get(interval) ?? [];
  return {
    resume: (bars, newestSourceMs) => {
      newestMs = newestSourceMs;
      for (const bar of [...bars].sort((a, b) => a.openedAtMs - b.openedAtMs))
        barsOf(bar.interval).push({
          ...bar,
          openSourceMs: Number.NEGATIVE_INFINITY,
          closeSourceMs: bar.final ? Number.POSITIVE_INFINITY : newestSourceMs,
          isChanged: false,
          isRevised: false,
        });
    },
    add: (quote) => {
      const tickPrice = barPriceOf(quote, price);
      if (tickPrice === null) return true;
      const atMs = quote.venueAt.getTime();
      if (atMs < newestMs - lateGraceMs) return false;
      newestMs = Math.max(newestMs, atMs);
      const volume = quote.lastSize === null ? 0n : (parseDecimal(quote.lastSize, volumeScale) ?? 0n);
      for (const interval of intervals) {
        const start = barStart(interval, atMs, dateOf);
        const bars = barsOf(interval);
        const bar = bars.findLast((known) => known.openedAtMs <= start);
        if (bar?.openedAtMs === start) extend(bar, tickPrice, atMs, volume, quote.seq);
        else insert(bars, newBar(interval, start, tickPrice, atMs, volume, quote.seq));
      }
      return true;
    },
    closeUntil: (atMs) => {
      for (const interval of intervals) {
        const current = atMs === Number.POSITIVE_INFINITY ? atMs : barStart(interval, atMs, dateOf);
        for (const bar of barsOf(interval)) if (bar.openedAtMs < current) close(bar);
      }
    },
    takeChanged: () => intervals.flatMap((interval) => takeChanged(barsOf(interval), newestMs)),
  };
}

function newBar(
  interval: Interval,
  openedAtMs: number,
  price: Ticks,
  atMs: number,
  volume: bigint,
  seq: bigint,
): WorkingBar {
  return {
    ...{ interval, openedAtMs, open: price, high: price, low: price, close: price, volume },
    ...{ final: false, rev: 0, lastSeq: seq },
    ...{ openSourceMs: atMs, closeSourceMs: atMs, isChanged: true, isRevised: false },
  };
}

function extend(bar: WorkingBar, price: Ticks, atMs: number, volume: bigint, seq: bigint): void {
  if (atMs < bar.openSourceMs) {
    bar.open = price;
    bar.openSourceMs = atMs;
  }
  if (atMs >= bar.closeSourceMs) {
    bar.close = price;
    bar.closeSourceMs = atMs;
  }
  if (price > bar.high) bar.high = price;
  if (price < bar.low) bar.low = price;
  bar.volume += volume;
  bar.lastSeq = seq;
  bar.isChanged = true;
  bar.isRevised = bar.final;
}

/** Puts a new bar in its place; those before it are over, and so is it when it is not the newest. */
function insert(bars: WorkingBar[], bar: WorkingBar): void {
  const after = bars.findLastIndex((known) => known.openedAtMs < bar.openedAtMs);
  for (const known of bars.slice(0, after + 1)) close(known);
  bars.splice(after + 1, 0, bar);
  if (after + 2 < bars.length) close(bar);
}

function close(bar: WorkingBar): void {
  if (bar.final) return;
  bar.final = true;
  bar.isChanged = true;
}

/** Takes the changes and forgets the bars that no tick can reach any more. */
function takeChanged(bars: WorkingBar[], newestMs: number): Bar[] {
  const changed: Bar[] = [];
  for (const bar of bars) {
    if (!bar.isChanged) continue;
    if (bar.isRevised) bar.rev += 1;
    bar.isChanged = false;
    bar.isRevised = false;
    const { openSourceMs, closeSourceMs, isChanged, isRevised, ...value } = bar;
    changed.push(value);
  }
  const reachable = bars.findIndex(
    (_bar, at) => at === bars.length - 1 || (bars[at + 1]?.openedAtMs ?? 0) > newestMs - lateGraceMs,
  );
  if (reachable > 0) bars.splice(0, reachable);
  return changed;
}

/** The trade date changes on a whole minute, and ticks come many a minute. */
function rememberingMinute(tradeDateOf: (atMs: number) => string): (atMs: number) => string {
  let minute = Number.NaN;
  let date = "";
  return (atMs) => {
    const asked = Math.floor(atMs / 60_000);
    if (asked !== minute) {
      date = tradeDateOf(atMs);
      minute = asked;
    }
    return date;
  };
}
