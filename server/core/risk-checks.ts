import type { OrderType, Side } from "#contracts/names.ts";
import type { OrderRefusalCode } from "#contracts/order-names.ts";
import { marginLoad, reachesOf } from "./exposure.ts";
import { marginLine, reachOf, withOrder } from "./margin.ts";
import type { OrderCheck, OrderContext, OrderIntent } from "./order.ts";
import { openingCost } from "./order-money.ts";
import { marketPrice } from "./order-prices.ts";
import { minorOf } from "./risk-settings.ts";
import { bothOf, type Effective } from "./risk-table.ts";
import { atLeast, atMost, stated, type Told } from "./risk-told.ts";
import { hoursOf, isWithin } from "./trading-window.ts";
import { formatDecimal, type Lots, lots, type MinorUnits } from "./units.ts";
import { localTimeOf } from "./zone-time.ts";

/** What an account holds in one instrument: the most lots its position may come to on each side, not negative. */
export interface Held {
  readonly instrumentId: string;
  readonly assetClass: string;
  readonly long: bigint;
  readonly short: bigint;
  /** What one lot is worth at the market, minor units; 0: no price is known. */
  readonly lotValue: bigint;
  /** Held for it. */
  readonly margin: MinorUnits;
}

/** Orders that were the same, of those that were accepted lately. */
export interface RecentOrders {
  readonly instrumentId: string;
  readonly side: Side;
  readonly lots: bigint;
  readonly type: OrderType;
  /** Of the last of them. */
  readonly ageMs: number;
}

/** What an account, and those judged together with it, did lately. */
export interface OrderFlow {
  /** Orders of the last minute; counted only where a setting asks. */
  readonly lastMinute: number;
  /** As far back as an order must not be repeated. */
  readonly recent: readonly RecentOrders[];
  /** How long the last position of this instrument was held, and how long ago it was opened; null: none was closed. */
  readonly lastHeld: { readonly heldMs: number; readonly openedMsAgo: number } | null;
}

/** Lots of all traders of a partner, or of the house, in the instrument: what their positions come to if all that opens on a side fills. */
export interface Together {
  readonly long: bigint;
  readonly short: bigint;
}

export interface RiskFacts {
  /** What is judged together with the order besides its own account's instrument: its other instruments, and all of linked accounts. */
  readonly others: readonly Held[];
  readonly flow: OrderFlow;
  /** Checks of loss limits, profit triggers and self-exclusion, for an order that costs so much at once: see loss-checks.ts. */
  readonly losses: (cost: MinorUnits) => readonly OrderCheck[];
  /** Asked for only where a cap is in force. */
  readonly partner: Together | null;
  readonly house: Together | null;
}

type Sized = Pick<OrderIntent, "side" | "lots">;
type PositionContext = Pick<OrderContext, "settings" | "instrument" | "risk" | "exposure" | "quote">;

export const noOrderFlow: OrderFlow = { lastMinute: 0, recent: [], lastHeld: null };

export const noRiskFacts: RiskFacts = {
  others: [],
  flow: noOrderFlow,
  losses: () => [],
  partner: null,
  house: null,
};

/**
 * The checks of the risk table for what an order opens; what reduces is measured by none of them. Waiting orders of the other side are
 * not trusted to reduce a position, and a position of one account does not make up for the opposite one of a linked account.
 */
export function riskChecks(intent: OrderIntent, opened: Lots, needed: MinorUnits, context: OrderContext): OrderCheck[] {
  return [
    ...ruleChecks(intent, context),
    ...flowChecks(intent, context),
    ...positionChecks(intent, opened, context),
    ...context.risk.losses(openingCost(opened, context)),
    ...marginChecks(intent, needed, context),
    ...capChecks(intent, opened, context),
  ];
}

