import type { ContractTerms } from "./instrument.ts";
import { feeOf, type MarginLoad, marginLine } from "./margin.ts";
import { applyFill, flat, type Position, realizedPnl, splitExecution, unrealizedPnl } from "./position.ts";
import { closableBy, executableLots, type Reducible } from "./reduce.ts";
import { type Lots, lots, type MinorUnits, minorUnits, type Ticks } from "./units.ts";

/** An order that is due: it will be settled at `price`, so its effect is already known. */
export interface PendingOrder extends Reducible {
  readonly price: Ticks;
  readonly feePerSide: MinorUnits;
}

/** Lots that wait for their price and may open, by side. Orders that only reduce are not among them. */
export interface Resting {
  readonly buy: Lots;
  readonly sell: Lots;
}

/** What an account has at work in one instrument. `pending` in the order of settlement. */
export interface Exposure {
  /** The newest terms it was traded or ordered under. */
  readonly terms: ContractTerms;
  readonly position: Position;
  /** What is held for all of it now; less than its line only after a loss has eaten into it. */
  readonly marginHeld: MinorUnits;
  readonly pending: readonly PendingOrder[];
  readonly resting: Resting;
}

export interface Projection {
  readonly position: Position;
  /** Sum of the realized results of the pending orders, and their fees; minor units. */
  readonly realized: MinorUnits;
  readonly fees: MinorUnits;
}

export const nothingResting: Resting = { buy: lots(0n), sell: lots(0n) };

export const noExposure = (terms: ContractTerms): Exposure => ({
  terms,
  position: flat,
  marginHeld: minorUnits(0n),
  pending: [],
  resting: nothingResting,
});

/** The position as it will be when all pending orders are settled, and what they will have realized. */
export function project(exposure: Exposure): Projection {
  let position = exposure.position;
  let realized = 0n;
  let fees = 0n;
  for (const order of exposure.pending) {
    const size = executableLots(order, position);
    if (size === 0n) continue;
    const effect = applyFill(position, { side: order.side, lots: size, price: order.price });
    position = effect.position;
    realized += realizedPnl(effect.realizedTicks, exposure.terms.tickValue);
    fees += feeOf(size, order.feePerSide);
  }
  return { position, realized: minorUnits(realized), fees: minorUnits(fees) };
}

/**
 * How an order would divide if all pending ones are settled: what it closes and what it opens. One that will wait stands behind
 * those of its side that wait already: what they will close is not there for it.
 */
export function splitOrder(
  exposure: Exposure,
  order: Omit<Reducible, "origin"> & { readonly waits: boolean },
): { closed: Lots; opened: Lots } {
  const { position } = project(exposure);
  if (order.reduceOnly) return { closed: order.lots, opened: lots(0n) };
  if (!order.waits) return splitExecution(position, order.side, order.lots);
  const free = closableBy(order.side, position) - exposure.resting[order.side];
  const closed = free <= 0n ? 0n : free < order.lots ? free : order.lots;
  return { closed: lots(closed), opened: lots(order.lots - closed) };
}

/** What counts for the line: the position, and every open order that may open. */
export function marginLoad(exposure: Pick<Exposure, "position" | "pending" | "resting">): MarginLoad {
  let pendingBuy: bigint = exposure.resting.buy;
  let pendingSell: bigint = exposure.resting.sell;
  for (const order of exposure.pending) {
    if (order.reduceOnly) continue;
    if (order.side === "buy") pendingBuy += order.lots;
    else pendingSell += order.lots;
  }
  return { position: exposure.position.lots, pendingBuy: lots(pendingBuy), pendingSell: lots(pendingSell) };
}

/**
 * The most lots that the position may come to on each side, not negative: if all that opens fills, and what is due to reduce it does, or does
 * not. What waits to reduce is not counted on.
 */
export function reachesOf(exposure: Exposure): { readonly long: bigint; readonly short: bigint } {
  const { position, pendingBuy, pendingSell } = marginLoad(exposure);
  const { buy, sell } = exposure.resting;
  const after = project(exposure).position.lots;
  const most = (one: bigint, other: bigint): bigint =>
    [one, other].reduce((max, value) => (value > max ? value : max), 0n);
  return { long: most(position + pendingBuy, after + buy), short: most(pendingSell - position, sell - after) };
}

/** The margin line of an exposure: what should be held for it. */
export const lineOf = (exposure: Exposure): MinorUnits => marginLine(marginLoad(exposure), exposure.terms);

export interface Funds {
  /** Booked cash, less what pending orders will lose and cost beyond their lines. Their profits do not count yet. */
  readonly balance: MinorUnits;
  /** Booked cash and all results, realized by pending orders or not realized at all. */
  readonly equity: MinorUnits;
  readonly held: MinorUnits;
  /** What lines of other instruments lack since a loss ate into them. */
  readonly uncovered: MinorUnits;
  /** Instruments with a position and no price to mark it at: their result is unknown and left out of equity. */
  readonly unmarked: readonly string[];
}

type Marks = (instrumentId: string) => { readonly bid: Ticks; readonly ask: Ticks } | undefined;

/**
 * An account's money as an order decision sees it: pending orders count as if settled, losses at once, profits not yet.
 * `traded` is the instrument the decision is about: what its line lacks is part of that order's own need.
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
    fees += feesBeyondLine(exposure, projection.fees);
    const missing = lineOf(exposure) - exposure.marginHeld;
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

/**
 * Balance and equity as they will be when all pending orders are settled: results at once, losses and profits alike, and every fee, also
 * what a line holds for it. Minor units; what has no price counts nothing.
 */
export function settledMoney(
  balance: MinorUnits,
  exposures: ReadonlyMap<string, Exposure>,
  marks: Marks,
): { readonly balance: MinorUnits; readonly equity: MinorUnits } {
  let booked: bigint = balance;
  let unrealized = 0n;
  for (const [instrumentId, exposure] of exposures) {
    const { position, realized, fees } = project(exposure);
    booked += realized - fees;
    const mark = position.lots === 0n ? undefined : marks(instrumentId);
    if (mark !== undefined) unrealized += unrealizedPnl(position, mark, exposure.terms);
  }
  return { balance: minorUnits(booked), equity: minorUnits(booked + unrealized) };
}

/** Fees of the pending orders that the line does not hold: those of closing parts. */
function feesBeyondLine(exposure: Exposure, fees: MinorUnits): bigint {
  if (exposure.pending.length === 0) return 0n;
  const { initialMargin } = exposure.terms;
  const withFees = lineOf(exposure);
  const without = marginLine(marginLoad(exposure), { initialMargin, feePerSide: minorUnits(0n) });
  const beyond = fees - (withFees - without);
  return beyond > 0n ? beyond : 0n;
}
