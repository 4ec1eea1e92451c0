import type { Side } from "#contracts/names.ts";
import { project } from "./exposure.ts";
import { decideOrder, firstFailed, type OrderCheck, type OrderContext, type OrderIntent } from "./order.ts";
import { absolute } from "./position.ts";
import { type Lots, lots } from "./units.ts";

export interface Capacity {
  /** Lots of the largest market order that would be taken; 0: none. */
  readonly most: Lots;
  /** The first check that the next larger one fails; null: there is no larger one. */
  readonly boundBy: OrderCheck | null;
}

/**
 * The largest market order of a side that would be taken now, by the decision itself: what one order needs grows with its lots, so
 * halving the range finds it in a few dozen decisions. The range ends where the terms' own limit of an order must refuse.
 */
export function largestOrder(side: Side, context: OrderContext): Capacity {
  const { lotStep, minLots, maxLotsPerOrder } = context.instrument.terms;
  const failedAt = (steps: bigint): OrderCheck | null => firstRefusal(side, lots(steps * lotStep), context);
  const least = (minLots + lotStep - 1n) / lotStep;
  const refusedAtLeast = failedAt(least);
  if (refusedAtLeast !== null) return { most: lots(0n), boundBy: refusedAtLeast };
  let taken = least;
  let refused = (absolute(project(context.exposure).position.lots) + maxLotsPerOrder) / lotStep + least + 1n;
  while (refused - taken > 1n) {
    const middle = (taken + refused) / 2n;
    if (failedAt(middle) === null) taken = middle;
    else refused = middle;
  }
  return { most: lots(taken * lotStep), boundBy: failedAt(refused) };
}

function firstRefusal(side: Side, size: Lots, context: OrderContext): OrderCheck | null {
  const decision = decideOrder(marketOrder(side, size), context);
  if (decision.ok) return null;
  return firstFailed(decision.refusal.checks) ?? null;
}

const marketOrder = (side: Side, size: Lots): OrderIntent => ({
  side,
  lots: size,
  type: "market",
  limitPrice: null,
  stopPrice: null,
  timeInForce: "gtc",
  expiresAt: null,
  takeProfit: null,
  stopLoss: null,
  offTick: [],
  reduceOnly: false,
  quotedPrice: null,
  maxSlippageTicks: null,
});
