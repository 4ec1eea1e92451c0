import type { Interval, Locale } from "#contracts/names.ts";

const halfDayMs = 12 * 60 * 60 * 1000;

export interface TimeWords {
  /** Text under the time axis. */
  readonly axis: (atMs: number, interval: Interval) => string;
  /** When a bar began, for its tooltip. */
  readonly bar: (openedAtMs: number, interval: Interval) => string;
}

/** Whether a chart of this interval is read by dates: of 4 hours and longer, the hour says nothing. */
export const isByDate = (interval: Interval): boolean => interval === "4h" || interval === "1d";

/**
 * Times of a chart in words: dates for long intervals, else hours, and the date where a day begins. Hours are the reader's
 * (`readerZone`; default: the browser's). A day is the trade date at the exchange: it may begin on the evening before (17:00 in
 * Chicago), but its middle always lies in it.
 */
export function timeWords(locale: Locale, exchangeZone: string, readerZone?: string): TimeWords {
  const reader = readerZone === undefined ? {} : { timeZone: readerZone };
  const day = { month: "short", day: "numeric" } as const;
  const hours = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const tradeDate = new Intl.DateTimeFormat(locale, { ...day, timeZone: exchangeZone });
  const tradeDateLong = new Intl.DateTimeFormat(locale, {
    ...{ weekday: "short", year: "numeric", timeZone: exchangeZone },
    ...day,
  });
  const date = new Intl.DateTimeFormat(locale, { ...day, ...reader });
  const time = new Intl.DateTimeFormat(locale, { ...hours, ...reader });
  const stamp = new Intl.DateTimeFormat(locale, {
    ...{ month: "2-digit", day: "2-digit", timeZoneName: "short" },
    ...hours,
    ...reader,
  });
  return {
    axis: (atMs, interval) => {
      if (interval === "1d") return tradeDate.format(atMs + halfDayMs);
      const written = time.format(atMs);
      return interval === "4h" || written === "00:00" ? date.format(atMs) : written;
    },
    bar: (openedAtMs, interval) =>
      interval === "1d" ? tradeDateLong.format(openedAtMs + halfDayMs) : stamp.format(openedAtMs),
  };
}
