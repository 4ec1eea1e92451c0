import type { WireInstrument, WirePosition, WireQuote } from "#contracts/trading-api.ts";
import { add, stepsBetween, times } from "./decimal.ts";

export interface MarkedPosition {
  readonly markPrice: string | null;
  readonly unrealizedPnl: string | null;
}

/**
 * Marks a position at the newest quote: longs at bid, shorts at ask. The server's own profit at its mark is exact, so the
 * live value is that plus the ticks moved since; the average price shown is rounded and only serves when there is no mark.
 */
export function markPosition(
  position: WirePosition,
  quote: WireQuote | undefined,
  instrument: WireInstrument | undefined,
): MarkedPosition {
  if (!quote || !instrument || quote.flag !== null) return position;
  const markPrice = position.side === "long" ? quote.bid : quote.ask;
  const from = position.markPrice ?? position.averagePrice;
  const base = position.markPrice === null ? "0" : (position.unrealizedPnl ?? "0");
  const moved = stepsBetween({ from, to: markPrice, step: instrument.tickSize });
  const direction = position.side === "long" ? 1n : -1n;
  return {
    markPrice,
    unrealizedPnl: add(base, times(instrument.tickValue, moved * direction * BigInt(position.lots))),
  };
}
