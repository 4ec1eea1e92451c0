import type { Side } from "#contracts/names.ts";
import type { OrderCancelCode } from "#contracts/order-names.ts";
import { absolute, type Position } from "./position.ts";
import { type LegOrigin, legOrigins } from "./reduce.ts";
import type { Lots, Ticks } from "./units.ts";

/** A leg that works: a reduce-only order for the whole position. */
export interface Leg {
  readonly id: string;
  readonly price: Ticks;
  readonly lots: Lots;
}

/** A position's bracket: at most one take-profit and one stop-loss, of which only one can ever fill. */
export type Bracket = Readonly<Record<LegOrigin, Leg | null>>;

export const noBracket: Bracket = { "take-profit": null, "stop-loss": null };

/** Prices that an entry order gives its position; null: says nothing about that leg. */
export type BracketPrices = Readonly<Record<LegOrigin, Ticks | null>>;

/** A leg as it is wanted while a batch is settled. `setBy`: the order whose fill set its price; null: it stands as it was. */
interface WantedLeg<Setter> {
  readonly leg: Leg | null;
  readonly price: Ticks;
  readonly setBy: Setter | null;
}

export interface BracketState<Setter> {
  readonly legs: Readonly<Record<LegOrigin, WantedLeg<Setter> | null>>;
  readonly ended: readonly { readonly leg: Leg; readonly code: OrderCancelCode }[];
}

export type LegChange<Setter> =
  | {
      readonly kind: "created";
      readonly origin: LegOrigin;
      readonly side: Side;
      readonly lots: Lots;
      readonly price: Ticks;
      readonly setBy: Setter;
    }
  | {
      readonly kind: "changed";
      readonly leg: Leg;
      readonly origin: LegOrigin;
      readonly lots: Lots;
      readonly price: Ticks;
      /** Null: only its lots follow the position, its price and its place stay. */
      readonly setBy: Setter | null;
    }
  | { readonly kind: "cancelled"; readonly leg: Leg; readonly code: OrderCancelCode };

export const bracketState = <Setter>(bracket: Bracket): BracketState<Setter> => ({
  legs: { "take-profit": standing(bracket["take-profit"]), "stop-loss": standing(bracket["stop-loss"]) },
  ended: [],
});

const standing = (leg: Leg | null): WantedLeg<never> | null => leg && { leg, price: leg.price, setBy: null };

/** The bracket with the prices an entry brought. A leg in `due` has been triggered: its price is past. */
export function setLegs<Setter>(
  state: BracketState<Setter>,
  prices: BracketPrices,
  setBy: Setter,
  due: ReadonlySet<string>,
): BracketState<Setter> {
  const set = (origin: LegOrigin): WantedLeg<Setter> | null => {
    const price = prices[origin];
    const before = state.legs[origin];
    if (price === null || due.has(before?.leg?.id ?? "")) return before;
    return { leg: before?.leg ?? null, price, setBy };
  };
  return { ...state, legs: { "take-profit": set("take-profit"), "stop-loss": set("stop-loss") } };
}

/** No position, no bracket: every leg ends, but for `filled`, which ended by itself. */
export function endLegs<Setter>(
  state: BracketState<Setter>,
  code: OrderCancelCode,
  filled: string,
): BracketState<Setter> {
  const ended = legOrigins.flatMap((origin) => {
    const leg = state.legs[origin]?.leg ?? null;
    return leg === null || leg.id === filled ? [] : [{ leg, code }];
  });
  return { legs: noBracket as BracketState<Setter>["legs"], ended: [...state.ended, ...ended] };
}

/** What becomes of the legs, given the position after the batch: all of them are for the whole of it, on the other side. */
export function legChanges<Setter>(state: BracketState<Setter>, position: Position): LegChange<Setter>[] {
  const side = position.lots > 0n ? "sell" : "buy";
  const size = absolute(position.lots);
  const kept = legOrigins.flatMap((origin): LegChange<Setter>[] => {
    const wanted = state.legs[origin];
    if (wanted === null) return [];
    const { leg, price, setBy } = wanted;
    if (leg === null) return setBy === null ? [] : [{ kind: "created", origin, side, lots: size, price, setBy }];
    if (leg.lots === size && setBy === null) return [];
    return [{ kind: "changed", leg, origin, lots: size, price, setBy }];
  });
  return [...state.ended.map((one): LegChange<Setter> => ({ kind: "cancelled", ...one })), ...kept];
}
