import type { MarkRule } from "#contracts/names.ts";
import { absolute, type Position } from "./position.ts";
import { cutAfter, hasSession, type SessionCalendar, tradeDateOf } from "./session-calendar.ts";
import { divideRounded, type Lots, lots, type Ticks, ticks } from "./units.ts";
import { addDays } from "./zone-time.ts";

/** A trade date that is over: its quotes were received in [from, cutAt). */
export interface OverDate {
  readonly tradeDate: string;
  readonly from: Date;
  readonly cutAt: Date;
}

/** Dates computed at once when a job comes late; the next call goes on. */
const datesMax = 31;

/**
 * Trade dates after `after` whose cut is not later than `now`, in order; days without any session have none. A date begins at the
 * cut of the calendar day before it, so the trading of an evening, or of a weekend, belongs to the next date with a session.
 */
export function datesOver(calendar: SessionCalendar, after: string, now: Date): OverDate[] {
  const found: OverDate[] = [];
  let from = cutAfter(calendar, after);
  const last = tradeDateOf(calendar, now);
  for (let date = addDays(after, 1); date <= last && found.length < datesMax; date = addDays(date, 1)) {
    const cutAt = cutAfter(calendar, date);
    if (cutAt.getTime() > now.getTime()) break;
    if (!hasSession(calendar, date)) continue;
    found.push({ tradeDate: date, from, cutAt });
    from = cutAt;
  }
  return found;
}

/**
 * The settlement price by an instrument's rule: the middle of bid and ask, rounded up to a whole tick where it lies between two; or the
 * last trade the quote shows. Null: the quote shows none.
 */
export function markPriceBy(
  rule: MarkRule,
  quote: { readonly bid: Ticks; readonly ask: Ticks; readonly last: Ticks | null },
): Ticks | null {
  return rule === "last" ? quote.last : ticks(divideRounded(quote.bid + quote.ask, 2n));
}

/**
 * Lots, signed, that were open at the cut and still are: what the mark is about. `lotsAfter` are the position's lots after each fill
 * since the cut, `lotsAtCut` those before the first. A position that was flat or turned since has none.
 */
export function lotsHeldSince(lotsAtCut: Lots, lotsAfter: readonly Lots[]): Lots {
  let held = lotsAtCut;
  for (const after of lotsAfter) {
    if (after === 0n || after < 0n !== lotsAtCut < 0n) return lots(0n);
    if (absolute(after) < absolute(held)) held = after;
  }
  return held;
}

export interface MarkedPosition {
  readonly position: Position;
  /** What the marked lots had cost, in ticks x lots, signed as the lots. */
  readonly costTaken: bigint;
  /** Difference to the mark in ticks x lots: + received, - paid. Times tickValue it is money, exactly. */
  readonly resultTicks: bigint;
}

/**
 * Marks `held` lots of a position (signed, not more than it has) to a price: their difference is paid, and their cost becomes the mark.
 * Nothing is gained or lost by it: marks and realized results together are what the realized results alone would be. A part
 * takes cost x held / lots, rounded half away from zero; the remainder stays with the rest.
 */
export function markToPrice(position: Position, held: Lots, price: Ticks): MarkedPosition {
  const costTaken = position.lots === 0n ? 0n : divideRounded(position.cost * held, position.lots);
  const resultTicks = price * held - costTaken;
  return { position: { lots: position.lots, cost: position.cost + resultTicks }, costTaken, resultTicks };
}
