import type { WireWithdrawalTerms } from "#contracts/cashier-api.ts";
import { channelFee } from "#core/channel-fee.ts";
import { formatDecimal, minorUnits, parseDecimal } from "#core/units.ts";
import { scaleOf } from "./decimal.ts";

/** A fee's percentage has this many digits: parts per million. */
const percentScale = 4;

/** The fee of an amount and what arrives, by the server's own rule; null: the amount is none of this currency, or only the fee. */
export function costOf(
  amount: string,
  { fee }: Pick<WireWithdrawalTerms, "fee">,
): { readonly fee: string; readonly arrives: string } | null {
  const scale = scaleOf(fee.fixed);
  const minor = (text: string): bigint => parseDecimal(text, scale) ?? 0n;
  const asked = parseDecimal(amount.trim(), scale);
  if (asked === null || asked <= 0n) return null;
  const taken = channelFee(minorUnits(asked), {
    fixed: minorUnits(minor(fee.fixed)),
    ppm: parseDecimal(fee.percent, percentScale) ?? 0n,
    min: minorUnits(minor(fee.min)),
    max: fee.max === null ? null : minorUnits(minor(fee.max)),
  });
  return asked > taken ? { fee: formatDecimal(taken, scale), arrives: formatDecimal(asked - taken, scale) } : null;
}
