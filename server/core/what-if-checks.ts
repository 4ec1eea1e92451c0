import type { OrderType, Side } from "#contracts/names.ts";
import { type OrderRefusalCode, orderRefusalCodes } from "#contracts/order-names.ts";
import { type Exposure, splitOrder } from "./exposure.ts";
import { noStops } from "./kill-switch.ts";
import type { OrderContext, OrderIntent } from "./order.ts";
import { moneyFor } from "./order-money.ts";
import { slippageLimit } from "./order-prices.ts";
import { type Held, type OrderFlow, type RecentOrders, type RiskFacts, riskChecks } from "./risk-checks.ts";
import type { EffectiveSettings } from "./risk-table.ts";
import { atMost } from "./risk-told.ts";
import { minorUnits } from "./units.ts";
import type { CapSums } from "./what-if-caps.ts";
import type { Whose } from "./what-if-events.ts";
import { heldOf, type PlayedLine, type Quote } from "./what-if-line.ts";
import type { LossPlay } from "./what-if-losses.ts";

/** An account in both plays. */
export interface PlayedAccount {
  readonly whose: Whose;
  readonly lines: Map<string, PlayedLine>;
  /** Orders that the table refuses: their fills are left out. */
  readonly leftOut: Set<string>;
  /** Orders taken lately, the oldest first. */
  flow: FlowEntry[];
  /** Null: its loss limits are not tried. */
  readonly losses: LossPlay | null;
}

interface FlowEntry {
  readonly at: number;
  readonly instrumentId: string;
  readonly side: Side;
  readonly lots: bigint;
  readonly type: OrderType;
}

export interface Tried {
  readonly account: PlayedAccount;
  readonly mates: readonly PlayedAccount[];
  readonly line: PlayedLine;
  /** Of the played leg. */
  readonly exposure: Exposure;
  readonly at: number;
  readonly settings: EffectiveSettings;
  readonly intent: OrderIntent;
  /** Whether it waits for its price. */
  readonly waits: boolean;
  readonly quote: Quote;
}

interface World {
  readonly quotes: ReadonlyMap<string, Quote>;
  readonly caps: CapSums;
}

/** Whether the risk table refuses an order in the played account, and what for: the first in the order of precedence. */
export function tableRefusal(tried: Tried, world: World): OrderRefusalCode | null {
  const { account, line, exposure, at, intent, waits, quote } = tried;
  const { side, lots, reduceOnly } = intent;
  const order = { side, lots, reduceOnly, waits };
  const { opened } = splitOrder(exposure, order);
  if (opened === 0n) return null;
  const asked = askedBy(tried.settings);
  if (asked.isNothing && account.losses === null) return null;
  const { needed } = moneyFor(order, opened, exposure);
  const context: OrderContext = {
    instrument: line.instrument,
    sessionOpen: true,
    quote,
    quoteAgeMs: 0,
    now: new Date(at),
    stops: noStops,
    accountState: "active",
    marginStage: "ok",
    workingOrders: workingOf(account),
    exposure,
    settings: asked.settings,
    funds: noFunds,
    risk: factsOf(tried, asked, world),
  };
  let first: OrderRefusalCode | null = null;
  const { maxLotsPerOrder } = asked.settings;
  if (maxLotsPerOrder !== undefined && !atMost("LOTS_MAX_ORDER", opened, maxLotsPerOrder).passed)
    first = "LOTS_MAX_ORDER";
  for (const checks of [riskChecks(intent, opened, needed, context), slippageLimit(intent, context)])
    for (const { code, passed } of checks) if (!passed && (first === null || place(code) < place(first))) first = code;
  return first;
}

const none = minorUnits(0n);
const noFunds: OrderContext["funds"] = { balance: none, equity: none, held: none, uncovered: none, unmarked: [] };
const places = new Map(orderRefusalCodes.map((code, index) => [code, index]));
const place = (code: OrderRefusalCode): number => places.get(code) ?? places.size;

