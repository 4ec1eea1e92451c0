import { divideRounded, formatDecimal, parseDecimal } from "#core/units.ts";

/** Digits after the point of a plain decimal: "12.50" has 2. */
export function scaleOf(text: string): number {
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point - 1;
}

/** A decimal of the wire as a whole number of 10^-scale. Throws on text that is no decimal: the server broke its contract. */
export function unitsOf(text: string, scale: number): bigint {
  const units = parseDecimal(text, scale);
  if (units === null) throw new Error(`"${text}" is no decimal with at most ${scale} digits`);
  return units;
}

const widest = (left: string, right: string): number => Math.max(scaleOf(left), scaleOf(right));

/**
 * The decimal that a bar's number came from. The server writes the nearest double of an exact price; written back to the
 * digits of the instrument it is that price again (up to 15 significant digits).
 */
export const barPrice = (price: number, decimals: number): string => price.toFixed(decimals);

/** Exact sum, written with the larger scale of the two. */
export function add(left: string, right: string): string {
  const scale = widest(left, right);
  return formatDecimal(unitsOf(left, scale) + unitsOf(right, scale), scale);
}

/** Exact difference, written with the larger scale of the two. */
export function subtract(left: string, right: string): string {
  const scale = widest(left, right);
  return formatDecimal(unitsOf(left, scale) - unitsOf(right, scale), scale);
}

/** Exact product with a whole number. */
export function times(amount: string, factor: bigint): string {
  const scale = scaleOf(amount);
  return formatDecimal(unitsOf(amount, scale) * factor, scale);
}

/** −1, 0 or 1 as left is below, equal to or above right. */
export function compare(left: string, right: string): -1 | 0 | 1 {
  const scale = widest(left, right);
  const difference = unitsOf(left, scale) - unitsOf(right, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const smaller = (left: string, right: string): string => (compare(left, right) <= 0 ? left : right);

/** How many whole times `part` goes into `amount`; 0 when either is not positive. */
export function wholeTimes(amount: string, part: string): bigint {
  const scale = widest(amount, part);
  const parts = unitsOf(part, scale);
  const units = unitsOf(amount, scale);
  return parts <= 0n || units <= 0n ? 0n : units / parts;
}

/** Steps of `step` between two prices, signed; rounded half away from zero when they lie off the grid. */
export function stepsBetween(prices: { from: string; to: string; step: string }): bigint {
  const scale = Math.max(scaleOf(prices.from), scaleOf(prices.to), scaleOf(prices.step));
  return divideRounded(unitsOf(prices.to, scale) - unitsOf(prices.from, scale), unitsOf(prices.step, scale));
}

/** `part` in percent of `whole` with two digits, rounded half away from zero: "0.24". Null when `whole` is zero. */
export function percentOf(part: string, whole: string): string | null {
  const scale = widest(part, whole);
  const base = unitsOf(whole, scale);
  if (base === 0n) return null;
  return formatDecimal(divideRounded(unitsOf(part, scale) * 10_000n, base < 0n ? -base : base), 2);
}
