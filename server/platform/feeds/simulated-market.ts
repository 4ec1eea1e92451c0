import type { Random } from "./random.ts";
import type { SimulationProfile } from "./simulation-profile.ts";

/** One thing a simulated instrument does. Prices in whole ticks; plain numbers, since nothing is booked here. */
export interface SimulatedTick {
  readonly atMs: number;
  readonly bid: number;
  readonly ask: number;
  /** Null: a quote without a trade. */
  readonly last: number | null;
  readonly size: number;
  /** Said again because nothing happened for a while. */
  readonly isRepeat: boolean;
}

export interface SimulatedMarket {
  /** The next tick; its time is never before that of the one before. */
  readonly next: () => SimulatedTick;
  readonly price: () => number;
}

export interface MarketStart {
  readonly atMs: number;
  readonly ticks: number;
}

const minuteMs = 60_000;
/** A quote is repeated when nothing was traded for so long, so that a quiet instrument stays tradable. */
const repeatMs = 1_500;
const slowMemory = 0.985;
/** How far the hidden price must leave the quote before the quote follows, in spreads: quotes are sticky. */
const stickiness = 0.25;
/** Now and then an order sweeps the book: a burst of many trades within a second. */
const sweepChance = 1 / 4_000;
const sweepTrades = 500;
const activityMax = 60;
/** Of the usual one; what lies beyond would be a halt, not a market. */
const volatilityMax = 9;
const sizeMax = 500;
const lowestTicks = 100;

/**
 * A hidden price walks by time with clustered, fat-tailed volatility; the quote follows it with some stickiness; trades come in bursts at
 * the bid or the ask. So prices repeat, bounce, and the returns of minutes are those of the profile.
 */
export function simulatedMarket(profile: SimulationProfile, random: Random, start: MarketStart): SimulatedMarket {
  const mood = moodOf(profile, random);
  let atMs = start.atMs;
  let minute = Math.floor(atMs / minuteMs);
  let hidden = start.ticks;
  let spread = 1;
  let bid = Math.floor(hidden);
  let isAtAsk = false;
  let sweepLeft = 0;

  const walk = (passedMs: number): void => {
    const perMinute = ((hidden * profile.minuteBp) / 10_000) * mood.volatility();
    hidden = Math.max(lowestTicks, hidden + perMinute * Math.sqrt(passedMs / minuteMs) * random.normal());
  };
  const advance = (toMs: number): void => {
    while (Math.floor(toMs / minuteMs) > minute) {
      const boundary = (minute + 1) * minuteMs;
      if (boundary > atMs) walk(boundary - atMs);
      atMs = boundary;
      minute += 1;
      mood.nextMinute();
    }
    if (toMs > atMs) walk(toMs - atMs);
    atMs = toMs;
  };
  const follow = (): void => {
    const slack = stickiness * spread;
    if (hidden >= bid - slack && hidden <= bid + spread + slack) return;
    spread = spreadOf(profile, random, hidden);
    bid = Math.round(hidden - spread / 2);
  };
  const gapMs = (): number => {
    if (sweepLeft > 0) return random.uniform() < 0.5 ? 0 : random.exponential(3);
    const kind = random.uniform();
    if (kind < profile.sameMsShare) return 0;
    if (kind < profile.sameMsShare + profile.shortShare) return random.exponential(profile.shortMs);
    return random.exponential(profile.longMs / mood.activity());
  };
  let dueMs = atMs;
  const plan = (): void => {
    const gap = gapMs();
    dueMs += gap === 0 ? 0 : Math.max(1, Math.round(gap));
  };
  const trade = (): SimulatedTick => {
    sweepLeft = sweepLeft > 0 ? sweepLeft - 1 : random.uniform() < sweepChance ? sweepTrades * random.uniform() : 0;
    if (random.uniform() < profile.flipShare) isAtAsk = !isAtAsk;
    const last = isAtAsk ? bid + spread : bid;
    return { atMs, bid, ask: bid + spread, last, size: sizeOf(profile, random), isRepeat: false };
  };
  const quote = (isRepeat: boolean): SimulatedTick => ({ atMs, bid, ask: bid + spread, last: null, size: 0, isRepeat });

  plan();
  return {
    price: () => hidden,
    next: () => {
      if (dueMs > atMs + repeatMs) {
        advance(atMs + repeatMs);
        follow();
        return quote(true);
      }
      const hasPassed = dueMs > atMs;
      advance(dueMs);
      plan();
      if (profile.kind === "trades") {
        if (hasPassed) follow();
        return trade();
      }
      if (random.uniform() >= profile.restShare) {
        spread = spreadOf(profile, random, hidden);
        bid = Math.round(hidden - spread / 2);
      }
      return quote(false);
    },
  };
}

/** Log-volatility as a slow and a fast autoregression, and the activity that moves with it. One step a minute. */
function moodOf(profile: SimulationProfile, random: Random) {
  const { slowVolatility, fastVolatility, fastMemory, activitySpread } = profile;
  const total = Math.hypot(slowVolatility, fastVolatility);
  const step = (memory: number, before: number): number =>
    memory * before + Math.sqrt(1 - memory * memory) * random.normal();
  let slow = random.normal();
  let fast = random.normal();
  let own = 0;
  let volatility = 1;
  let activity = 1;
  const nextMinute = (): void => {
    slow = step(slowMemory, slow);
    fast = step(fastMemory, fast);
    own = random.normal();
    const log = slowVolatility * slow + fastVolatility * fast;
    // Less the mean of the square, so that the variance of returns stays that of the profile.
    volatility = Math.min(volatilityMax, Math.exp(log - total * total));
    activity = Math.min(activityMax, Math.exp(activitySpread * (0.9 * (log / total) + 0.44 * own)));
  };
  nextMinute();
  return { nextMinute, volatility: () => volatility, activity: () => activity };
}

function spreadOf(profile: SimulationProfile, random: Random, price: number): number {
  if (profile.spreadBp === 0) return 1;
  const median = (price * profile.spreadBp) / 10_000;
  return Math.max(1, Math.round(median * Math.exp(profile.spreadSpread * random.normal())));
}

/** Pareto: mostly the smallest, rarely hundreds. */
function sizeOf({ sizeUnit, sizeDecimals, sizeTail }: SimulationProfile, random: Random): number {
  const times = Math.min(sizeMax, (1 - random.uniform()) ** (-1 / sizeTail));
  const scale = 10 ** sizeDecimals;
  return Math.max(1 / scale, Math.floor(sizeUnit * times * scale) / scale);
}