function ruleChecks(intent: OrderIntent, { settings, instrument, now }: OrderContext): OrderCheck[] {
  const { allowed, tradingWindows, isStopLossMandatory } = settings;
  const checks: OrderCheck[] = [];
  for (const windows of bothOf(tradingWindows)) {
    const isOpen = windows.value.some((window) => isWithin(window, now.getTime()));
    const { text, zones } = hoursOf(windows.value);
    const local = zones.map((zone) => `${localTimeOf(zone, now.getTime()).time} ${zone}`).join(", ");
    checks.push(stated("TIME_WINDOW", isOpen, { value: local, limit: text }, windows));
  }
  for (const list of bothOf(allowed)) {
    const isAmong = list.value.includes(instrument.id) || list.value.includes(instrument.assetClass);
    const told = { value: instrument.id, limit: list.value.join(", ") };
    checks.push(stated("INSTRUMENT_NOT_ALLOWED", isAmong, told, list));
  }
  if (isStopLossMandatory?.value === true)
    checks.push(
      stated("STOP_LOSS_MISSING", intent.stopLoss !== null, { value: null, limit: null }, isStopLossMandatory),
    );
  return checks;
}

function flowChecks(
  intent: OrderIntent,
  { settings, risk: { flow }, workingOrders, instrument }: OrderContext,
): OrderCheck[] {
  const { repeatOrderSeconds, maxOrdersPerMinute, minHoldingSeconds, maxWorkingOrders } = settings;
  const checks: OrderCheck[] = [];
  const same = flow.recent.filter(
    ({ instrumentId, side, lots, type }) =>
      instrumentId === instrument.id && side === intent.side && lots === intent.lots && type === intent.type,
  );
  if (repeatOrderSeconds !== undefined && same.length > 0)
    checks.push(atLeast("REPEATED_ORDER", seconds(Math.min(...same.map(({ ageMs }) => ageMs))), repeatOrderSeconds));
  if (maxOrdersPerMinute !== undefined)
    checks.push(atMost("TOO_MANY_ORDERS", BigInt(flow.lastMinute + 1), maxOrdersPerMinute));
  if (minHoldingSeconds !== undefined && flow.lastHeld !== null) {
    const { heldMs, openedMsAgo } = flow.lastHeld;
    const isOver = seconds(openedMsAgo) >= minHoldingSeconds.value;
    const check = atLeast("HELD_TOO_SHORT", seconds(heldMs), minHoldingSeconds);
    checks.push({ ...check, passed: check.passed || isOver });
  }
  if (maxWorkingOrders !== undefined)
    checks.push(atMost("TOO_MANY_WORKING", BigInt(workingOrders + 1), maxWorkingOrders));
  return checks;
}

const seconds = (ms: number): bigint => BigInt(Math.floor(ms / 1000));

/** Of limits on positions and what they are worth, also asked when an order that waited is to be filled. */
export function positionChecks(intent: Sized, opened: Lots, context: PositionContext): OrderCheck[] {
  const { settings, instrument, risk } = context;
  const own = ownHeld(intent, context);
  const all = [...risk.others, own];
  const here = all.filter(({ instrumentId }) => instrumentId === instrument.id);
  const alike = all.filter(({ assetClass }) => assetClass === instrument.assetClass);
  const reached = sum(here, ({ long, short }) => (intent.side === "buy" ? long : short));
  const sided = intent.side === "buy" ? settings.maxLongLots : settings.maxShortLots;
  const open = new Set(all.filter(isOpen).map(({ instrumentId }) => instrumentId));
  const inMoney = underMoney(context);
  return [
    ...under("POSITION_LIMIT", reached, settings.maxPositionLots),
    ...under("POSITION_LIMIT", reached, sided),
    ...under("POSITION_LIMIT", sum(here, gross), settings.maxGrossLots),
    ...under("CLASS_LIMIT", sum(alike, gross), settings.maxClassLots),
    ...under("OVERALL_LIMIT", sum(all, gross), settings.maxTotalLots),
    ...under("OVERALL_LIMIT", BigInt(open.size), settings.maxInstruments),
    ...inMoney("EXPOSURE_LIMIT", opened * own.lotValue, settings.maxOrderExposure),
    ...inMoney("EXPOSURE_LIMIT", sum(here, worth), settings.maxExposure),
    ...inMoney("EXPOSURE_LIMIT", sum(alike, worth), settings.maxClassExposure),
    ...inMoney("EXPOSURE_LIMIT", sum(all, worth), settings.maxTotalExposure),
  ];
}

