import { formatDecimal, parseDecimal } from "#core/units.ts";

/** Source of the lists and of the exceptions: Stripe, "Supported currencies", zero-decimal, three-decimal and special cases. */
const zeroDecimal = new Set("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" "));
const threeDecimal = new Set("BHD JOD KWD OMR TND".split(" "));
/** Have no decimals, and are counted at Stripe in hundredths all the same. */
const wholeInHundredths = new Set(["ISK", "UGX"]);

/** Eight digits is the most that Stripe charges at once. */
const amountMax = 99_999_999n;

const digitsOf = (currency: string): number => (zeroDecimal.has(currency) ? 0 : threeDecimal.has(currency) ? 3 : 2);

/** What is charged in one step: of three decimals the last is always 0. */
const stepOf = (currency: string): bigint =>
  threeDecimal.has(currency) ? 10n : wholeInHundredths.has(currency) ? 100n : 1n;

/** A decimal in major units as Stripe counts it; null: it can't be charged. Exact, nothing is rounded. */
export function toStripe(amount: string, currency: string): number | null {
  const minor = parseDecimal(amount, digitsOf(currency));
  const isCharged = minor !== null && minor > 0n && minor <= amountMax && minor % stepOf(currency) === 0n;
  return isCharged ? Number(minor) : null;
}

/** Stripe's count as a decimal in major units; null: it is none. */
export function fromStripe(amount: number, currency: string): string | null {
  if (!Number.isSafeInteger(amount) || amount < 0) return null;
  const minor = BigInt(amount);
  if (!wholeInHundredths.has(currency)) return formatDecimal(minor, digitsOf(currency));
  return minor % 100n === 0n ? formatDecimal(minor / 100n, 0) : null;
}
