import { setTimeout as sleep } from "node:timers/promises";
import type { Feed, VenueTick } from "#core/feed.ts";
import type { Instrument } from "#core/instrument.ts";
import { type Ticks, ticks } from "#core/units.ts";
import type { Clock } from "../clock.ts";
import { seededRandom } from "./random.ts";
import { simulatedHistory } from "./simulated-history.ts";
import { type SimulatedMarket, type SimulatedTick, simulatedMarket } from "./simulated-market.ts";
import { firstTicks, profileOf, type SimulationProfile } from "./simulation-profile.ts";

export interface SimulatedOptions {
  readonly instruments: readonly Instrument[];
  readonly clock: Clock;
  /** The same seed, clock and last prices give the same ticks. */
  readonly seed?: string;
}

/** Ticks handed over at once. */
const chunkMax = 500;
const longestSleepMs = 250;
/** Further behind than this (a machine that slept), the past is let go. */
const behindMaxMs = 5_000;

interface Playing {
  readonly instrument: Instrument;
  readonly profile: SimulationProfile;
  readonly market: SimulatedMarket;
  next: SimulatedTick;
}

/** A venue of our own making for all given instruments, around the clock. Its ticks are labelled "simulated" wherever they go. */
export function simulatedFeed({ instruments, clock, seed = "truewick" }: SimulatedOptions): Feed {
  const start = (lastPrices: ReadonlyMap<string, Ticks>): Playing[] =>
    instruments.map((instrument) => startOne(instrument, lastPrices.get(instrument.id), clock.now().getTime(), seed));
  const run: Feed["run"] = async (sink, signal, lastPrices) => {
    let playing = start(lastPrices);
    while (!signal.aborted) {
      const nowMs = clock.now().getTime();
      const earliest = playing.reduce((first, one) => (one.next.atMs < first.next.atMs ? one : first));
      if (nowMs - earliest.next.atMs > behindMaxMs) {
        playing = start(new Map(playing.map(({ instrument, market }) => [instrument.id, ticksOf(market.price())])));
        continue;
      }
      const due = takeDue(playing, nowMs);
      if (due.length > 0) await sink(due);
      if (due.length === chunkMax) continue;
      const next = Math.min(...playing.map((one) => one.next.atMs));
      const waitMs = Math.min(longestSleepMs, Math.max(1, next - clock.now().getTime()));
      await sleep(waitMs, undefined, { signal }).catch(() => {});
    }
  };
  return {
    name: "simulated",
    source: "simulated",
    instrumentIds: instruments.map(({ id }) => id),
    run,
    history: (id, untilMs) => {
      const instrument = instruments.find((one) => one.id === id);
      if (instrument === undefined) return [];
      const random = seededRandom(`${seed} history ${id}`);
      return simulatedHistory(instrument, profileOf(instrument), random, firstTicks(instrument), untilMs);
    },
  };
}

function startOne(instrument: Instrument, last: Ticks | undefined, atMs: number, seed: string): Playing {
  const profile = profileOf(instrument);
  const random = seededRandom(`${seed} ${instrument.id} ${atMs}`);
  const market = simulatedMarket(profile, random, {
    atMs,
    ticks: last === undefined ? firstTicks(instrument) : Number(last),
  });
  return { instrument, profile, market, next: market.next() };
}

/** What is due by now, in order of venue time, at most a chunk. */
function takeDue(playing: readonly Playing[], nowMs: number): VenueTick[] {
  const due: VenueTick[] = [];
  while (due.length < chunkMax) {
    const first = playing.reduce((one, other) => (other.next.atMs < one.next.atMs ? other : one));
    if (first.next.atMs > nowMs) break;
    due.push(toVenueTick(first));
    first.next = first.market.next();
  }
  return due;
}

const toVenueTick = ({ instrument, profile, next }: Playing): VenueTick => ({
  instrumentId: instrument.id,
  bid: ticksOf(next.bid),
  ask: ticksOf(next.ask),
  last: next.last === null ? null : ticksOf(next.last),
  lastSize: next.last === null ? null : next.size.toFixed(profile.sizeDecimals),
  venueAtMs: next.atMs,
  isOffTick: false,
});

const ticksOf = (price: number): Ticks => ticks(BigInt(Math.round(price)));
