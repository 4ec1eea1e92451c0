import type { QuoteFlag } from "#contracts/names.ts";
import type { VenueTick } from "./feed.ts";
import { divideRounded, type PriceScale, parseDecimal, type Ticks, ticks } from "./units.ts";

/** Digits that any source writes after the point; a price with more is refused as unreadable. */
const sourceDecimalsMax = 12;

/** A source's price text in ticks. Off the grid it is rounded to the nearer tick (half away from zero); null when it is no decimal. */
export function readPrice(text: string, scale: PriceScale): { price: Ticks; isOffTick: boolean } | null {
  const exact = parseDecimal(text, sourceDecimalsMax);
  if (exact === null) return null;
  const tick = scale.tickSize * 10n ** BigInt(sourceDecimalsMax - scale.decimals);
  return { price: ticks(divideRounded(exact, tick)), isOffTick: exact % tick !== 0n };
}

/**
 * Why a tick may not price an order, or null. The first of: a side not above zero, ask below bid (equal is locked, not
 * crossed), an earlier venue time than the newest of this instrument, a price between ticks.
 */
export function flagOf(tick: VenueTick, newestVenueAtMs: number): QuoteFlag | null {
  if (tick.bid <= 0n || tick.ask <= 0n) return "not-positive";
  if (tick.ask < tick.bid) return "crossed";
  if (tick.venueAtMs < newestVenueAtMs) return "out-of-order";
  if (tick.isOffTick) return "off-tick";
  return null;
}
