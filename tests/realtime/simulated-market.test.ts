import { describe, expect, test } from "@jest/globals";
import { seededRandom } from "../../server/platform/feeds/random.ts";
import { type SimulatedTick, simulatedMarket } from "../../server/platform/feeds/simulated-market.ts";
import {
  crypto,
  currencyFuture,
  currencySpot,
  equityIndex,
  metal,
  type SimulationProfile,
} from "../../server/platform/feeds/simulation-profile.ts";
import { type MarketStatistics, medianStatistics, statisticsOf } from "../support/market-statistics.ts";

/** Days of a market in virtual time. */
function play(profile: SimulationProfile, ticks: number, days: number, seed = "calibration 1"): SimulatedTick[] {
  const market = simulatedMarket(profile, seededRandom(seed), { atMs: 0, ticks });
  const all: SimulatedTick[] = [];
  for (let tick = market.next(); tick.atMs < days * 86_400_000; tick = market.next()) all.push(tick);
  return all;
}

const ofVenue = (ticks: readonly SimulatedTick[]): SimulatedTick[] => ticks.filter((tick) => !tick.isRepeat);

/**
 * Each figure is the median of three simulated markets, since fat tails make single ones vary. The real series' figures (calibration table of the market data notes) and how far a simulated one may be off: returns' sd 20 %,
 * autocorrelations 0.08, quantiles of gaps, ranges and volumes a factor of 2.5 (3 for the few-valued ranges), kurtosis a factor of 3
 * (the mean of fourth powers varies by that much between two weeks of one real market), shares 0.12.
 */
interface Real {
  readonly profile: SimulationProfile;
  readonly startTicks: number;
  readonly days: number;
  readonly sdBp: number;
  readonly kurtosis: number;
  readonly lag1: number;
  readonly absLag1: number;
  readonly medianRange: number | null;
  readonly unchanged: number;
  readonly gapMs: readonly [p50: number, p90: number, p99: number] | null;
  readonly volume: readonly [p50: number, p99: number] | null;
}

const real: Readonly<Record<string, Real>> = {
  "ES 2013": {
    ...{
      profile: equityIndex,
      startTicks: 6_720,
      days: 4,
      sdBp: 2.32,
      kurtosis: 7.2,
      lag1: -0.1,
      absLag1: 0.22,
      medianRange: 1,
    },
    ...{ unchanged: 0.78, gapMs: null, volume: [149, 6_832] },
  },
  "GC 2013": {
    ...{
      profile: metal,
      startTicks: 13_130,
      days: 4,
      sdBp: 3.27,
      kurtosis: 26,
      lag1: -0.06,
      absLag1: 0.23,
      medianRange: 3,
    },
    ...{ unchanged: 0.6, gapMs: [29, 4_442, 26_889], volume: [23, 477] },
  },
  "6E 2024": {
    ...{
      profile: currencyFuture,
      startTicks: 22_000,
      days: 4,
      sdBp: 1.19,
      kurtosis: 71,
      lag1: 0.01,
      absLag1: 0.26,
      medianRange: 2,
    },
    ...{ unchanged: 0.6, gapMs: null, volume: [76, 937] },
  },
  "EUR/USD quotes 2014 (returns of 6E)": {
    ...{
      profile: currencySpot,
      startTicks: 138_700,
      days: 4,
      sdBp: 1.19,
      kurtosis: 40,
      lag1: 0.01,
      absLag1: 0.26,
      medianRange: null,
    },
    ...{ unchanged: 0.49, gapMs: [54, 1_706, 14_223], volume: null },
  },
  "BTC perpetual 2022 (a quieter stream than the 1,700 trades a minute of 2024)": {
    ...{
      profile: crypto,
      startTicks: 46_000,
      days: 2,
      sdBp: 8.66,
      kurtosis: 48,
      lag1: 0,
      absLag1: 0.26,
      medianRange: 34,
    },
    ...{ unchanged: 0.59, gapMs: null, volume: null },
  },
};

