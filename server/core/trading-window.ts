import { ok, type Result, refuse } from "./result.ts";
import { isZone, localTimeOf, minutesOf } from "./zone-time.ts";

/** Hours in which positions may be opened, on the days on which they begin, by the wall clock of a zone. */
export interface TradingWindow {
  /** 0 is Sunday. */
  readonly weekdays: readonly number[];
  readonly from: string;
  /** Itself not within; at or before `from`: it ends on the next day. */
  readonly to: string;
  readonly zone: string;
}

/** A time of day by a zone's wall clock. */
export interface DailyTime {
  readonly time: string;
  readonly zone: string;
}

export type WindowProblem = "unreadable" | "unknown-zone" | "empty" | "overlaps";

const dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const weekMinutes = 7 * 24 * 60;
const dayMinutes = 24 * 60;
const form = /^([a-z]{3}(?:-[a-z]{3})?(?:,[a-z]{3}(?:-[a-z]{3})?)*) (\d\d:\d\d)-(\d\d:\d\d) (\S+)$/;

/** "mon-fri 09:00-17:30 Europe/London", "sun-thu 17:00-16:00 America/Chicago" (over midnight), "sat,sun 10:00-12:00 UTC". */
export function readWindow(text: string): Result<TradingWindow, WindowProblem> {
  const [, days = "", from = "", to = "", zone = ""] = form.exec(text.trim()) ?? [];
  const weekdays = readDays(days);
  if (weekdays === null || !isTime(from) || !(isTime(to) || to === "24:00")) return refuse("unreadable");
  if (!isZone(zone)) return refuse("unknown-zone");
  return from === to ? refuse("empty") : ok({ weekdays, from, to, zone });
}

/** Several windows; two of one zone must not overlap, since nobody can tell what was meant. */
export function readWindows(texts: readonly string[]): Result<readonly TradingWindow[], WindowProblem> {
  const windows: TradingWindow[] = [];
  for (const text of texts) {
    const read = readWindow(text);
    if (!read.ok) return read;
    if (windows.some((one) => one.zone === read.value.zone && overlap(one, read.value))) return refuse("overlaps");
    windows.push(read.value);
  }
  return windows.length === 0 ? refuse("empty") : ok(windows);
}

/** "16:55 America/Chicago". */
export function readDailyTime(text: string): Result<DailyTime, WindowProblem> {
  const [, time = "", zone = ""] = /^(\d\d:\d\d) (\S+)$/.exec(text.trim()) ?? [];
  if (!isTime(time)) return refuse("unreadable");
  return isZone(zone) ? ok({ time, zone }) : refuse("unknown-zone");
}

/** Whether the wall clock of the window's zone is within it. On the day of a clock change the wall clock decides, as people read it. */
export function isWithin(window: TradingWindow, atMs: number): boolean {
  const { weekday, time } = localTimeOf(window.zone, atMs);
  const now = weekday * dayMinutes + minutesOf(time);
  return stretches(window).some(([from, to]) => contains(from, to, now) || contains(from, to, now + weekMinutes));
}

/** How hours are told: all of them, and the zones whose clocks they go by. */
export interface ToldHours {
  readonly text: string;
  readonly zones: readonly string[];
}

const knownHours = new WeakMap<readonly TradingWindow[], ToldHours>();

/** The same hours are told with every order. */
export function hoursOf(windows: readonly TradingWindow[]): ToldHours {
  const known = knownHours.get(windows);
  if (known !== undefined) return known;
  const told = {
    text: windows.map(writeWindow).join("; "),
    zones: [...new Set(windows.map(({ zone }) => zone))],
  };
  knownHours.set(windows, told);
  return told;
}

/** Days that follow each other are written as from the first to the last. */
export const writeWindow = ({ weekdays, from, to, zone }: TradingWindow): string =>
  `${runsOf(weekdays).map(writeRun).join(",")} ${from}-${to} ${zone}`;

/** The days in their order, cut where one does not follow the other. */
function runsOf(weekdays: readonly number[]): readonly (readonly number[])[] {
  const runs: number[][] = [];
  for (const day of weekdays) {
    const run = runs.at(-1);
    if (run !== undefined && day === ((run.at(-1) ?? 0) + 1) % 7) run.push(day);
    else runs.push([day]);
  }
  return runs;
}

function writeRun(run: readonly number[]): string {
  const names = run.map((day) => dayNames[day]);
  return names.length < 3 ? names.join(",") : `${names[0]}-${names.at(-1)}`;
}

/** Whether the wall clock is within the outer hours whenever it is within the inner ones; of several zones: it is not known. */
export function areWithin(inner: readonly TradingWindow[], outer: readonly TradingWindow[]): boolean {
  const zones = new Set([...inner, ...outer].map(({ zone }) => zone));
  if (zones.size > 1) return false;
  const covered = outer.flatMap(stretches);
  const isCovered = (minute: number): boolean =>
    covered.some(([from, to]) => contains(from, to, minute) || contains(from, to, minute + weekMinutes));
  return inner
    .flatMap(stretches)
    .every(([from, to]) =>
      Array.from({ length: to - from }, (_, place) => (from + place) % weekMinutes).every(isCovered),
    );
}

const contains = (from: number, to: number, at: number): boolean => at >= from && at < to;

type Stretches = readonly (readonly [number, number])[];
const knownStretches = new WeakMap<TradingWindow, Stretches>();

/** Minutes of the week, each as [from, to); one that goes over Saturday's end has its end beyond the week. */
function stretches(window: TradingWindow): Stretches {
  const known = knownStretches.get(window);
  if (known !== undefined) return known;
  const begin = minutesOf(window.from);
  const end = minutesOf(window.to);
  const length = (end > begin ? end : end + dayMinutes) - begin;
  const found = window.weekdays.map((day) => [day * dayMinutes + begin, day * dayMinutes + begin + length] as const);
  knownStretches.set(window, found);
  return found;
}

const overlap = (one: TradingWindow, other: TradingWindow): boolean =>
  stretches(one).some(([from, to]) =>
    stretches(other).some(([begin, end]) =>
      [-weekMinutes, 0, weekMinutes].some((shift) => from < end + shift && begin + shift < to),
    ),
  );

function readDays(text: string): readonly number[] | null {
  const days = new Set<number>();
  for (const part of text.split(",")) {
    const [first = -1, last = first] = part.split("-").map((name) => dayNames.indexOf(name));
    if (first < 0 || last < 0) return null;
    for (let day = first; ; day = (day + 1) % 7) {
      if (days.has(day)) return null;
      days.add(day);
      if (day === last) break;
    }
  }
  return [...days];
}

const isTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
