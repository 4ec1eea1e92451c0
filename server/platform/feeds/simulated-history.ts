import { type Interval, intervals } from "#contracts/names.ts";
import { type Bar, barStart, volumeScale } from "#core/bar.ts";
import type { Instrument } from "#core/instrument.ts";
import { tradeDateOf } from "#core/session-calendar.ts";
import { ticks } from "#core/units.ts";
import type { Random } from "./random.ts";
import { simulatedMarket } from "./simulated-market.ts";
import type { SimulationProfile } from "./simulation-profile.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** Minutes are told for the last two days and what of the trade date lies before them, hours and days for two months. */
const minuteDays = 2;
const hourDays = 60;
const stepsAnHour = 12;

/** A bar of plain numbers: nothing is booked here. */
interface Sketch {
  readonly atMs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/**
 * What the simulated venue "did" before it was first started, so that charts are not empty: hours from a coarse walk, then minutes
 * from the same market that goes on live. All intervals are folded from these two, and agree.
 */
export function simulatedHistory(
  instrument: Instrument,
  profile: SimulationProfile,
  random: Random,
  firstTicks: number,
  untilMs: number,
): Bar[] {
  const tradeDate = (atMs: number): string => tradeDateOf(instrument.calendar, new Date(atMs));
  const minutesFromMs = startOfTradeDate(untilMs - minuteDays * dayMs, tradeDate);
  const hoursFromMs = startOfTradeDate(minutesFromMs - hourDays * dayMs, tradeDate);
  const hours = walkHours(profile, random, firstTicks, hoursFromMs, minutesFromMs);
  const minutes = playMinutes(profile, random, hours.at(-1)?.close ?? firstTicks, minutesFromMs, untilMs);
  const perHour = (60 * minutes.reduce((sum, bar) => sum + bar.volume, 0)) / Math.max(1, minutes.length);
  for (const hour of hours) hour.volume *= perHour;

  return intervals.flatMap((interval) => {
    const isLong = interval === "1h" || interval === "4h" || interval === "1d";
    const folded = fold(isLong ? [...hours, ...minutes] : minutes, (atMs) => barStart(interval, atMs, tradeDate));
    const current = barStart(interval, untilMs, tradeDate);
    return folded.map((bar) => toBar(bar, interval, bar.atMs < current, profile));
  });
}

/** Trade dates begin on a whole minute at most a day before. */
function startOfTradeDate(atMs: number, tradeDate: (atMs: number) => string): number {
  const date = tradeDate(atMs);
  let start = Math.floor(atMs / hourMs) * hourMs;
  while (tradeDate(start - 1) === date) start -= hourMs;
  return start;
}

function walkHours(profile: SimulationProfile, random: Random, first: number, fromMs: number, toMs: number): Sketch[] {
  const hours: Sketch[] = [];
  let price = first;
  let mood = 0;
  for (let atMs = fromMs; atMs < toMs; atMs += hourMs) {
    mood = 0.8 * mood + 0.6 * random.normal();
    const volatility = Math.exp(0.4 * mood - 0.16);
    const step = ((price * profile.minuteBp) / 10_000) * Math.sqrt(60 / stepsAnHour) * volatility;
    const hour: Sketch = { atMs, ...flat(price), volume: volatility ** 2 };
    for (let at = 0; at < stepsAnHour; at++) {
      price = Math.max(100, price + step * random.normal());
      extend(hour, Math.round(price));
    }
    hours.push(hour);
  }
  return hours;
}

function playMinutes(
  profile: SimulationProfile,
  random: Random,
  price: number,
  fromMs: number,
  toMs: number,
): Sketch[] {
  const market = simulatedMarket(profile, random, { atMs: fromMs, ticks: price });
  const minutes: Sketch[] = [];
  for (let tick = market.next(); tick.atMs < toMs; tick = market.next()) {
    const told = profile.kind === "trades" ? tick.last : tick.bid;
    if (told === null) continue;
    const atMs = Math.floor(tick.atMs / minuteMs) * minuteMs;
    let minute = minutes.at(-1);
    if (minute?.atMs !== atMs) {
      minute = { atMs, ...flat(told), volume: 0 };
      minutes.push(minute);
    }
    extend(minute, told);
    minute.volume += tick.size;
  }
  return minutes;
}

function flat(price: number): { open: number; high: number; low: number; close: number } {
  const rounded = Math.round(price);
  return { open: rounded, high: rounded, low: rounded, close: rounded };
}

function extend(bar: Sketch, price: number): void {
  if (price > bar.high) bar.high = price;
  if (price < bar.low) bar.low = price;
  bar.close = price;
}

function fold(bars: readonly Sketch[], startOf: (atMs: number) => number): Sketch[] {
  const folded: Sketch[] = [];
  for (const bar of bars) {
    const atMs = startOf(bar.atMs);
    const into = folded.at(-1);
    if (into?.atMs !== atMs) {
      folded.push({ ...bar, atMs });
      continue;
    }
    into.high = Math.max(into.high, bar.high);
    into.low = Math.min(into.low, bar.low);
    into.close = bar.close;
    into.volume += bar.volume;
  }
  return folded;
}

function toBar(bar: Sketch, interval: Interval, final: boolean, { sizeDecimals }: SimulationProfile): Bar {
  const units = Math.round(bar.volume * 10 ** sizeDecimals);
  return {
    interval,
    openedAtMs: bar.atMs,
    open: ticks(BigInt(bar.open)),
    high: ticks(BigInt(bar.high)),
    low: ticks(BigInt(bar.low)),
    close: ticks(BigInt(bar.close)),
    volume: BigInt(units) * 10n ** BigInt(volumeScale - sizeDecimals),
    final,
    rev: 0,
    lastSeq: 0n,
  };
}
