import type { Knex } from "knex";
import type { Book } from "#contracts/names.ts";
import { type Exposure, reachesOf } from "#core/exposure.ts";
import type { Instrument } from "#core/instrument.ts";
import type { OrderIntent } from "#core/order.ts";
import type { Held, RecentOrders, RiskFacts, Together } from "#core/risk-checks.ts";
import type { EffectiveSettings } from "#core/risk-table.ts";
import {
  type AccountLosses,
  type FlowBook,
  loadFlow,
  loadTogether,
  type RiskBook,
  type TogetherBook,
} from "../risk/index.ts";
import type { AccountRow, PositionRow } from "./accounts.store.ts";
import type { Desk } from "./desk.ts";
import { type LossFactsOf, lossFacts } from "./loss-facts.ts";
import type { Market } from "./ports.ts";

/** What decisions need to know beyond their own desk, and what earlier decisions of the same batch add to it. */
export interface FactBook {
  readonly of: (decision: DecisionFacts) => RiskFacts;
  /** Enters an accepted order, for those that are decided after it. */
  readonly enter: (account: AccountRow, instrument: Instrument, intent: OrderIntent) => void;
}

/** What is known of one decision before its risk is judged. */
export interface DecisionFacts {
  readonly desk: Desk;
  readonly instrument: Instrument;
  readonly settings: EffectiveSettings;
  readonly now: Date;
}

export interface FactSources {
  readonly market: Pick<Market, "latestTradable" | "instrument">;
  readonly table: RiskBook;
  /** Of every account that is locked: those asked about, and those judged together with them. */
  readonly desks: ReadonlyMap<string, Desk>;
  /** The accounts judged together with one, itself not among them. */
  readonly matesOf: (accountId: string) => readonly string[];
  /** Of the accounts asked about. */
  readonly losses: ReadonlyMap<string, AccountLosses>;
  readonly now: Date;
}

interface Asked {
  readonly accountId: string;
  readonly instrumentId: string;
}

/** Loads what the settings in force of the orders ask for, and nothing else: most tables ask for nothing. */
export async function loadFacts(db: Knex, sources: FactSources, asked: readonly Asked[]): Promise<FactBook> {
  const wanted = asked.flatMap(({ accountId, instrumentId }) => {
    const desk = sources.desks.get(accountId);
    const instrument = sources.market.instrument(instrumentId);
    if (desk === undefined || instrument === undefined) return [];
    return [{ desk, instrument, settings: sources.table.of(desk.account.trader_id, instrument) }];
  });
  const capped = wanted.filter(({ settings }) => hasPartnerCap(settings) || hasHouseCap(settings));
  const books = [...new Set(capped.map(({ desk }) => desk.account.book))].sort();
  const instrumentsIn = (book: Book): string[] =>
    capped.flatMap(({ desk, instrument }) => (desk.account.book === book ? [instrument.id] : []));
  // One round trip, in this order.
  const [flow, losses, ...togethers] = await Promise.all([
    loadFlow(db, {
      counted: togetherOf(
        sources,
        wanted.filter(({ settings }) => asksForMinute(settings)),
      ),
      repeated: togetherOf(
        sources,
        wanted.filter(({ settings }) => repeatSeconds(settings) > 0),
      ),
      seconds: Math.max(0, ...wanted.map(({ settings }) => repeatSeconds(settings))),
    }),
    lossFacts(db, sources),
    ...books.map(async (book) => [book, await loadTogether(db, book, instrumentsIn(book))] as const),
  ]);
  return factBook(sources, flow, new Map<Book, TogetherBook>(togethers), losses);
}

/** Their accounts, and those that are judged together with them. */
const togetherOf = ({ matesOf }: FactSources, some: readonly { readonly desk: Desk }[]): string[] => [
  ...new Set(some.flatMap(({ desk }) => [desk.account.id, ...matesOf(desk.account.id)])),
];

