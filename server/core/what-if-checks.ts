import type { OrderType, Side } from "#contracts/names.ts";
import { type OrderRefusalCode, orderRefusalCodes } from "#contracts/order-names.ts";
import { splitOrder } from "./exposure.ts";
import { noStops } from "./kill-switch.ts";
import type { OrderContext, OrderIntent } from "./order.ts";
import { moneyFor } from "./order-money.ts";
import { type RecentOrders, type RiskFacts, riskChecks, type Together } from "./risk-checks.ts";
import type { EffectiveSettings } from "./risk-table.ts";
import { atMost } from "./risk-told.ts";
import { minorUnits } from "./units.ts";
import type { Whose } from "./what-if.ts";
import { exposureOf, heldOf, type PlayedLine, type Quote, reachesOf } from "./what-if-line.ts";

/** An account in both plays. */
export interface PlayedAccount {
  readonly whose: Whose;
  readonly lines: Map<string, PlayedLine>;
  /** Orders that the table refuses: their fills are left out. */
  readonly leftOut: Set<string>;
  /** Orders taken lately, the oldest first. */
  flow: FlowEntry[];
}

interface FlowEntry {
  readonly at: number;
  readonly instrumentId: string;
  readonly side: Side;
  readonly lots: bigint;
  readonly type: OrderType;
}

interface Tried {
  readonly account: PlayedAccount;
  readonly mates: readonly PlayedAccount[];
  readonly line: PlayedLine;
  readonly at: number;
  readonly settings: EffectiveSettings;
  readonly intent: OrderIntent;
  readonly quote: Quote;
}

interface World {
  readonly quotes: ReadonlyMap<string, Quote>;
  readonly caps: CapSums;
  readonly waits: boolean;
}

/** Whether the risk table refuses an order in the played account, and what for: the first in the order of precedence. */
export function tableRefusal(tried: Tried, { quotes, caps, waits }: World): OrderRefusalCode | null {
  const { account, line, at, intent, quote } = tried;
  // What is free is the money's, which stays as it was recorded.
  const { marginPercent: _asMoney, ...settings } = tried.settings;
  const exposure = exposureOf(line.played, line.instrument);
  const { opened } = splitOrder(exposure, { ...intent, waits });
  if (opened === 0n) return null;
  const context: OrderContext = {
    ...{ instrument: line.instrument, sessionOpen: true, quote, quoteAgeMs: 0, now: new Date(at), stops: noStops },
    ...{ accountState: "active", marginStage: "ok", workingOrders: workingOf(account), exposure, settings },
    funds: { balance: none, equity: none, held: none, uncovered: none, unmarked: [] },
    risk: factsOf(tried, settings, { quotes, caps }),
  };
  const { needed } = moneyFor({ ...intent, waits }, opened, exposure);
  const { maxLotsPerOrder } = settings;
  const checks = [
    ...riskChecks(intent, opened, needed, context),
    ...(maxLotsPerOrder === undefined ? [] : [atMost("LOTS_MAX_ORDER", opened, maxLotsPerOrder)]),
  ];
  let first: OrderRefusalCode | null = null;
  for (const { code, passed } of checks) if (!passed && (first === null || place(code) < place(first))) first = code;
  return first;
}

const none = minorUnits(0n);
const places = new Map(orderRefusalCodes.map((code, index) => [code, index]));
const place = (code: OrderRefusalCode): number => places.get(code) ?? places.size;

function workingOf({ lines }: PlayedAccount): number {
  let count = 0;
  for (const { played } of lines.values()) count += played.open.size;
  return count;
}

function factsOf(
  { account, mates, line, at }: Tried,
  settings: EffectiveSettings,
  { quotes, caps }: Pick<World, "quotes" | "caps">,
): RiskFacts {
  const others = [account, ...mates].flatMap(({ lines }) =>
    [...lines.values()].filter((one) => one !== line).map((one) => heldOf(one, quotes.get(one.instrument.id))),
  );
  const { openedAt, heldMs } = line.lastHeld ?? { openedAt: 0, heldMs: 0 };
  const isFlat = line.played.lots === 0n && line.lastHeld !== null;
  return {
    others,
    flow: {
      recent: [account, ...mates].flatMap(({ flow }) => recentIn(flow, at, settings)),
      lastHeld: isFlat ? { heldMs, openedMsAgo: at - openedAt } : null,
    },
    losses: () => [],
    partner: caps.of(account.whose, line.instrument.id, "partner", settings),
    house: caps.of(account.whose, line.instrument.id, "house", settings),
  };
}

