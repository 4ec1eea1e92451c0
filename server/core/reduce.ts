import type { OrderOrigin, Side } from "#contracts/names.ts";
import { absolute, type Position } from "./position.ts";
import { type Lots, lots } from "./units.ts";

/** How much of an order may be executed against a position. */
export interface Reducible {
  readonly side: Side;
  readonly lots: Lots;
  readonly reduceOnly: boolean;
  readonly origin: OrderOrigin;
}

/** The two orders of a position's bracket. */
export const legOrigins = ["take-profit", "stop-loss"] as const;
export type LegOrigin = (typeof legOrigins)[number];

export const isLeg = (origin: OrderOrigin): origin is LegOrigin => origin === "take-profit" || origin === "stop-loss";

/** Lots of the position that an order of this side would close at most; 0 when it is on the same side or flat. */
export function closableBy(side: Side, position: Position): Lots {
  const opposite = side === "buy" ? position.lots < 0n : position.lots > 0n;
  return opposite ? absolute(position.lots) : lots(0n);
}

/** Lots that an order executes: all of it; of a reduce-only one what is there to reduce; of a bracket's leg the whole position. */
export function executableLots(order: Reducible, position: Position): Lots {
  if (!order.reduceOnly) return order.lots;
  const most = closableBy(order.side, position);
  return isLeg(order.origin) || most < order.lots ? most : order.lots;
}
