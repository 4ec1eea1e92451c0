import type { AccountState, MarginStage, OrderType, Side, TimeInForce } from "#contracts/names.ts";
import { type OrderRefusalCode, orderRefusalCodes } from "#contracts/order-names.ts";
import { type Exposure, type Funds, project, splitOrder } from "./exposure.ts";
import type { Instrument } from "./instrument.ts";
import type { TradingStops } from "./kill-switch.ts";
import { marketChecks, said } from "./market-checks.ts";
import { fundsCheck, moneyFor } from "./order-money.ts";
import { marketPrice, priceChecks, slippageLimit, waitsForPrice } from "./order-prices.ts";
import { closableBy } from "./reduce.ts";
import { ok, type Result, refuse } from "./result.ts";
import { type RiskFacts, riskChecks } from "./risk-checks.ts";
import type { EffectiveSettings } from "./risk-table.ts";
import { atMost } from "./risk-told.ts";
import type { Lots, MinorUnits, Ticks } from "./units.ts";

/** A trader's instruction, parsed: what he wants, nothing about whether he may. */
export interface OrderIntent {
  readonly side: Side;
  readonly lots: Lots;
  readonly type: OrderType;
  /** Of limit and stop-limit orders; a price between two ticks is rounded down here and named in `offTick`. */
  readonly limitPrice: Ticks | null;
  /** Of stop and stop-limit orders. */
  readonly stopPrice: Ticks | null;
  readonly timeInForce: TimeInForce;
  /** When it stops waiting, for `day` and `gtd`. */
  readonly expiresAt: Date | null;
  /** Bracket of the position it opens. */
  readonly takeProfit: Ticks | null;
  readonly stopLoss: Ticks | null;
  /** Prices of it that lie between two ticks, as written. */
  readonly offTick: readonly string[];
  /** An exit: may only reduce the position, never open. */
  readonly reduceOnly: boolean;
  /** The price the trader saw; with `maxSlippageTicks` it bounds the fill. */
  readonly quotedPrice: Ticks | null;
  readonly maxSlippageTicks: bigint | null;
}

/** Everything a decision looks at. Plain values: the same context gives the same decision. */
export interface OrderContext {
  readonly instrument: Instrument;
  readonly sessionOpen: boolean;
  readonly quote: { readonly bid: Ticks; readonly ask: Ticks } | null;
  /** Age by our receipt; null without a quote. */
  readonly quoteAgeMs: number | null;
  readonly now: Date;
  readonly accountState: AccountState;
  /** Where the account stands on the margin ladder. */
  readonly marginStage: MarginStage;
  /** Kill switches and the contract's end. */
  readonly stops: TradingStops;
  /** Open orders of the account, due or waiting for their price, in all instruments. */
  readonly workingOrders: number;
  readonly exposure: Exposure;
  readonly funds: Funds;
  /** The risk table, as it is for this trader and instrument. */
  readonly settings: EffectiveSettings;
  readonly risk: RiskFacts;
}

/** One check of a decision, written for people: money and prices in major units. */
export interface OrderCheck {
  readonly code: OrderRefusalCode;
  readonly passed: boolean;
  readonly limit: string | null;
  readonly value: string | null;
  readonly headroom: string | null;
  /**
   * Where the limit came from: "terms", "default", "partner", "agent:<code>", "group:<name>", "trader", "self", "account", "instrument",
   * "contract", "kill-switch:<scope>", "order", "market"; "together": a line of another account that counts as one with this one.
   */
  readonly source: string | null;
  /** Of the risk table's line that it came from. */
  readonly version?: number;
  /** The figures are of all accounts that count as one with this one. */
  readonly isTogether?: boolean;
}

export interface AcceptedOrder {
  /** It waits for its price; else it is due at once. */
  readonly waits: boolean;
  /** The price it would fill at now: buy at ask, sell at bid. */
  readonly price: Ticks;
  readonly closes: Lots;
  readonly opens: Lots;
  /** What the margin line of the instrument is with this order; what is held already is part of it. */
  readonly line: MinorUnits;
  /** The money it needs beyond what is held already: margin and the fee of what opens. 0 when nothing opens. */
  readonly needed: MinorUnits;
  readonly checks: readonly OrderCheck[];
}

export interface OrderRefusal {
  readonly code: OrderRefusalCode;
  readonly checks: readonly OrderCheck[];
}

