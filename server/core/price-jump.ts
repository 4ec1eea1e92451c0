import type { VenueTick } from "./feed.ts";

/** What the watch over an instrument's prices remembers. Prices are bid + ask in ticks: twice the mid, exact. */
export interface JumpWatch {
  /** The newest price that was believed; null before the first. */
  readonly believed: bigint | null;
  /** A price far from it, since when it stands by the venue's clock, and how many ticks in a row were near it. */
  readonly doubted: { readonly price: bigint; readonly sinceMs: number; readonly ticks: number } | null;
}

export const noPrices: JumpWatch = { believed: null, doubted: null };

/** Wider than any price band of an exchange lets one tick move a liquid future (CME: 7 %, overnight). */
const jumpPercent = 10n;
/** A jump that stands is a market that moved: after so many ticks over so long it is believed. */
const standsTicks = 3;
const standsMs = 2_000;

/**
 * Whether a tick jumped: it is more than 10 % away from the newest believed price, and has not stood there for 2 s by the
 * venue's clock over at least 3 ticks. A wrong print prices nothing that way, and a market that crashed is back after 2 s.
 * For ticks without any other flaw, in their order.
 */
export function watchJumps(watch: JumpWatch, tick: VenueTick): { readonly watch: JumpWatch; readonly isJump: boolean } {
  const price = tick.bid + tick.ask;
  const believe = { watch: { believed: price, doubted: null }, isJump: false };
  if (watch.believed === null || isNear(price, watch.believed)) return believe;
  const before = watch.doubted;
  const doubted =
    before !== null && isNear(price, before.price)
      ? { ...before, ticks: before.ticks + 1 }
      : { price, sinceMs: tick.venueAtMs, ticks: 1 };
  if (doubted.ticks >= standsTicks && tick.venueAtMs - doubted.sinceMs >= standsMs) return believe;
  return { watch: { ...watch, doubted }, isJump: true };
}

function isNear(price: bigint, other: bigint): boolean {
  const apart = price > other ? price - other : other - price;
  return apart * 100n <= other * jumpPercent;
}