/** The account's own instrument with the order in it. */
function ownHeld({ side, lots: size }: Sized, { exposure, instrument, quote }: PositionContext): Held {
  const withIt = { ...exposure, resting: { ...exposure.resting, [side]: lots(exposure.resting[side] + size) } };
  return {
    instrumentId: instrument.id,
    assetClass: instrument.assetClass,
    ...reachesOf(withIt),
    lotValue: quote === null ? 0n : marketPrice({ side }, quote) * instrument.terms.tickValue,
    margin: marginLine(marginLoad(withIt), instrument.terms),
  };
}

const gross = ({ long, short }: Held): bigint => (long > short ? long : short);
const worth = (held: Held): bigint => gross(held) * held.lotValue;
const isOpen = (held: Held): boolean => gross(held) > 0n;
const sum = <Item>(items: readonly Item[], of: (item: Item) => bigint): bigint =>
  items.reduce((total, item) => total + of(item), 0n);

/** A larger margin for this trader is asked for from what is free beyond the lines, which stay as the terms have them. */
function marginChecks(intent: OrderIntent, needed: MinorUnits, context: OrderContext): OrderCheck[] {
  const { settings, risk, funds, exposure, instrument } = context;
  const { maxMarginUsed, marginPercent } = settings;
  const money = moneyTold(context);
  const used = sum(risk.others, ({ margin }) => margin) + exposure.marginHeld + needed;
  const checks: OrderCheck[] = [];
  if (maxMarginUsed !== undefined) checks.push(...underMoney(context)("MARGIN_LIMIT", used, maxMarginUsed));
  if (marginPercent !== undefined && marginPercent.value > 100n) {
    const load = withOrder(marginLoad(exposure), intent.side, intent.lots);
    const more = (reachOf(load) * instrument.terms.initialMargin * (marginPercent.value - 100n)) / 100n;
    const least = funds.balance < funds.equity ? funds.balance : funds.equity;
    const free = least - funds.held - funds.uncovered;
    const told = { value: money(needed + more), limit: money(free) };
    checks.push({
      ...stated("INSUFFICIENT_FUNDS", free >= needed + more, told, marginPercent),
      headroom: money(free - needed - more),
    });
  }
  return checks;
}

/** What the whole side takes of an instrument. An order that brings the two sides nearer is always taken. */
function capChecks(intent: OrderIntent, opened: Lots, context: OrderContext): OrderCheck[] {
  const { partnerMaxLots, partnerMaxExposure, houseMaxLots, houseMaxExposure } = context.settings;
  const { partner, house } = context.risk;
  if (partner === null && house === null) return [];
  const { lotValue } = ownHeld(intent, context);
  const inMoney = underMoney(context);
  const partners = partner === null ? null : reachedTogether(partner, intent, opened);
  const all = house === null ? null : reachedTogether(house, intent, opened);
  return [
    ...(partners === null ? [] : under("PARTNER_LIMIT", partners, partnerMaxLots)),
    ...(partners === null ? [] : inMoney("PARTNER_LIMIT", partners * lotValue, partnerMaxExposure)),
    ...(all === null ? [] : under("HOUSE_LIMIT", all, houseMaxLots)),
    ...(all === null ? [] : inMoney("HOUSE_LIMIT", all * lotValue, houseMaxExposure)),
  ];
}

function reachedTogether({ long, short }: Together, { side }: Sized, opened: Lots): bigint {
  const net = (side === "buy" ? long - short : short - long) + opened;
  return net > 0n ? net : 0n;
}

const moneyTold =
  ({ instrument }: Pick<OrderContext, "instrument">): Told =>
  (minor) =>
    formatDecimal(minor, instrument.terms.currencyScale);

const under = (code: OrderRefusalCode, value: bigint, limit: Effective<bigint> | undefined): OrderCheck[] =>
  limit === undefined ? [] : [atMost(code, value, limit)];

/** Money in minor units against a limit of the table. */
const underMoney =
  ({ instrument }: Pick<OrderContext, "instrument">) =>
  (code: OrderRefusalCode, minor: bigint, limit: Effective<bigint> | undefined): OrderCheck[] => {
    const { currencyScale } = instrument.terms;
    if (limit === undefined) return [];
    const most = { ...limit, value: minorOf(limit.value, currencyScale) };
    return [atMost(code, minor, most, (value) => formatDecimal(value, currencyScale))];
  };
