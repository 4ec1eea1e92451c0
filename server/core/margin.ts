import type { Side } from "#contracts/names.ts";
import { absolute } from "./position.ts";
import { type Lots, lots, type MinorUnits, minorUnits } from "./units.ts";

/** Lots at work in one instrument: the signed position, and what may still open on each side (both not negative). */
export interface MarginLoad {
  readonly position: Lots;
  readonly pendingBuy: Lots;
  readonly pendingSell: Lots;
}

/** What a margin line is made of, per lot. */
export interface LineTerms {
  readonly initialMargin: MinorUnits;
  readonly feePerSide: MinorUnits;
}

/**
 * Most lots the position may come to, on either side, whichever of the waiting orders fill:
 * max(pendingBuy + position, pendingSell - position). Never less than the position itself.
 * Source: exchange-core's risk engine; MetaTrader 5, netting accounts ("the greater of the two").
 */
export function reachOf(load: MarginLoad): Lots {
  const long = load.pendingBuy + load.position;
  const short = load.pendingSell - load.position;
  return lots(long > short ? long : short);
}

/**
 * The margin line: what is held for an account in one instrument, position and open orders together, in minor units. Margin for
 * every lot of the reach, and one fee for each lot that opens on the way there.
 */
export function marginLine(load: MarginLoad, terms: LineTerms): MinorUnits {
  const reach = reachOf(load);
  return minorUnits(reach * terms.initialMargin + (reach - absolute(load.position)) * terms.feePerSide);
}

/** Fee of one side in minor units, charged at the fill. */
export const feeOf = (size: Lots, feePerSide: MinorUnits): MinorUnits => minorUnits(size * feePerSide);

/** The load with one more waiting order. */
export function withOrder(load: MarginLoad, side: Side, size: Lots): MarginLoad {
  return side === "buy"
    ? { ...load, pendingBuy: lots(load.pendingBuy + size) }
    : { ...load, pendingSell: lots(load.pendingSell + size) };
}

/**
 * What each line gets of the account's money: all it needs, or what is left. Lines are served in the order of their
 * instruments' names, so the same account is always cut the same way. `money` below zero covers nothing.
 */
export function coverLines(required: ReadonlyMap<string, MinorUnits>, money: MinorUnits): Map<string, MinorUnits> {
  const covered = new Map<string, MinorUnits>();
  let left: bigint = money > 0n ? money : 0n;
  for (const id of [...required.keys()].sort()) {
    const wanted = required.get(id) ?? 0n;
    const given = wanted < left ? wanted : left;
    left -= given;
    covered.set(id, minorUnits(given));
  }
  return covered;
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
