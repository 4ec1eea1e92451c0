import type { Side } from "#contracts/names.ts";
import { stepsBetween } from "./decimal.ts";
import { moneyOfTicks, type PriceTerms, stepped, ticksOfMoney, typedPrice } from "./price-line.ts";

export const legUnits = ["ticks", "money", "price"] as const;
export type LegUnit = (typeof legUnits)[number];
export type LegKind = "takeProfit" | "stopLoss";

/** A take profit or stop loss as typed in the ticket. */
export interface Leg {
  readonly on: boolean;
  readonly unit: LegUnit;
  readonly value: string;
}

export interface LegFigures {
  /** Distance from the entry; not positive when the price is on the wrong side of it. */
  readonly ticks: bigint;
  readonly price: string;
  /** What it brings or costs, signed, before fees. */
  readonly money: string;
}

interface Entry {
  readonly kind: LegKind;
  readonly side: Side;
  readonly entry: string;
  readonly lots: bigint;
}

/** A leg in all three units; null when what is typed is no number, not positive, or a price between two ticks. */
export function legFigures(leg: Leg, { kind, side, entry, lots }: Entry, terms: PriceTerms): LegFigures | null {
  const away = (side === "buy") === (kind === "takeProfit") ? 1n : -1n;
  const ticks = ticksOf(leg, { entry, away, lots }, terms);
  if (ticks === null || lots < 1n) return null;
  return {
    ticks,
    price: stepped(entry, ticks * away, terms),
    money: moneyOfTicks(kind === "takeProfit" ? ticks : -ticks, lots, terms),
  };
}

function ticksOf(leg: Leg, at: { entry: string; away: bigint; lots: bigint }, terms: PriceTerms): bigint | null {
  const typed = leg.value.trim();
  if (leg.unit === "price") {
    const price = typedPrice(typed, terms);
    return price === null ? null : at.away * stepsBetween({ from: at.entry, to: price, step: terms.tickSize });
  }
  if (leg.unit === "ticks") return /^[1-9]\d{0,5}$/.test(typed) ? BigInt(typed) : null;
  if (!/^(0|[1-9]\d{0,11})(\.\d{1,8})?$/.test(typed) || at.lots < 1n) return null;
  const ticks = ticksOfMoney(typed, at.lots, terms);
  return ticks > 0n ? ticks : null;
}
