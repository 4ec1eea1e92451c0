import { addDays, instantOf, localTimeOf, minutesOf, weekdayOf } from "./zone-time.ts";

/** A local time of a weekday; 0 is Sunday. */
export interface WeekTime {
  readonly weekday: 0 | 1 | 2 | 3 | 4 | 5 | 6;
  /** "HH:MM" in the calendar's zone. */
  readonly time: string;
}

/** One trading session of the week, in force on the local dates [validFrom, validTo] of its opening. */
export interface SessionRule {
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly open: WeekTime;
  readonly close: WeekTime;
}

/** A trade date that is closed, or that closes early (`closesAt`, "HH:MM" local). */
export interface Holiday {
  readonly date: string;
  readonly name: string;
  readonly closesAt: string | null;
}

/** When an instrument trades. Local times of `zone`; a new trade date begins at `tradeDateCut`. */
export interface SessionCalendar {
  readonly id: string;
  readonly zone: string;
  /** "HH:MM": trading from here on counts for the next date. "00:00": the trade date is the calendar date. */
  readonly tradeDateCut: string;
  readonly sessions: readonly SessionRule[];
  readonly holidays: readonly Holiday[];
}

/** A stretch of trading [openAt, closeAt) within one trade date, in epoch ms. */
interface Stretch {
  readonly openAt: number;
  readonly closeAt: number;
  readonly tradeDate: string;
}

export interface SessionState {
  readonly open: boolean;
  /** When trading begins again; while open: after the next close. Null when no session follows within the horizon. */
  readonly nextOpenAt: Date | null;
  /** When trading stops; null when it doesn't within the horizon (round the clock), or no session follows. */
  readonly nextCloseAt: Date | null;
}

/** How far ahead the next open and close are looked for: past any run of holidays. */
const horizonDays = 15;
/** The longest session is a week. */
const longestSessionDays = 8;
const rememberedDatesMax = 5_000;

/**
 * The trade date that trading at `at` counts for: the local date, or the next one from the cut on. So Sunday 17:00 in
 * Chicago belongs to Monday. It goes by the clock alone, also outside sessions.
 */
export function tradeDateOf(calendar: SessionCalendar, at: Date): string {
  const local = localTimeOf(calendar.zone, at.getTime());
  return calendar.tradeDateCut !== "00:00" && local.time >= calendar.tradeDateCut ? addDays(local.date, 1) : local.date;
}

/** When the trade date that `at` counts for ends: the next cut after it. */
export function tradeDateEnd(calendar: SessionCalendar, at: Date): Date {
  const tradeDate = tradeDateOf(calendar, at);
  const cutDate = calendar.tradeDateCut === "00:00" ? addDays(tradeDate, 1) : tradeDate;
  return new Date(instantOf(calendar.zone, cutDate, calendar.tradeDateCut));
}

/** The instant at which a trade date ends and the next begins: the cut on its local date, exact over clock changes. */
export function cutAfter(calendar: SessionCalendar, tradeDate: string): Date {
  const date = calendar.tradeDateCut === "00:00" ? addDays(tradeDate, 1) : tradeDate;
  return new Date(instantOf(calendar.zone, date, calendar.tradeDateCut));
}

/** Whether anything is traded on a trade date: not on weekends and full holidays. */
export function hasSession(calendar: SessionCalendar, tradeDate: string): boolean {
  for (let day = -longestSessionDays; day <= 0; day++)
    if (openingOn(calendar, addDays(tradeDate, day)).some((stretch) => stretch.tradeDate === tradeDate)) return true;
  return false;
}

/** Whether the calendar trades at `at`. A session's last instant is the one before its close. */
export function isOpen(calendar: SessionCalendar, at: Date): boolean {
  const instant = at.getTime();
  return stretchesAround(calendar, instant, 1).some((s) => s.openAt <= instant && instant < s.closeAt);
}

