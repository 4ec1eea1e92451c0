import type { WireInstrument, WirePosition } from "#contracts/trading-api.ts";
import { divideRounded, formatDecimal } from "#core/units.ts";
import { add, scaleOf, stepsBetween, times, unitsOf } from "./decimal.ts";

export type PriceTerms = Pick<WireInstrument, "tickSize" | "priceDecimals" | "tickValue">;

/** Price of the tick nearest to a place on the chart; at least one tick. */
export function snapped(place: number, terms: PriceTerms): string {
  const tick = unitsOf(terms.tickSize, terms.priceDecimals);
  const ticks = divideRounded(BigInt(Math.round(place * 10 ** terms.priceDecimals)), tick);
  return formatDecimal((ticks < 1n ? 1n : ticks) * tick, terms.priceDecimals);
}

/** The price so many ticks away; never below one tick. A price between two ticks goes to the nearest first. */
export function stepped(price: string, ticks: bigint, terms: PriceTerms): string {
  const tick = unitsOf(terms.tickSize, terms.priceDecimals);
  const at = stepsBetween({ from: "0", to: price, step: terms.tickSize }) + ticks;
  return formatDecimal((at < 1n ? 1n : at) * tick, terms.priceDecimals);
}

/** A price as a person types it, written as the wire has it; null when it is none, not positive or between two ticks. */
export function typedPrice(text: string, terms: PriceTerms): string | null {
  const plain = text.replace(/[\s,\u00a0\u202f]/g, "");
  if (!/^\d{1,15}(\.\d{1,15})?$/.test(plain)) return null;
  const decimal = plain.replace(/^0+(?=\d)/, "");
  const nearest = stepped(decimal, 0n, terms);
  return unitsOf(nearest, 15) === unitsOf(decimal, 15) ? nearest : null;
}

/** Money that `ticks` (signed) of movement mean for `lots`. */
export const moneyOfTicks = (ticks: bigint, lots: bigint, terms: PriceTerms): string =>
  times(terms.tickValue, ticks * lots);

/** Ticks nearest to an amount of money for `lots`, half away from zero. */
export function ticksOfMoney(money: string, lots: bigint, terms: PriceTerms): bigint {
  const scale = Math.max(scaleOf(money), scaleOf(terms.tickValue));
  return divideRounded(unitsOf(money, scale), unitsOf(terms.tickValue, scale) * lots);
}

/**
 * Profit (+) or loss (−) of a position closed at `price`, before the fee. The server's profit at its mark is exact; the average
 * price it shows is rounded and serves only where there is no mark.
 */
export function profitAt(position: WirePosition, price: string, terms: PriceTerms): string {
  const { markPrice, unrealizedPnl, averagePrice, side, lots } = position;
  const isMarked = markPrice !== null && unrealizedPnl !== null;
  const moved = stepsBetween({ from: isMarked ? markPrice : averagePrice, to: price, step: terms.tickSize });
  const gained = moneyOfTicks(side === "long" ? moved : -moved, BigInt(lots), terms);
  return add(isMarked ? unrealizedPnl : "0", gained);
}
