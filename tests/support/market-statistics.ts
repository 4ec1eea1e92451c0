import type { SimulatedTick } from "../../server/platform/feeds/simulated-market.ts";

/** The statistics of the calibration table, from ticks of one instrument. */
export interface MarketStatistics {
  readonly returnSdBp: number;
  readonly kurtosis: number;
  readonly lag1: number;
  readonly absLag1: number;
  readonly medianRangeTicks: number;
  readonly unchangedShare: number;
  readonly sameMsShare: number;
  readonly gapMs: { readonly p50: number; readonly p90: number; readonly p99: number };
  readonly peakInOneSecond: number;
  readonly minuteVolume: { readonly p50: number; readonly p99: number };
}

export function statisticsOf(
  ticks: readonly SimulatedTick[],
  priceOf: (tick: SimulatedTick) => number,
): MarketStatistics {
  const bars = new Map<number, { high: number; low: number; close: number; volume: number }>();
  const perSecond = new Map<number, number>();
  const gaps: number[] = [];
  let unchanged = 0;
  ticks.forEach((tick, at) => {
    const price = priceOf(tick);
    const minute = Math.floor(tick.atMs / 60_000);
    const bar = bars.get(minute) ?? { high: price, low: price, close: price, volume: 0 };
    const volume = bar.volume + tick.size;
    bars.set(minute, { high: Math.max(bar.high, price), low: Math.min(bar.low, price), close: price, volume });
    const second = Math.floor(tick.atMs / 1_000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    const before = ticks[at - 1];
    if (before === undefined) return;
    gaps.push(tick.atMs - before.atMs);
    if (priceOf(before) === price) unchanged += 1;
  });
  const closes = [...bars.values()].map((bar) => bar.close);
  const returns = closes.slice(1).map((close, at) => Math.log(close / (closes[at] ?? close)) * 10_000);
  const sd = Math.sqrt(mean(returns.map((r) => r * r)));
  const volumes = [...bars.values()].map((bar) => bar.volume);
  return {
    returnSdBp: sd,
    kurtosis: mean(returns.map((r) => r ** 4)) / sd ** 4,
    lag1: correlation(returns),
    absLag1: correlation(returns.map(Math.abs)),
    medianRangeTicks: quantile(
      [...bars.values()].map((bar) => bar.high - bar.low),
      0.5,
    ),
    unchangedShare: unchanged / gaps.length,
    sameMsShare: gaps.filter((gap) => gap === 0).length / gaps.length,
    gapMs: { p50: quantile(gaps, 0.5), p90: quantile(gaps, 0.9), p99: quantile(gaps, 0.99) },
    peakInOneSecond: [...perSecond.values()].reduce((most, count) => Math.max(most, count), 0),
    minuteVolume: { p50: quantile(volumes, 0.5), p99: quantile(volumes, 0.99) },
  };
}

/** The median of each figure. */
export function medianStatistics(all: readonly MarketStatistics[]): MarketStatistics {
  const median = (of: (one: MarketStatistics) => number): number => quantile(all.map(of), 0.5);
  return {
    returnSdBp: median((one) => one.returnSdBp),
    kurtosis: median((one) => one.kurtosis),
    lag1: median((one) => one.lag1),
    absLag1: median((one) => one.absLag1),
    medianRangeTicks: median((one) => one.medianRangeTicks),
    unchangedShare: median((one) => one.unchangedShare),
    sameMsShare: median((one) => one.sameMsShare),
    gapMs: {
      p50: median((one) => one.gapMs.p50),
      p90: median((one) => one.gapMs.p90),
      p99: median((one) => one.gapMs.p99),
    },
    peakInOneSecond: median((one) => one.peakInOneSecond),
    minuteVolume: { p50: median((one) => one.minuteVolume.p50), p99: median((one) => one.minuteVolume.p99) },
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function correlation(values: readonly number[]): number {
  const middle = mean(values);
  const off = values.map((value) => value - middle);
  return mean(off.slice(1).map((value, at) => value * (off[at] ?? 0))) / mean(off.map((value) => value * value));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
