import type { Locale } from "#contracts/names.ts";

/** "22 Nov 2026, 17:50:30" or "2026/11/22 17:50:30", in the zone of the one who reads it. */
export const timeText = (iso: string, locale: Locale): string =>
  formatted(iso, locale, {
    year: "numeric",
    month: locale === "en" ? "short" : "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });

/** "17:50:30", for prices. */
export const clockText = (epochMs: number, locale: Locale): string =>
  new Intl.DateTimeFormat(language(locale), {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).format(epochMs);

/** A date without a time has no zone and must not move with one. */
export const dateText = (date: string, locale: Locale): string =>
  formatted(`${date.slice(0, 10)}T00:00:00Z`, locale, {
    year: "numeric",
    month: locale === "en" ? "short" : "2-digit",
    day: "2-digit",
    timeZone: "UTC",
  });

/** "2026-11-22 17:50:30 UTC": what the logs say. */
export const utcText = (iso: string): string => `${iso.slice(0, 19).replace("T", " ")} UTC`;

/** "UTC+8": the zone that times are shown in. */
export function zoneText(): string {
  const minutes = -new Date().getTimezoneOffset();
  const hours = `${Math.trunc(Math.abs(minutes) / 60)}`;
  const rest = Math.abs(minutes) % 60;
  if (minutes === 0) return "UTC";
  return `UTC${minutes > 0 ? "+" : "−"}${hours}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
}

/** Local wall time for an input of type datetime-local, and back to an instant. */
export function toWallTime(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
export const fromWallTime = (wall: string): string => new Date(wall).toISOString();

const language = (locale: Locale): string => (locale === "en" ? "en-GB" : "zh-CN");

function formatted(iso: string, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : new Intl.DateTimeFormat(language(locale), options).format(at);
}
