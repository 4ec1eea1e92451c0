import type { Side } from "#contracts/names.ts";
import { absolute } from "./position.ts";
import { type Lots, type MinorUnits, minorUnits } from "./units.ts";

/** Lots at work in one instrument: the signed position, and what waits on each side (both not negative). */
export interface MarginLoad {
  readonly position: Lots;
  readonly pendingBuy: Lots;
  readonly pendingSell: Lots;
}

/**
 * Margin that covers the position and every way in which the waiting orders may fill:
 * max(perLot.buy x (pendingBuy + position), perLot.sell x (pendingSell - position)). Never negative.
 * Source: exchange-core's risk engine; MetaTrader 5, netting accounts ("the greater of the two").
 */
export function requiredMargin(
  load: MarginLoad,
  perLot: { readonly buy: MinorUnits; readonly sell: MinorUnits },
): MinorUnits {
  const long = perLot.buy * (load.pendingBuy + load.position);
  const short = perLot.sell * (load.pendingSell - load.position);
  return minorUnits(long > short ? long : short);
}

/** Margin of a position alone, in minor units: per lot, whichever side. */
export const positionMargin = (position: Lots, perLot: MinorUnits): MinorUnits =>
  minorUnits(absolute(position) * perLot);

/** Fee of one side in minor units, charged at the fill. */
export const feeOf = (size: Lots, feePerSide: MinorUnits): MinorUnits => minorUnits(size * feePerSide);

/** The load with one more waiting order. */
export function withOrder(load: MarginLoad, side: Side, size: Lots): MarginLoad {
  return side === "buy"
    ? { ...load, pendingBuy: (load.pendingBuy + size) as Lots }
    : { ...load, pendingSell: (load.pendingSell + size) as Lots };
}

/**
 * What may be spent: min(balance, equity) - held. Unrealised loss counts at once, unrealised profit funds nothing.
 * May be negative after a loss.
 */
export function availableFunds(funds: {
  readonly balance: MinorUnits;
  readonly equity: MinorUnits;
  readonly held: MinorUnits;
}): MinorUnits {
  const least = funds.balance < funds.equity ? funds.balance : funds.equity;
  return minorUnits(least - funds.held);
}