/** What settings ask to be known of an account, worked out once for each. */
interface Asked {
  /** Without the money's own: what is free stays as it was recorded. */
  readonly settings: EffectiveSettings;
  readonly isNothing: boolean;
  /** Whether what an account holds of other instruments is measured. */
  readonly isOfAll: boolean;
  /** How far back orders are looked at; 0: not at all. */
  readonly flowMs: bigint;
}

const known = new WeakMap<EffectiveSettings, Asked>();

function askedBy(inForce: EffectiveSettings): Asked {
  const found = known.get(inForce);
  if (found !== undefined) return found;
  const { marginPercent: _asMoney, ...settings } = inForce;
  const asked = {
    settings,
    isNothing: Object.keys(settings).length === 0,
    isOfAll: ofAll.some((name) => settings[name] !== undefined),
    flowMs: flowMs(settings),
  };
  known.set(inForce, asked);
  return asked;
}

const ofAll = [
  ...(["maxClassLots", "maxTotalLots", "maxClassExposure"] as const),
  ...(["maxTotalExposure", "maxMarginUsed", "maxInstruments"] as const),
];

const minuteMs = 60_000n;

function flowMs({ maxOrdersPerMinute, repeatOrderSeconds }: EffectiveSettings): bigint {
  const repeat = (repeatOrderSeconds?.value ?? 0n) * 1000n;
  const minute = maxOrdersPerMinute === undefined ? 0n : minuteMs;
  return repeat > minute ? repeat : minute;
}

function workingOf({ lines }: PlayedAccount): number {
  let count = 0;
  for (const { played } of lines.values()) count += played.open.size;
  return count;
}

function factsOf(tried: Tried, asked: Asked, { quotes, caps }: World): RiskFacts {
  const { account, mates, line, at } = tried;
  const { id } = line.instrument;
  const isFlat = line.played.lots === 0n && line.lastHeld !== null;
  return {
    others: asked.isOfAll || mates.length > 0 ? othersOf(tried, quotes) : noOthers,
    flow: {
      ...(asked.flowMs === 0n ? noOrders : flowOf([account, ...mates], at, asked.flowMs)),
      lastHeld: isFlat ? heldUntil(line, at) : null,
    },
    losses: account.losses?.checks(at, quotes) ?? noLosses,
    partner: caps.of(account.whose, id, "partner", asked.settings),
    house: caps.of(account.whose, id, "house", asked.settings),
  };
}

const noOthers: readonly Held[] = [];
const noOrders: Omit<OrderFlow, "lastHeld"> = { lastMinute: 0, recent: [] };
const noLosses = (): readonly [] => [];

function othersOf({ account, mates, line }: Tried, quotes: World["quotes"]): Held[] {
  const others: Held[] = [];
  for (const { lines } of [account, ...mates])
    for (const one of lines.values()) if (one !== line) others.push(heldOf(one, quotes.get(one.instrument.id)));
  return others;
}

function heldUntil({ lastHeld }: PlayedLine, at: number): RiskFacts["flow"]["lastHeld"] {
  const { openedAt, heldMs } = lastHeld ?? { openedAt: 0, heldMs: 0 };
  return { heldMs, openedMsAgo: at - openedAt };
}

function flowOf(accounts: readonly PlayedAccount[], at: number, lookedBack: bigint): Omit<OrderFlow, "lastHeld"> {
  const recent: RecentOrders[] = [];
  let lastMinute = 0;
  for (const { flow } of accounts)
    for (let index = flow.length - 1; index >= 0; index--) {
      const entry = flow[index];
      if (entry === undefined || BigInt(at - entry.at) >= lookedBack) break;
      const { at: given, ...order } = entry;
      recent.push({ ...order, ageMs: at - given });
      if (BigInt(at - given) < minuteMs) lastMinute += 1;
    }
  return { lastMinute, recent };
}

/** Orders of one account that are remembered, as a decision looks at no more. */
const flowMax = 1_000;

/** Notes an order that was taken. */
export function noteOrder(account: PlayedAccount, entry: FlowEntry): void {
  account.flow.push(entry);
  if (account.flow.length > 2 * flowMax) account.flow = account.flow.slice(-flowMax);
}
