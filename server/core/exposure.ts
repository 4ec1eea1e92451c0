import type { Side } from "#contracts/names.ts";
import type { ContractTerms } from "./instrument.ts";
import { feeOf, type MarginLoad, positionMargin } from "./margin.ts";
import { applyFill, flat, type Position, realizedPnl, splitExecution, unrealizedPnl } from "./position.ts";
import { type Lots, lots, type MinorUnits, minorUnits, type Ticks } from "./units.ts";

/** An accepted order that is not settled yet. It will fill at `price`, so its effect is already known. */
export interface PendingOrder {
  readonly side: Side;
  readonly lots: Lots;
  readonly price: Ticks;
  /** What its hold reserves for margin (its fee apart); 0 for an exit. */
  readonly marginHeld: MinorUnits;
  /** Fee it will cost that no hold reserves (an exit holds nothing). */
  readonly feeUnheld: MinorUnits;
}

/** What an account has at work in one instrument. `pending` in the order of acceptance. */
export interface Exposure {
  readonly terms: ContractTerms;
  readonly position: Position;
  /** What is held for the position now; less than its margin only after a loss has eaten into it. */
  readonly marginHeld: MinorUnits;
  readonly pending: readonly PendingOrder[];
}

export interface Projection {
  readonly position: Position;
  /** Sum of the realized results of the pending orders, and their fees that are not held; minor units. */
  readonly realized: MinorUnits;
  readonly feesUnheld: MinorUnits;
}

export const noExposure = (terms: ContractTerms): Exposure => ({
  terms,
  position: flat,
  marginHeld: minorUnits(0n),
  pending: [],
});

/** The position as it will be when all pending orders are settled, and what they will have realized. */
export function project(exposure: Exposure): Projection {
  let position = exposure.position;
  let realized = 0n;
  let fees = 0n;
  for (const order of exposure.pending) {
    const effect = applyFill(position, order);
    position = effect.position;
    realized += realizedPnl(effect.realizedTicks, exposure.terms.tickValue);
    fees += order.feeUnheld;
  }
  return { position, realized: minorUnits(realized), feesUnheld: minorUnits(fees) };
}

/** How an order would divide if everything before it is settled: what it closes and what it opens. */
export const splitOrder = (exposure: Exposure, side: Side, size: Lots): { closed: Lots; opened: Lots } =>
  splitExecution(project(exposure).position, side, size);

export function marginLoad(exposure: Exposure): MarginLoad {
  let pendingBuy = 0n;
  let pendingSell = 0n;
  for (const order of exposure.pending) {
    if (order.side === "buy") pendingBuy += order.lots;
    else pendingSell += order.lots;
  }
  return { position: exposure.position.lots, pendingBuy: lots(pendingBuy), pendingSell: lots(pendingSell) };
}

/** What is held in this instrument: the position's hold and the margin part of the pending orders' holds. */
export function marginCovered(exposure: Exposure): MinorUnits {
  let covered: bigint = exposure.marginHeld;
  for (const order of exposure.pending) covered += order.marginHeld;
  return minorUnits(covered);
}

export interface Funds {
  /** Booked cash, less what pending orders will lose and cost beyond their holds. Their profits do not count yet. */
  readonly balance: MinorUnits;
  /** Booked cash and all results, realized by pending orders or not realized at all. */
  readonly equity: MinorUnits;
  readonly held: MinorUnits;
  /** Margin that positions in other instruments need and do not hold since a loss ate into it. */
  readonly uncovered: MinorUnits;
  /** Instruments with a position and no price to mark it at: their result is unknown and left out of equity. */
  readonly unmarked: readonly string[];
}

type Marks = (instrumentId: string) => { readonly bid: Ticks; readonly ask: Ticks } | undefined;

/**
 * An account's money as an order decision sees it: pending orders count as if settled, losses at once, profits not yet.
 * `traded` is the instrument the decision is about: what it lacks is part of that order's own margin.
 */
export function projectedFunds(
  traded: string,
  account: { readonly balance: MinorUnits; readonly held: MinorUnits },
  exposures: ReadonlyMap<string, Exposure>,
  marks: Marks,
): Funds {
  let realized = 0n;
  let fees = 0n;
  let unrealized = 0n;
  let uncovered = 0n;
  const unmarked: string[] = [];
  for (const [instrumentId, exposure] of exposures) {
    const projection = project(exposure);
    realized += projection.realized;
    fees += projection.feesUnheld;
    const missing = positionMargin(exposure.position.lots, exposure.terms.initialMargin) - exposure.marginHeld;
    if (missing > 0n && instrumentId !== traded) uncovered += missing;
    if (projection.position.lots === 0n) continue;
    const mark = marks(instrumentId);
    if (mark === undefined) unmarked.push(instrumentId);
    else unrealized += unrealizedPnl(projection.position, mark, exposure.terms);
  }
  const lost = realized < 0n ? realized : 0n;
  return {
    balance: minorUnits(account.balance + lost - fees),
    equity: minorUnits(account.balance + realized - fees + unrealized),
    held: account.held,
    uncovered: minorUnits(uncovered),
    unmarked,
  };
}

/** An accepted order as it is stored: what its hold reserves is known only as one sum. */
export interface WaitingOrder {
  readonly side: Side;
  readonly lots: Lots;
  readonly price: Ticks;
  readonly feePerSide: MinorUnits;
  /** Its open hold: margin, and the fee of the lots that open. 0 without one. */
  readonly held: MinorUnits;
}

/**
 * An exposure from its stored parts. How each waiting order divides into closing and opening follows from the position and the
 * orders before it, as at its acceptance: a settlement takes all waiting orders of an account or none.
 */
export function exposureOf(
  base: Pick<Exposure, "terms" | "position" | "marginHeld">,
  waiting: readonly WaitingOrder[],
): Exposure {
  let { position } = base;
  const pending = waiting.map((order): PendingOrder => {
    const effect = applyFill(position, order);
    position = effect.position;
    const feeHeld = feeOf(effect.opened, order.feePerSide);
    return {
      side: order.side,
      lots: order.lots,
      price: order.price,
      marginHeld: minorUnits(order.held > feeHeld ? order.held - feeHeld : 0n),
      feeUnheld: feeOf(effect.closed, order.feePerSide),
    };
  });
  return { ...base, pending };
}
