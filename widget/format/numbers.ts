import type { Locale } from "#contracts/names.ts";
import { scaleOf } from "./decimal.ts";

const minus = "\u2212";
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(locale: Locale, digits: number): Intl.NumberFormat {
  const key = `${locale}:${digits}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  formats.set(key, made);
  return made;
}

/** Groups the digits of a plain decimal for reading. Intl takes the text itself, so no float is between. */
export function grouped(decimal: string, locale: Locale, digits = scaleOf(decimal)): string {
  const negative = decimal.startsWith("-");
  const text = formatOf(locale, digits).format((negative ? decimal.slice(1) : decimal) as `${number}`);
  return negative && /[1-9]/.test(text) ? minus + text : text;
}

/** With a sign always: "+12.50", "−3.00", "0.00". Direction is never told by colour alone. */
export function signed(decimal: string, locale: Locale): string {
  const text = grouped(decimal, locale);
  return decimal.startsWith("-") || !/[1-9]/.test(decimal) ? text : `+${text}`;
}

export const money = (amount: string, currency: string, locale: Locale): string =>
  `${grouped(amount, locale)}\u00a0${currency}`;

export const signedMoney = (amount: string, currency: string, locale: Locale): string =>
  `${signed(amount, locale)}\u00a0${currency}`;

/** Whether a decimal is above, below or at zero: the class that colours it. */
export function directionOf(decimal: string | null): "up" | "down" | "flat" {
  if (decimal === null || !/[1-9]/.test(decimal)) return "flat";
  return decimal.startsWith("-") ? "down" : "up";
}