const within = (found: number, wanted: number, factor: number): void => {
  expect(found).toBeGreaterThan(wanted / factor);
  expect(found).toBeLessThan(wanted * factor);
};

describe.each(Object.entries(real))("simulated like %s", (_name, wanted) => {
  let found: MarketStatistics;
  test("returns of minutes: spread, fat tails, bounce, clustering", () => {
    found = medianStatistics(
      ["calibration 1", "calibration 2", "calibration 3"].map((seed) =>
        statisticsOf(
          ofVenue(play(wanted.profile, wanted.startTicks, wanted.days, seed)),
          (tick) => tick.last ?? tick.bid,
        ),
      ),
    );
    within(found.returnSdBp, wanted.sdBp, 1.2);
    within(found.kurtosis, wanted.kurtosis, 3);
    expect(found.kurtosis).toBeGreaterThan(5);
    expect(Math.abs(found.lag1 - wanted.lag1)).toBeLessThan(0.08);
    expect(Math.abs(found.absLag1 - wanted.absLag1)).toBeLessThan(0.08);
    if (wanted.medianRange !== null) within(found.medianRangeTicks, wanted.medianRange, 3);
  });
  test("ticks: repeated prices, bursts, long pauses", () => {
    expect(Math.abs(found.unchangedShare - wanted.unchanged)).toBeLessThan(0.12);
    expect(found.gapMs.p99).toBeGreaterThan(20 * Math.max(1, found.gapMs.p50));
    if (wanted.gapMs === null) return;
    within(found.gapMs.p50, wanted.gapMs[0], 2.5);
    within(found.gapMs.p90, wanted.gapMs[1], 2.5);
    within(found.gapMs.p99, wanted.gapMs[2], 2.5);
  });
  test("each minute's volume spans orders of magnitude", () => {
    if (wanted.volume === null) return;
    within(found.minuteVolume.p50, wanted.volume[0], 2.5);
    within(found.minuteVolume.p99, wanted.volume[1], 2.5);
  });
});

describe("every simulated market", () => {
  test("quotes on the grid, bid at or below last at or below ask, time never back", () => {
    const ticks = play(metal, 13_130, 1);
    const isOnGrid = ({ bid, ask }: SimulatedTick) => bid < ask && Number.isInteger(bid) && Number.isInteger(ask);
    const isInside = ({ bid, ask, last }: SimulatedTick) => last === null || (bid <= last && last <= ask);
    expect(ticks.filter((tick) => !isOnGrid(tick) || !isInside(tick))).toEqual([]);
    expect(ticks.filter(({ atMs }, at) => atMs < (ticks[at - 1]?.atMs ?? 0))).toEqual([]);
  });
  test.each([
    ["a busy one", crypto],
    ["a quiet one", equityIndex],
    ["a quoted one", currencySpot],
  ])("%s is never silent for more than 2 s, so that its quote does not go stale", (_kind, profile) => {
    const times = play(profile, 40_000, 1).map((tick) => tick.atMs);
    const longest = times.slice(1).reduce((most, atMs, at) => Math.max(most, atMs - (times[at] ?? 0)), 0);
    expect(longest).toBeLessThanOrEqual(2_000);
  });
  test("trades come in peaks of hundreds a second", () => {
    const trades = ofVenue(play(metal, 13_130, 4));
    expect(statisticsOf(trades, (tick) => tick.last ?? 0).peakInOneSecond).toBeGreaterThan(200);
  });
  test("the same seed plays the same market, another seed another", () => {
    const first = (seed: string) => {
      const market = simulatedMarket(metal, seededRandom(seed), { atMs: 0, ticks: 13_130 });
      return Array.from({ length: 50 }, () => market.next());
    };
    expect(first("one")).toEqual(first("one"));
    expect(first("one")).not.toEqual(first("two"));
  });
});
