import type { LossReset } from "./loss-rule.ts";
import { addDays, instantOf, localTimeOf, weekdayOf } from "./zone-time.ts";

/**
 * The last reset at or before a moment, epoch ms. Days are counted on the zone's calendar, so a reset keeps its local time over clock
 * changes: the day of 23 hours has one, and so has that of 25. A local time that the clock skips is the moment as much later.
 */
export const lastReset = (reset: LossReset, atMs: number): number => periodOf(reset, atMs).from;

/** The first reset after a moment, epoch ms. */
export const nextReset = (reset: LossReset, atMs: number): number => periodOf(reset, atMs).to;

/** From one reset to the next, itself not within. */
interface Period {
  readonly from: number;
  readonly to: number;
}

/** The periods of each rule that were asked for last: the present one is with every look at every account, those before it when a reset was passed. */
const known = new WeakMap<LossReset, Period[]>();
const knownMost = 4;

function periodOf(reset: LossReset, atMs: number): Period {
  const last = known.get(reset) ?? [];
  for (const period of last) if (period.from <= atMs && atMs < period.to) return period;
  const period = { from: resetBefore(reset, atMs), to: resetAfter(reset, atMs) };
  known.set(reset, [period, ...last.slice(0, knownMost - 1)]);
  return period;
}

function resetBefore(reset: LossReset, atMs: number): number {
  let date = addDays(localTimeOf(reset.zone, atMs).date, 1);
  for (let day = 0; day <= daysBackMax; day++, date = addDays(date, -1)) {
    const instant = resetOn(reset, date);
    if (instant !== null && instant <= atMs) return instant;
  }
  throw new Error(`no reset at ${reset.time} ${reset.zone} within ${daysBackMax} days before ${atMs}`);
}

function resetAfter(reset: LossReset, atMs: number): number {
  let date = addDays(localTimeOf(reset.zone, atMs).date, -1);
  for (let day = 0; day <= daysBackMax; day++, date = addDays(date, 1)) {
    const instant = resetOn(reset, date);
    if (instant !== null && instant > atMs) return instant;
  }
  throw new Error(`no reset at ${reset.time} ${reset.zone} within ${daysBackMax} days after ${atMs}`);
}

/** The resets in (afterMs, untilMs], the last of them first thrown away beyond `most`; oldest first. */
export function resetsBetween(reset: LossReset, afterMs: number, untilMs: number, most: number): number[] {
  const found: number[] = [];
  for (let at = lastReset(reset, untilMs); at > afterMs && found.length < most; at = lastReset(reset, at - 1))
    found.unshift(at);
  return found;
}

/** A week, and the day before and after that another zone's date may differ by. */
const daysBackMax = 9;

function resetOn({ time, zone, weekday }: LossReset, date: string): number | null {
  return weekday === null || weekdayOf(date) === weekday ? instantOf(zone, date, time) : null;
}
