import type { AccountState, OrderRefusalCode, Side } from "#contracts/names.ts";
import { type Exposure, type Funds, lineOf, marginLoad, project, splitOrder } from "./exposure.ts";
import type { Instrument } from "./instrument.ts";
import type { TradingStops } from "./kill-switch.ts";
import { availableFunds, feeOf, marginLine, withOrder } from "./margin.ts";
import { marketChecks, said } from "./market-checks.ts";
import { applyFill } from "./position.ts";
import { closableBy } from "./reduce.ts";
import { ok, type Result, refuse } from "./result.ts";
import type { EffectiveLimit, EffectiveLimits } from "./risk.ts";
import {
  formatDecimal,
  formatPrice,
  type Lots,
  lots,
  type MinorUnits,
  minorUnits,
  type Ticks,
  ticks,
} from "./units.ts";

/** A trader's instruction, parsed: what he wants, nothing about whether he may. */
export interface OrderIntent {
  readonly side: Side;
  readonly lots: Lots;
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
  readonly accountState: AccountState;
  /** Kill switches and the contract's end. */
  readonly stops: TradingStops;
  /** Accepted orders of the account that are not settled yet, in all instruments. */
  readonly workingOrders: number;
  readonly exposure: Exposure;
  readonly funds: Funds;
  readonly limits: EffectiveLimits;
}

/** One check of a decision, written for people: money and prices in major units. */
export interface OrderCheck {
  readonly code: OrderRefusalCode;
  readonly passed: boolean;
  readonly limit: string | null;
  readonly value: string | null;
  readonly headroom: string | null;
  /** Where the limit came from: "terms", "default", "partner", "agent:<code>", "trader", "account", "instrument", "contract", "kill-switch:<scope>", "order". */
  readonly source: string | null;
}

export interface AcceptedOrder {
  /** The price it will fill at: buy at ask, sell at bid. */
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

/** Most orders of one account that may wait for settlement at once: bounds what one settlement has to lock and compute. */
export const workingOrdersMax = 500n;

/**
 * Decides a market order. Every check is evaluated and returned; the first that failed, in the order of
 * `orderRefusalCodes`, is the refusal. The part that reduces the (projected) position skips limits, margin and
 * close-only; only the part that opens is measured.
 */
export function decideOrder(intent: OrderIntent, context: OrderContext): Result<AcceptedOrder, OrderRefusal> {
  const { exposure, instrument, quote } = context;
  const { closed, opened } = splitOrder(exposure, { ...intent, waits: false });
  // An exit keeps the terms its line was made under; what opens is measured by those in force.
  const measured = opened > 0n ? { ...exposure, terms: instrument.terms } : exposure;
  const money = moneyFor(intent, opened, measured);
  const checks: OrderCheck[] = [
    ...marketChecks(context, intent.side, opened),
    ...sizeChecks(intent, opened, context),
    ...(intent.reduceOnly ? exitChecks(intent, closable(intent, exposure)) : []),
    ...priceChecks(intent, context),
    ...limitChecks(intent, opened, context),
    ...(opened > 0n ? [fundsCheck(money.needed, context)] : []),
  ];
  const failed = checks.find((check) => !check.passed);
  if (failed !== undefined || quote === null) return refuse({ code: failed?.code ?? "QUOTE_STALE", checks });
  return ok({
    price: intent.side === "buy" ? quote.ask : quote.bid,
    closes: closed,
    opens: opened,
    ...money,
    checks,
  });
}

/**
 * The line with this order, and the money it needs beyond what is held. One that fills now must also leave enough for the line as
 * it is then, after the fees of what it opens: turning a position around frees margin, but not before it is filled.
 */
function moneyFor(intent: OrderIntent, opened: Lots, exposure: Exposure): Pick<AcceptedOrder, "line" | "needed"> {
  if (intent.reduceOnly) return { line: lineOf(exposure), needed: minorUnits(0n) };
  const line = marginLine(withOrder(marginLoad(exposure), intent.side, intent.lots), exposure.terms);
  if (opened === 0n) return { line, needed: minorUnits(0n) };
  const filled = lineWhenFilled(intent, exposure) + feeOf(opened, exposure.terms.feePerSide);
  const needed = (line > filled ? line : filled) - exposure.marginHeld;
  return { line, needed: minorUnits(needed > 0n ? needed : 0n) };
}

function lineWhenFilled({ side, lots: size }: OrderIntent, exposure: Exposure): MinorUnits {
  const { position } = applyFill(project(exposure).position, { side, lots: size, price: ticks(0n) });
  return marginLine(marginLoad({ position, pending: [], resting: exposure.resting }), exposure.terms);
}

function sizeChecks(intent: OrderIntent, opened: Lots, context: OrderContext): OrderCheck[] {
  const { terms } = context.instrument;
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
    atMost("LOTS_MAX_ORDER", opened, { value: terms.maxLotsPerOrder, source: "terms" }),
    ...under("LOTS_MAX_ORDER", opened, context.limits.maxLotsPerOrder),
  ];
}

