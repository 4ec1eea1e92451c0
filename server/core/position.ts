import type { PositionSide, Side } from "#contracts/names.ts";
import { assert } from "./result.ts";
import {
  divideRounded,
  formatDecimal,
  type Lots,
  lots,
  type MinorUnits,
  minorUnits,
  type PriceScale,
  type Ticks,
} from "./units.ts";

/**
 * Net holding of an account in one instrument. `lots` is signed (+ long, - short, 0 flat). `cost` is the sum of price x lots in
 * ticks, signed as the lots: the average price is cost / lots, and no rounding ever enters the total.
 */
export interface Position {
  readonly lots: Lots;
  readonly cost: bigint;
}

export const flat: Position = { lots: lots(0n), cost: 0n };

/** One execution: `lots` positive, `price` in ticks. */
export interface Execution {
  readonly side: Side;
  readonly lots: Lots;
  readonly price: Ticks;
}

export interface FillEffect {
  readonly position: Position;
  /** Lots of the execution that closed what was there; the rest opened. */
  readonly closed: Lots;
  readonly opened: Lots;
  /** Result of the closed part in ticks x lots: + profit, - loss. Times tickValue it is money, exactly. */
  readonly realizedTicks: bigint;
}

export const signed = (side: Side, size: Lots): Lots => lots(side === "buy" ? size : -size);
export const positionSide = (position: Position): PositionSide => (position.lots < 0n ? "short" : "long");
export const absolute = (size: Lots): Lots => lots(size < 0n ? -size : size);

/** How an execution would divide: the part that closes the position and the part that opens beyond it. */
export function splitExecution(position: Position, side: Side, size: Lots): { closed: Lots; opened: Lots } {
  const opposite = side === "buy" ? position.lots < 0n : position.lots > 0n;
  const held = absolute(position.lots);
  const closed = opposite ? (size < held ? size : held) : lots(0n);
  return { closed, opened: lots(size - closed) };
}

/**
 * Nets an execution into a position: adds, reduces, or passes through zero (all is closed, the rest opens at the execution's
 * price). A partial close takes cost x closed / lots, rounded half away from zero; the remainder stays in the position, so
 * the results of all parts sum exactly to that of the whole.
 */
export function applyFill(position: Position, execution: Execution): FillEffect {
  assert(execution.lots > 0n, `an execution of ${execution.lots} lots`);
  const { closed, opened } = splitExecution(position, execution.side, execution.lots);
  const signedClosed = position.lots < 0n ? -closed : closed;
  const costTaken = closed === 0n ? 0n : divideRounded(position.cost * signedClosed, position.lots);
  const signedOpened = signed(execution.side, opened);
  return {
    position: {
      lots: lots(position.lots - signedClosed + signedOpened),
      cost: position.cost - costTaken + execution.price * signedOpened,
    },
    closed,
    opened,
    realizedTicks: execution.price * signedClosed - costTaken,
  };
}

/** Profit (+) or loss (-) in minor units of `realizedTicks`. `tickValue` is per lot and tick. Exact. */
export const realizedPnl = (realizedTicks: bigint, tickValue: MinorUnits): MinorUnits =>
  minorUnits(realizedTicks * tickValue);

/** The price at which a position could be closed now: a long sells at the bid, a short buys at the ask. */
export function markPrice(position: Position, quote: { readonly bid: Ticks; readonly ask: Ticks }): Ticks {
  return position.lots < 0n ? quote.ask : quote.bid;
}

/** Profit (+) or loss (-) of closing all of it at the mark, before fees, in minor units. Exact. */
export function unrealizedPnl(
  position: Position,
  quote: { readonly bid: Ticks; readonly ask: Ticks },
  terms: { readonly tickValue: MinorUnits },
): MinorUnits {
  return minorUnits((markPrice(position, quote) * position.lots - position.cost) * terms.tickValue);
}

/**
 * Average price as a person writes it: at least the instrument's decimals, up to four more where the average lies between
 * ticks (rounded half away from zero; for display, nothing is computed from it).
 */
export function formatAveragePrice(of: { readonly cost: bigint; readonly lots: bigint }, scale: PriceScale): string {
  assert(of.lots !== 0n, "the average price of a flat position");
  const finer = divideRounded(of.cost * scale.tickSize * 10_000n, of.lots);
  const text = formatDecimal(finer, scale.decimals + 4);
  const kept = text.replace(/0{1,4}$/, "");
  return kept.endsWith(".") ? kept.slice(0, -1) : kept;
}