function factBook(
  sources: FactSources,
  flow: FlowBook,
  caps: ReadonlyMap<Book, TogetherBook>,
  losses: LossFactsOf,
): FactBook {
  const entered = enteredOrders();
  return {
    of: (decision) => {
      const { desk, instrument, settings } = decision;
      const { account } = desk;
      const mates = sources.matesOf(account.id);
      const others = heldOf(sources.market, desk.exposures, instrument.id);
      const now = entered.recent(account.id);
      const recent = [...now, ...flow.recent(account.id)];
      let lastMinute = now.length + flow.lastMinute(account.id);
      for (const id of mates) {
        others.push(...heldOf(sources.market, sources.desks.get(id)?.exposures ?? new Map(), null));
        recent.push(...entered.recent(id), ...flow.recent(id));
        lastMinute += entered.recent(id).length + flow.lastMinute(id);
      }
      const cap = caps.get(account.book);
      const opened = entered.opened(account.book, instrument.id);
      return {
        others,
        flow: { lastMinute, recent, lastHeld: lastHeldOf(desk.rows.get(instrument.id)) },
        losses: losses(decision),
        partner: hasPartnerCap(settings)
          ? sumOf(cap?.partner(account.tenant_id, instrument.id), opened, account.tenant_id)
          : null,
        house: hasHouseCap(settings) ? sumOf(cap?.house(instrument.id), opened, null) : null,
      };
    },
    enter: entered.enter,
  };
}

/** What was opened in one instrument, by partner. */
type Opened = readonly { readonly tenantId: number; readonly together: Together }[];

/** With what this batch has opened since it was loaded: of a partner, or (null) of all. */
function sumOf(loaded: Together | undefined, opened: Opened, tenantId: number | null): Together | null {
  if (loaded === undefined) return null;
  let { long, short } = loaded;
  for (const one of opened) {
    if (tenantId !== null && one.tenantId !== tenantId) continue;
    long += one.together.long;
    short += one.together.short;
  }
  return { long, short };
}

/** The orders that a batch has accepted so far. */
function enteredOrders() {
  const recent = new Map<string, RecentOrders[]>();
  const opened = new Map<string, { readonly tenantId: number; together: Together }[]>();
  const enter: FactBook["enter"] = (account, instrument, { side, lots, type, reduceOnly }) => {
    const of = recent.get(account.id) ?? [];
    recent.set(account.id, of);
    of.push({ instrumentId: instrument.id, side, lots, type, ageMs: 0 });
    if (reduceOnly) return;
    const key = `${account.book} ${instrument.id}`;
    const all = opened.get(key) ?? [];
    opened.set(key, all);
    const found = all.find(({ tenantId }) => tenantId === account.tenant_id);
    const own = found ?? { tenantId: account.tenant_id, together: { long: 0n, short: 0n } };
    if (found === undefined) all.push(own);
    const { long, short } = own.together;
    own.together = side === "buy" ? { long: long + lots, short } : { long, short: short + lots };
  };
  return {
    enter,
    recent: (accountId: string): readonly RecentOrders[] => recent.get(accountId) ?? [],
    opened: (book: Book, instrumentId: string): Opened => opened.get(`${book} ${instrumentId}`) ?? [],
  };
}

const lastHeldOf = (row: PositionRow | undefined): RiskFacts["flow"]["lastHeld"] => {
  const { held_ms: heldMs = null, opened_ms_ago: openedMsAgo = null } = row ?? {};
  return heldMs === null || openedMsAgo === null ? null : { heldMs, openedMsAgo };
};

const asksForMinute = ({ maxOrdersPerMinute }: EffectiveSettings): boolean => maxOrdersPerMinute !== undefined;
/** How far back an order must not be repeated; 0: it may be. */
const repeatSeconds = ({ repeatOrderSeconds }: EffectiveSettings): number =>
  Number.parseInt(`${repeatOrderSeconds?.value ?? 0n}`, 10);

const hasPartnerCap = ({ partnerMaxLots, partnerMaxExposure }: EffectiveSettings): boolean =>
  partnerMaxLots !== undefined || partnerMaxExposure !== undefined;
const hasHouseCap = ({ houseMaxLots, houseMaxExposure }: EffectiveSettings): boolean =>
  houseMaxLots !== undefined || houseMaxExposure !== undefined;

/** What an account holds, instrument by instrument; without the one that is decided about. */
export function heldOf(
  market: FactSources["market"],
  exposures: ReadonlyMap<string, Exposure>,
  without: string | null,
): Held[] {
  return [...exposures].flatMap(([instrumentId, exposure]): Held[] => {
    if (instrumentId === without) return [];
    const { long, short } = reachesOf(exposure);
    const quote = market.latestTradable(instrumentId);
    return [
      {
        instrumentId,
        assetClass: market.instrument(instrumentId)?.assetClass ?? "",
        ...{ long, short },
        lotValue: quote === undefined ? 0n : (long > short ? quote.bid : quote.ask) * exposure.terms.tickValue,
        margin: exposure.marginHeld,
      },
    ];
  });
}
