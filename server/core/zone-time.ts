/**
 * Local time of an IANA zone and back, exact over clock changes. The zone rules come from the runtime's own tables
 * (Intl); the result depends on the arguments alone. Dates are "YYYY-MM-DD", times "HH:MM" ("24:00" ends a day).
 */
const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Zones change their offset only on whole quarters of an hour, so one look-up serves a quarter. */
const slotMs = 15 * minuteMs;
const slotsMax = 20_000;

const offsets = new Map<string, Map<number, number>>();
const formats = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds that local time is ahead of UTC at `instantMs`; negative west of Greenwich. Throws on an unknown zone. */
export function zoneOffsetMs(zone: string, instantMs: number): number {
  const slot = Math.floor(instantMs / slotMs);
  let known = offsets.get(zone);
  if (known === undefined || known.size > slotsMax) {
    known = new Map();
    offsets.set(zone, known);
  }
  let offset = known.get(slot);
  if (offset === undefined) {
    offset = readOffset(zone, slot * slotMs);
    known.set(slot, offset);
  }
  return offset;
}

function readOffset(zone: string, instantMs: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    formats.set(zone, format);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instantMs)) part[type] = Number.parseInt(value, 10);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute) - instantMs;
}

/** Whether it is the name of a zone, not an offset such as "+08:00", which has no clock changes to follow. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "" && /^[A-Z]/.test(name);
  } catch {
    return false;
  }
}

/** What the wall clock of the zone shows. `weekday` 0 is Sunday. */
export function localTimeOf(zone: string, instantMs: number): LocalTime {
  const minute = Math.floor(instantMs / minuteMs);
  const last = lastAsked.get(zone);
  if (last?.minute === minute) return last.shown;
  const shown = readLocalTime(zone, instantMs);
  if (lastAsked.size >= zonesMax) lastAsked.clear();
  lastAsked.set(zone, { minute, shown });
  return shown;
}

export interface LocalTime {
  readonly date: string;
  readonly time: string;
  readonly weekday: number;
}

/** Many decisions ask about one minute. Offsets change on whole minutes only. */
const lastAsked = new Map<string, { readonly minute: number; readonly shown: LocalTime }>();
const zonesMax = 1_000;

function readLocalTime(zone: string, instantMs: number): LocalTime {
  const text = new Date(instantMs + zoneOffsetMs(zone, instantMs)).toISOString();
  const date = text.slice(0, 10);
  return { date, time: text.slice(11, 16), weekday: weekdayOf(date) };
}

/**
 * The instant at which the zone's wall clock shows `date` `time`. A time that a clock change skips means the moment
 * as much later; a time that happens twice means the first.
 */
export function instantOf(zone: string, date: string, time: string): number {
  const wall = Date.parse(`${date}T00:00:00Z`) + minutesOf(time) * minuteMs;
  const before = wall - zoneOffsetMs(zone, wall - dayMs);
  const after = wall - zoneOffsetMs(zone, wall + dayMs);
  const real = [Math.min(before, after), Math.max(before, after)].find((at) => at + zoneOffsetMs(zone, at) === wall);
  return real ?? before;
}

/** The date `days` calendar days later; days are counted on the calendar, never as 86,400 s of a zone. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

/** 0 is Sunday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();

/** "16:15" -> 975. */
export const minutesOf = (time: string): number =>
  Number.parseInt(time.slice(0, 2), 10) * 60 + Number.parseInt(time.slice(3, 5), 10);