/** Most open orders of one account: bounds what one settlement has to lock and compute. */
export const workingOrdersMax = 500n;

/**
 * Decides an order. Every check is evaluated and returned; the first that failed, in the order of `orderRefusalCodes`, is the
 * refusal. The part that reduces the (projected) position skips limits, margin and close-only; only the part that opens is
 * measured. An order whose price the market has not reached waits for it; the others are due at once, at the quote.
 */
export function decideOrder(intent: OrderIntent, context: OrderContext): Result<AcceptedOrder, OrderRefusal> {
  const { exposure, instrument, quote } = context;
  const order = { ...intent, waits: waitsForPrice(intent, quote) };
  const { closed, opened } = splitOrder(exposure, order);
  // An exit keeps the terms its line was made under; what opens is measured by those in force.
  const measured = opened > 0n ? { ...exposure, terms: instrument.terms } : exposure;
  const money = moneyFor(order, opened, measured);
  const checks: OrderCheck[] = [
    ...marketChecks(context, intent.side, opened),
    ...sizeChecks(intent, opened, context),
    ...(intent.reduceOnly ? exitChecks(intent, closable(intent, exposure)) : []),
    ...priceChecks(intent, context, order.waits),
    ...(opened > 0n || order.waits ? [workingCheck(context)] : []),
    ...(opened > 0n ? slippageLimit(intent, context) : []),
    ...(opened > 0n ? riskChecks(intent, opened, money.needed, context) : []),
    ...(opened > 0n ? [fundsCheck(money.needed, context)] : []),
  ].sort((a, b) => precedence(a) - precedence(b));
  const failed = firstFailed(checks);
  if (failed !== undefined || quote === null) return refuse({ code: failed?.code ?? "QUOTE_STALE", checks });
  const price = marketPrice(intent, quote);
  return ok({ waits: order.waits, price, closes: closed, opens: opened, ...money, checks });
}

const places = new Map(orderRefusalCodes.map((code, place) => [code, place]));
const precedence = ({ code }: OrderCheck): number => places.get(code) ?? places.size;

/** The check that decides: checks stand in the order of precedence. */
export const firstFailed = (checks: readonly OrderCheck[]): OrderCheck | undefined =>
  checks.find((check) => !check.passed);

function sizeChecks(intent: OrderIntent, opened: Lots, context: OrderContext): OrderCheck[] {
  const { terms } = context.instrument;
  const { maxLotsPerOrder } = context.settings;
  // A position may be odd since the terms changed; all of it can be closed whatever they are now.
  const isWhole = intent.reduceOnly && intent.lots === closable(intent, context.exposure);
  const step = isWhole || intent.lots % terms.lotStep === 0n;
  return [
    { ...said("LOTS_STEP", step, `${intent.lots}`, "terms"), limit: `${terms.lotStep}` },
    {
      ...said("LOTS_MIN", isWhole || intent.lots >= terms.minLots, `${intent.lots}`, "terms"),
      limit: `${terms.minLots}`,
      headroom: `${intent.lots - terms.minLots}`,
    },
    within("LOTS_MAX_ORDER", opened, terms.maxLotsPerOrder, "terms"),
    ...(maxLotsPerOrder === undefined ? [] : [atMost("LOTS_MAX_ORDER", opened, maxLotsPerOrder)]),
  ];
}

/** Lots that an exit of this side can close, of the position as it will be when all earlier orders are settled. */
const closable = ({ side }: OrderIntent, exposure: Exposure): Lots => closableBy(side, project(exposure).position);

function exitChecks(intent: OrderIntent, most: Lots): OrderCheck[] {
  return [
    said("NO_POSITION", most > 0n, `${most}`, "account"),
    ...(most > 0n ? [within("EXCEEDS_POSITION", intent.lots, most, "account")] : []),
  ];
}

const workingCheck = ({ workingOrders }: OrderContext): OrderCheck =>
  within("TOO_MANY_WORKING", BigInt(workingOrders + 1), workingOrdersMax, "account");

/** A limit that the platform itself sets. */
const within = (code: OrderRefusalCode, value: bigint, most: bigint, source: string): OrderCheck => ({
  ...said(code, value <= most, `${value}`, source),
  limit: `${most}`,
  headroom: `${most - value}`,
});
