import type { MarginLevel } from "#core/ladder.ts";
import { formatDecimal } from "#core/units.ts";

/** A margin level as decimals; in per cent it is cut to one decimal. */
export const levelOf = ({ equity, required }: MarginLevel, scale: number) => ({
  equity: formatDecimal(equity, scale),
  required: formatDecimal(required, scale),
  percent: required > 0n ? formatDecimal((equity * 1_000n) / required, 1) : null,
});
