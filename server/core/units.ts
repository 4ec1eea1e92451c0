declare const unit: unique symbol;
type Branded<T, Name extends string> = T & { readonly [unit]: Name };

/** Money in the smallest unit of its currency: 1 = one cent for USD. Signed. */
export type MinorUnits = Branded<bigint, "MinorUnits">;

/** A price counted in the instrument's tick size: 4 = 4 x tickSize. */
export type Ticks = Branded<bigint, "Ticks">;

/** A whole number of contracts. Signed where a side is folded in (positions), positive in orders. */
export type Lots = Branded<bigint, "Lots">;

export const minorUnits = (value: bigint): MinorUnits => value as MinorUnits;
export const ticks = (value: bigint): Ticks => value as Ticks;
export const lots = (value: bigint): Lots => value as Lots;

/** Longest decimal accepted from outside: more digits than any price or amount needs, few enough to be cheap. */
const decimalCharsMax = 40;
const decimalShape = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/;

/**
 * Reads a plain decimal ("-12.50") as a whole number of 10^-scale. Null when the text is not a plain decimal
 * (exponent, spaces, grouping, leading zeros, other digits), is too long, or has digits below the scale.
 */
export function parseDecimal(text: string, scale: number): bigint | null {
  if (text.length > decimalCharsMax) return null;
  const match = decimalShape.exec(text);
  if (!match) return null;
  const [, sign, whole = "0", fraction = ""] = match;
  const kept = fraction.slice(0, scale);
  if (/[1-9]/.test(fraction.slice(scale))) return null;
  const magnitude = BigInt(whole + kept.padEnd(scale, "0"));
  return sign === "-" ? -magnitude : magnitude;
}

/** Writes a whole number of 10^-scale as a plain decimal with exactly `scale` digits: 1250n, 2 -> "12.50". */
export function formatDecimal(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, "0");
  const sign = value < 0n ? "-" : "";
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** How an instrument writes its prices: `tickSize` in units of 10^-decimals, so 0.25 with 2 decimals is 25n. */
export interface PriceScale {
  readonly tickSize: bigint;
  readonly decimals: number;
}

/** A price as a person writes it: 21001 ticks of 0.25 -> "5250.25". */
export const formatPrice = (price: Ticks, scale: PriceScale): string =>
  formatDecimal(price * scale.tickSize, scale.decimals);

/** The reverse of formatPrice; null when the text is no decimal or lies between two ticks. */
export function parsePrice(text: string, scale: PriceScale): Ticks | null {
  const scaled = parseDecimal(text, scale.decimals);
  if (scaled === null || scaled % scale.tickSize !== 0n) return null;
  return ticks(scaled / scale.tickSize);
}

/** Digits below an instrument's own that a price between two ticks may have. */
const finerDigits = 8;

/**
 * Any plain decimal as a price: between two ticks it is rounded down, and `isOnTick` says so. Null when the text is no plain
 * decimal, or has more digits than a price ever has.
 */
export function readPrice(text: string, scale: PriceScale): { price: Ticks; isOnTick: boolean } | null {
  const scaled = parseDecimal(text, scale.decimals + finerDigits);
  if (scaled === null) return null;
  const tick = scale.tickSize * 10n ** BigInt(finerDigits);
  const below = scaled >= 0n ? scaled / tick : -((-scaled + tick - 1n) / tick);
  return { price: ticks(below), isOnTick: scaled % tick === 0n };
}

/**
 * Division rounded half away from zero: the one rounding of the core besides exact arithmetic. Its remainder stays
 * with whoever keeps the undivided rest (a position's remaining cost, the house's share of a commission).
 */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const a = dividend < 0n ? -dividend : dividend;
  const b = divisor < 0n ? -divisor : divisor;
  const quotient = (2n * a + b) / (2n * b);
  return negative ? -quotient : quotient;
}
