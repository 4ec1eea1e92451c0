import type { BarPrice, TickCorrectionKind } from "#contracts/names.ts";
import type { Bar } from "./bar.ts";
import { barBuilder } from "./bar-builder.ts";
import type { Quote } from "./quote.ts";
import type { Ticks } from "./units.ts";

/** What holds for a quote instead of what the venue said first. Its newest correction counts. */
export interface TickCorrection {
  readonly kind: TickCorrectionKind;
  /** Null unless the kind is `price`. */
  readonly price: Ticks | null;
}

/** Open, high, low, close and volume. */
export type BarValues = Pick<Bar, "open" | "high" | "low" | "close" | "volume">;

/** The quote as bars see it: null when it was taken back. A corrected price stands for bid, ask and trade alike. */
export function correctedQuote(quote: Quote, correction: TickCorrection | undefined): Quote | null {
  if (correction === undefined || correction.kind === "restore") return quote;
  const { price } = correction;
  if (price === null) return null;
  return { ...quote, bid: price, ask: price, last: quote.last === null ? null : price, flag: null };
}

/** The one minute that all these quotes lie in, in order of seq; null when none gives a price. */
export function minuteOf(
  quotes: readonly Quote[],
  corrections: ReadonlyMap<bigint, TickCorrection>,
  barPrice: BarPrice,
): BarValues | null {
  // Only the minute is taken, so the trade date does not matter.
  const builder = barBuilder(barPrice, () => "1970-01-01");
  for (const quote of quotes) {
    const corrected = correctedQuote(quote, corrections.get(quote.seq));
    if (corrected !== null) builder.add(corrected);
  }
  return builder.takeChanged().find(({ interval }) => interval === "1m") ?? null;
}

/** One bar of several minutes, which must be in order of time. Null when there is none. */
export function foldMinutes(minutes: readonly BarValues[]): BarValues | null {
  const [first, last] = [minutes[0], minutes.at(-1)];
  if (first === undefined || last === undefined) return null;
  let [{ high, low }, volume] = [first, 0n];
  for (const minute of minutes) {
    if (minute.high > high) high = minute.high;
    if (minute.low < low) low = minute.low;
    volume += minute.volume;
  }
  return { open: first.open, high, low, close: last.close, volume };
}

export const sameValues = (one: BarValues, other: BarValues): boolean =>
  (["open", "high", "low", "close", "volume"] as const).every((part) => one[part] === other[part]);

/** The bar with other values, as its next revision; `final` stays. */
export const revised = (bar: Bar, { open, high, low, close, volume }: BarValues): Bar => ({
  ...bar,
  ...{ open, high, low, close, volume },
  rev: bar.rev + 1,
});