const minuteMs = 60_000;

const recentOf = ({ at: given, ...order }: FlowEntry, at: number): RecentOrders => ({
  ...order,
  ageMs: at - given,
  lastMinute: at - given < minuteMs ? 1 : 0,
});

/** How far back the settings look at orders; 0: not at all. */
function flowMs({ maxOrdersPerMinute, repeatOrderSeconds }: EffectiveSettings): bigint {
  const repeat = (repeatOrderSeconds?.value ?? 0n) * 1000n;
  const minute = maxOrdersPerMinute === undefined ? 0n : BigInt(minuteMs);
  return repeat > minute ? repeat : minute;
}

function recentIn(flow: readonly FlowEntry[], at: number, settings: EffectiveSettings): RecentOrders[] {
  const lookedBack = flowMs(settings);
  const recent: RecentOrders[] = [];
  for (let index = flow.length - 1; index >= 0; index--) {
    const entry = flow[index];
    if (entry === undefined || BigInt(at - entry.at) >= lookedBack) break;
    recent.push(recentOf(entry, at));
  }
  return recent;
}

/** Orders of one account that are remembered, as a decision looks at no more. */
const flowMax = 1_000;

/** Notes an order that was taken. */
export function noteOrder(account: PlayedAccount, entry: FlowEntry): void {
  account.flow.push(entry);
  if (account.flow.length > 2 * flowMax) account.flow = account.flow.slice(-flowMax);
}

/** Lots of all played accounts of a partner, or of the house, in each instrument and book. */
export interface CapSums {
  /** Does something to a line, and keeps the sums. */
  readonly change: (account: PlayedAccount, line: PlayedLine, does: () => void) => void;
  /** Null where no cap of that kind is in force. */
  readonly of: (
    whose: Whose,
    instrumentId: string,
    kind: "partner" | "house",
    settings: EffectiveSettings,
  ) => Together | null;
}

export function capSums(): CapSums {
  const sums = new Map<string, { long: bigint; short: bigint }>();
  const sumOf = (key: string): { long: bigint; short: bigint } => {
    const sum = sums.get(key) ?? { long: 0n, short: 0n };
    sums.set(key, sum);
    return sum;
  };
  const house = ({ book }: Whose, instrumentId: string): string => `${book} ${instrumentId}`;
  const partner = (whose: Whose, instrumentId: string): string => `${whose.tenantId} ${house(whose, instrumentId)}`;
  return {
    change: ({ whose }, line, does) => {
      const before = togetherOf(line);
      does();
      const after = togetherOf(line);
      const { id } = line.instrument;
      for (const sum of [sumOf(house(whose, id)), sumOf(partner(whose, id))]) {
        sum.long += after.long - before.long;
        sum.short += after.short - before.short;
      }
    },
    of: (whose, instrumentId, kind, settings) => {
      const { partnerMaxLots, partnerMaxExposure, houseMaxLots, houseMaxExposure } = settings;
      const caps = kind === "partner" ? [partnerMaxLots, partnerMaxExposure] : [houseMaxLots, houseMaxExposure];
      if (caps.every((cap) => cap === undefined)) return null;
      return sumOf(kind === "partner" ? partner(whose, instrumentId) : house(whose, instrumentId));
    },
  };
}

/** Positions and what may open, each side by itself: a waiting order is not trusted to reduce. */
function togetherOf({ played }: PlayedLine): Together {
  const { lots: size } = played;
  const { long, short } = reachesOf({ ...played, lots: 0n });
  return { long: long + (size > 0n ? size : 0n), short: short + (size < 0n ? -size : 0n) };
}