/** Open or not, with the next close and the next open. Sessions that touch (a trade date ends, the next begins) are one. */
export function sessionState(calendar: SessionCalendar, at: Date): SessionState {
  const instant = at.getTime();
  const sessions = joined(stretchesAround(calendar, instant, horizonDays)).filter((s) => s.closeAt > instant);
  const [current, following] = sessions;
  if (current === undefined) return { open: false, nextOpenAt: null, nextCloseAt: null };
  const closeAt = current.closeAt >= horizonOf(instant) ? null : new Date(current.closeAt);
  if (current.openAt > instant) return { open: false, nextOpenAt: new Date(current.openAt), nextCloseAt: closeAt };
  return { open: true, nextOpenAt: following ? new Date(following.openAt) : null, nextCloseAt: closeAt };
}

const horizonOf = (instant: number): number => instant + (horizonDays - 1) * 86_400_000;

/** All stretches that may matter from `instant` on, in order. */
function stretchesAround(calendar: SessionCalendar, instant: number, daysAhead: number): Stretch[] {
  const today = localTimeOf(calendar.zone, instant).date;
  const found: Stretch[] = [];
  for (let day = -longestSessionDays; day <= daysAhead; day++)
    found.push(...openingOn(calendar, addDays(today, day)).filter((s) => s.closeAt > instant));
  return found.sort((a, b) => a.openAt - b.openAt);
}

const remembered = new WeakMap<SessionCalendar, Map<string, readonly Stretch[]>>();

/** Stretches of the sessions that open on a local date; remembered, as a calendar is an immutable value. */
function openingOn(calendar: SessionCalendar, date: string): readonly Stretch[] {
  let dates = remembered.get(calendar);
  if (dates === undefined || dates.size > rememberedDatesMax) {
    dates = new Map();
    remembered.set(calendar, dates);
  }
  let stretches = dates.get(date);
  if (stretches === undefined) {
    const weekday = weekdayOf(date);
    stretches = calendar.sessions
      .filter((rule) => rule.open.weekday === weekday && rule.validFrom <= date && date <= (rule.validTo ?? date))
      .flatMap((rule) => stretchesOf(calendar, rule, date));
    dates.set(date, stretches);
  }
  return stretches;
}

/** One session cut at the trade-date changes inside it, less holidays. */
function stretchesOf(calendar: SessionCalendar, rule: SessionRule, date: string): Stretch[] {
  const { zone } = calendar;
  const openAt = instantOf(zone, date, rule.open.time);
  const closeAt = instantOf(zone, addDays(date, daysOpen(rule)), rule.close.time);
  const stretches: Stretch[] = [];
  for (let from = openAt; from < closeAt; ) {
    const tradeDate = tradeDateOf(calendar, new Date(from));
    const cutDate = calendar.tradeDateCut === "00:00" ? addDays(tradeDate, 1) : tradeDate;
    const to = Math.min(closeAt, instantOf(zone, cutDate, calendar.tradeDateCut));
    const end = Math.min(to, holidayEnd(calendar, tradeDate) ?? to);
    if (end > from) stretches.push({ openAt: from, closeAt: end, tradeDate });
    from = to;
  }
  return stretches;
}

/** Calendar days from the local date of the open to that of the close, 0 to 7. */
function daysOpen({ open, close }: SessionRule): number {
  const days = (close.weekday - open.weekday + 7) % 7;
  return days === 0 && minutesOf(close.time) <= minutesOf(open.time) ? 7 : days;
}

/** Until when a trade date trades: null on an ordinary one, before everything when it is closed. */
function holidayEnd(calendar: SessionCalendar, tradeDate: string): number | null {
  const holiday = calendar.holidays.find((day) => day.date === tradeDate);
  if (holiday === undefined) return null;
  return holiday.closesAt === null ? Number.NEGATIVE_INFINITY : instantOf(calendar.zone, tradeDate, holiday.closesAt);
}

function joined(stretches: readonly Stretch[]): { openAt: number; closeAt: number }[] {
  const sessions: { openAt: number; closeAt: number }[] = [];
  for (const { openAt, closeAt } of stretches) {
    const last = sessions.at(-1);
    if (last !== undefined && openAt <= last.closeAt) last.closeAt = Math.max(last.closeAt, closeAt);
    else sessions.push({ openAt, closeAt });
  }
  return sessions;
}
