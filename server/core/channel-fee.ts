import { type MinorUnits, minorUnits } from "./units.ts";

/** What a channel takes for a payment: a fixed part and a share of the amount, within bounds. Minor units; `ppm` of the amount. */
export interface FeeSchedule {
  readonly fixed: MinorUnits;
  readonly ppm: bigint;
  readonly min: MinorUnits;
  /** null: no upper bound. */
  readonly max: MinorUnits | null;
}

/** Share in parts per million, rounded down: the remainder stays with the trader. */
const million = 1_000_000n;

/** The fee of a deposit or withdrawal of `amount`; it is part of the amount, not on top of it. */
export function channelFee(amount: MinorUnits, { fixed, ppm, min, max }: FeeSchedule): MinorUnits {
  const fee = fixed + (amount * ppm) / million;
  const atLeast = fee < min ? min : fee;
  return minorUnits(max !== null && atLeast > max ? max : atLeast);
}
