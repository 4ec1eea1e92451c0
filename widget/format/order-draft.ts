import type { OrderType, Side, TimeInForce } from "#contracts/names.ts";
import type { PlaceOrderRequest } from "#contracts/order-requests.ts";
import type { WireInstrument, WireQuote } from "#contracts/trading-api.ts";
import { type Leg, type LegKind, legFigures } from "./bracket-leg.ts";
import { compare } from "./decimal.ts";
import { stepped, typedPrice } from "./price-line.ts";

/** What the ticket holds besides lots and slippage. Prices and times as typed. */
export interface OrderDraft {
  readonly type: OrderType;
  readonly limitPrice: string;
  readonly stopPrice: string;
  readonly timeInForce: TimeInForce;
  /** Local date and time of `gtd`, as the browser's field gives it. */
  readonly expiresAt: string;
  readonly reduceOnly: boolean;
  readonly takeProfit: Leg;
  readonly stopLoss: Leg;
}

export type DraftField = "limitPrice" | "stopPrice" | "expiresAt" | LegKind;
export interface DraftProblem {
  readonly field: DraftField;
  readonly code: "price" | "stop-side" | "leg" | "leg-side" | "expiry" | "not-marketable";
  /** The market's price that the field is compared with. */
  readonly market: string;
}

export interface DraftAt {
  readonly side: Side;
  readonly quote: WireQuote;
  readonly instrument: WireInstrument;
  readonly lots: bigint;
  readonly nowMs: number;
}

const legTicks = 20n;

export const marketDraft: OrderDraft = {
  type: "market",
  limitPrice: "",
  stopPrice: "",
  timeInForce: "gtc",
  expiresAt: "",
  reduceOnly: false,
  takeProfit: { on: false, unit: "ticks", value: String(legTicks) },
  stopLoss: { on: false, unit: "ticks", value: String(legTicks) },
};

export const needsLimit = (type: OrderType): boolean => type === "limit" || type === "stop-limit";
export const needsStop = (type: OrderType): boolean => type === "stop" || type === "stop-limit";

/** How long an order of a type may wait; empty: it never does. */
export function timesOf(type: OrderType): readonly TimeInForce[] {
  if (type === "market") return [];
  return type === "limit" ? ["gtc", "day", "gtd", "ioc", "fok"] : ["gtc", "day", "gtd"];
}

/** Changes the type: its prices begin at the market, limits at the bid, stops ten ticks above the ask. */
export function withType(draft: OrderDraft, type: OrderType, quote: WireQuote, terms: WireInstrument): OrderDraft {
  const stop = stepped(quote.ask, 10n, terms);
  return {
    ...draft,
    type,
    limitPrice: type === "limit" ? stepped(quote.bid, 0n, terms) : type === "stop-limit" ? stop : "",
    stopPrice: needsStop(type) ? stop : "",
    timeInForce: timesOf(type).includes(draft.timeInForce) ? draft.timeInForce : "gtc",
  };
}

/** Price that the order is expected to open at; null while its price is none. */
export function entryOf(
  draft: OrderDraft,
  { side, quote, instrument }: Omit<DraftAt, "lots" | "nowMs">,
): string | null {
  if (needsLimit(draft.type)) return typedPrice(draft.limitPrice, instrument);
  if (draft.type === "stop") return typedPrice(draft.stopPrice, instrument);
  return side === "buy" ? quote.ask : quote.bid;
}

/** The first thing that would certainly be refused; null: none. */
export function draftProblem(draft: OrderDraft, at: DraftAt): DraftProblem | null {
  const market = at.side === "buy" ? at.quote.ask : at.quote.bid;
  const problem = (field: DraftField, code: DraftProblem["code"]): DraftProblem => ({ field, code, market });
  if (needsStop(draft.type)) {
    const stop = typedPrice(draft.stopPrice, at.instrument);
    if (stop === null) return problem("stopPrice", "price");
    if (compare(stop, market) !== (at.side === "buy" ? 1 : -1)) return problem("stopPrice", "stop-side");
  }
  if (needsLimit(draft.type)) {
    const limit = typedPrice(draft.limitPrice, at.instrument);
    if (limit === null) return problem("limitPrice", "price");
    const waits = compare(limit, market) === (at.side === "buy" ? -1 : 1);
    if (waits && isAtOnce(draft.timeInForce)) return problem("limitPrice", "not-marketable");
  }
  if (draft.type !== "market" && draft.timeInForce === "gtd" && !(Date.parse(draft.expiresAt) > at.nowMs))
    return problem("expiresAt", "expiry");
  return legProblem(draft, at, problem);
}

const isAtOnce = (time: TimeInForce): boolean => time === "ioc" || time === "fok";

function legProblem(
  draft: OrderDraft,
  at: DraftAt,
  problem: (field: DraftField, code: DraftProblem["code"]) => DraftProblem,
): DraftProblem | null {
  const entry = entryOf(draft, at);
  if (draft.reduceOnly || entry === null) return null;
  for (const kind of ["takeProfit", "stopLoss"] as const) {
    if (!draft[kind].on) continue;
    const figures = legFigures(draft[kind], { kind, side: at.side, entry, lots: at.lots }, at.instrument);
    if (figures === null) return problem(kind, "leg");
    if (figures.ticks < 1n) return problem(kind, "leg-side");
  }
  return null;
}

/** The part of the request that the draft decides. Call only without a problem. `quotedPrice` is what the press saw. */
export function requestOf(
  draft: OrderDraft,
  at: DraftAt,
  pressed: { readonly quotedPrice: string; readonly maxSlippageTicks: number },
): Omit<PlaceOrderRequest, "clientOrderId" | "accountId" | "instrument"> {
  const { instrument, side, lots } = at;
  const limitPrice = needsLimit(draft.type) ? typedPrice(draft.limitPrice, instrument) : null;
  const stopPrice = needsStop(draft.type) ? typedPrice(draft.stopPrice, instrument) : null;
  const isMarket = draft.type === "market";
  const entry = isMarket ? pressed.quotedPrice : entryOf(draft, at);
  const leg = (kind: LegKind): string | null =>
    entry === null || draft.reduceOnly || !draft[kind].on
      ? null
      : (legFigures(draft[kind], { kind, side, entry, lots }, instrument)?.price ?? null);
  const [takeProfitPrice, stopLossPrice] = [leg("takeProfit"), leg("stopLoss")];
  return {
    ...{ side, type: draft.type, lots: lots.toString() },
    ...(isMarket ? pressed : { timeInForce: draft.timeInForce }),
    ...(!isMarket && draft.timeInForce === "gtd" ? { expiresAt: new Date(draft.expiresAt).toISOString() } : {}),
    ...(limitPrice === null ? {} : { limitPrice }),
    ...(stopPrice === null ? {} : { stopPrice }),
    ...(draft.reduceOnly ? { reduceOnly: true } : {}),
    ...(takeProfitPrice === null ? {} : { takeProfitPrice }),
    ...(stopLossPrice === null ? {} : { stopLossPrice }),
  };
}
