import { markPrice, type Position } from "./position.ts";
import type { Crossing } from "./trigger.ts";
import type { Ticks } from "./units.ts";

/** A price at which an account must be weighed again. */
export interface PriceAlarm {
  readonly instrumentId: string;
  readonly crossing: Crossing;
}

/** An open position with the price it is marked at. */
export interface MarkedPosition {
  readonly instrumentId: string;
  readonly position: Position;
  readonly mark: { readonly bid: Ticks; readonly ask: Ticks };
}

/** Set off when the position has lost or gained so many ticks (above 0) from its mark. */
export function alarmAfter(
  { instrumentId, position, mark }: MarkedPosition,
  on: "loss" | "gain",
  ticks: bigint,
): PriceAlarm {
  const isLong = position.lots > 0n;
  const falls = isLong === (on === "loss");
  const price = markPrice(position, mark);
  return {
    instrumentId,
    crossing: {
      of: isLong ? "bid" : "ask",
      by: falls ? "falling" : "rising",
      to: (falls ? price - ticks : price + ticks) as Ticks,
    },
  };
}

/** Ticks that use up the room, rounded up, and at least one: at the present price nothing changes. */
export function ticksIn(room: bigint, perTick: bigint): bigint {
  const ticks = (room + perTick - 1n) / perTick;
  return ticks > 0n ? ticks : 1n;
}