/** Lots that an exit of this side can close, of the position as it will be when all earlier orders are settled. */
const closable = ({ side }: OrderIntent, exposure: Exposure): Lots => closableBy(side, project(exposure).position);

function exitChecks(intent: OrderIntent, most: Lots): OrderCheck[] {
  return [
    said("NO_POSITION", most > 0n, `${most}`, "account"),
    ...(most > 0n ? [atMost("EXCEEDS_POSITION", intent.lots, { value: most, source: "account" })] : []),
  ];
}

function priceChecks(intent: OrderIntent, context: OrderContext): OrderCheck[] {
  const { quotedPrice, maxSlippageTicks, side } = intent;
  if (context.quote === null || quotedPrice === null || maxSlippageTicks === null) return [];
  const scale = context.instrument.terms.price;
  const price = side === "buy" ? context.quote.ask : context.quote.bid;
  const worst = (side === "buy" ? quotedPrice + maxSlippageTicks : quotedPrice - maxSlippageTicks) as Ticks;
  const headroom = (side === "buy" ? worst - price : price - worst) as Ticks;
  return [
    {
      code: "PRICE_MOVED",
      passed: headroom >= 0n,
      limit: formatPrice(worst, scale),
      value: formatPrice(price, scale),
      headroom: formatPrice(headroom, scale),
      source: "order",
    },
  ];
}

function limitChecks(intent: OrderIntent, opened: Lots, context: OrderContext): OrderCheck[] {
  if (opened === 0n) return [];
  const load = withOrder(marginLoad(context.exposure), intent.side, intent.lots);
  // Waiting orders of the other side are not trusted to reduce it: they may still be rejected.
  const reached = lots(intent.side === "buy" ? load.position + load.pendingBuy : load.pendingSell - load.position);
  return [
    atMost("TOO_MANY_WORKING", lots(BigInt(context.workingOrders + 1)), {
      value: lots(workingOrdersMax),
      source: "account",
    }),
    ...under("POSITION_LIMIT", reached, context.limits.maxPositionLots),
  ];
}

function fundsCheck(needed: MinorUnits, context: OrderContext): OrderCheck {
  const scale = context.instrument.terms.currencyScale;
  const available = availableFunds(context.funds) - context.funds.uncovered;
  return {
    code: "INSUFFICIENT_FUNDS",
    passed: available >= needed,
    limit: formatDecimal(available, scale),
    value: formatDecimal(needed, scale),
    headroom: formatDecimal(available - needed, scale),
    source: "account",
  };
}

const atMost = (code: OrderRefusalCode, value: Lots, limit: EffectiveLimit): OrderCheck => ({
  code,
  passed: value <= limit.value,
  limit: `${limit.value}`,
  value: `${value}`,
  headroom: `${limit.value - value}`,
  source: limit.source,
});

const under = (code: OrderRefusalCode, value: Lots, limit: EffectiveLimit | null): OrderCheck[] =>
  limit === null ? [] : [atMost(code, value, limit)];
