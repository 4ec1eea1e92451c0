import type { Interval, Locale } from "#contracts/names.ts";
import type { WireQuote } from "#contracts/trading-api.ts";

const minuteMs = 60_000;
export const intervalMs: Readonly<Record<Interval, number>> = {
  "1m": minuteMs,
  "5m": 5 * minuteMs,
  "15m": 15 * minuteMs,
  "30m": 30 * minuteMs,
  "1h": 60 * minuteMs,
  "4h": 240 * minuteMs,
  "1d": 1440 * minuteMs,
};

/** The time at the venue: that of its newest quote where it is a replay, else `nowMs`. */
export const venueTime = (quote: WireQuote | undefined, nowMs: number): number =>
  quote?.source === "replay" ? quote.venueAtMs : nowMs;

/** Time left as a person reads it: "0:07", "12:34", "3:04:05". Never negative; a begun second counts as whole. */
export function countdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** Time until a bar closes; null for a bar whose time is over (a quiet market has not opened the next one yet). */
export function barTimeLeft(bar: { openedAtMs: number; interval: Interval; nowMs: number }): number | null {
  const left = bar.openedAtMs + intervalMs[bar.interval] - bar.nowMs;
  return left > 0 ? left : null;
}

/** Weekday, date and time in the reader's zone, with the zone's name: "Mon, Nov 23, 00:00 GMT+1". */
export function when(iso: string, locale: Locale, zone?: string): string {
  return new Intl.DateTimeFormat(locale, {
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).format(new Date(iso));
}

/** Date and time to the second for lists; the column's head names the zone. */
export function stamp(iso: string, locale: Locale, zone?: string): string {
  return new Intl.DateTimeFormat(locale, {
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).format(new Date(iso));
}

/** A day that may be a year away, in the reader's zone: "Mar 23, 2027". */
export function day(iso: string, locale: Locale, zone?: string): string {
  return new Intl.DateTimeFormat(locale, {
    year: "numeric",
    month: "short",
    day: "numeric",
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).format(new Date(iso));
}

/** A minute that may be years away, in the reader's zone: "Mar 23, 2027, 2:16 PM". */
export const moment = (iso: string, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));

/** Short name of the reader's zone: "GMT+8". */
export function zoneName(locale: Locale, at: Date): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZoneName: "short" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}
