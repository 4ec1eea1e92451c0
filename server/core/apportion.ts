import { assert } from "./result.ts";

/**
 * Whole units of the exact shares numerator / denominator, by largest remainder: each is rounded down, and the units that are missing
 * to their rounded-down total go one by one to the largest fractions, the first of equal ones first. What lies below one unit in
 * all goes to nobody. Numerators must not be negative.
 */
export function apportion(numerators: readonly bigint[], denominator: bigint): bigint[] {
  assert(denominator > 0n, `shares over ${denominator}`);
  assert(
    numerators.every((numerator) => numerator >= 0n),
    `a share of ${numerators} is negative`,
  );
  const shares = numerators.map((numerator) => numerator / denominator);
  const fractions = numerators.map((numerator) => numerator % denominator);
  let missing = fractions.reduce((sum, fraction) => sum + fraction, 0n) / denominator;
  const byFraction = fractions
    .map((fraction, index) => ({ fraction, index }))
    .sort((a, b) => (a.fraction === b.fraction ? a.index - b.index : a.fraction > b.fraction ? -1 : 1));
  for (const { index } of byFraction) {
    if (missing === 0n) break;
    shares[index] = (shares[index] ?? 0n) + 1n;
    missing -= 1n;
  }
  return shares;
}
