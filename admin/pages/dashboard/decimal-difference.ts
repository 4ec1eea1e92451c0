/** `one` − `other`, exact, with as many digits as the finer of the two. */
export function decimalDifference(one: string, other: string): string {
  const scale = Math.max(digitsOf(one), digitsOf(other));
  const difference = scaled(one, scale) - scaled(other, scale);
  const digits = String(difference < 0n ? -difference : difference).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return `${difference < 0n ? "-" : ""}${whole}${scale === 0 ? "" : `.${digits.slice(-scale)}`}`;
}

const digitsOf = (decimal: string): number => decimal.split(".")[1]?.length ?? 0;

const scaled = (decimal: string, scale: number): bigint => {
  const [whole = "0", fraction = ""] = decimal.split(".");
  return BigInt(`${whole}${fraction.padEnd(scale, "0")}`);
};
