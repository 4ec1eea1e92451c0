import type { Knex } from "knex";
import type { Book, OrderType } from "#contracts/names.ts";
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
  noFlow,
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
  const flows = wanted.filter(({ settings }) => flowSeconds(settings) > 0);
  const capped = wanted.filter(({ settings }) => hasPartnerCap(settings) || hasHouseCap(settings));
  const accountIds = flows.flatMap(({ desk }) => [desk.account.id, ...sources.matesOf(desk.account.id)]);
  const books = [...new Set(capped.map(({ desk }) => desk.account.book))].sort();
  const instrumentsIn = (book: Book): string[] =>
    capped.flatMap(({ desk, instrument }) => (desk.account.book === book ? [instrument.id] : []));
  // One round trip, in this order.
  const [flow, losses, ...togethers] = await Promise.all([
    flows.length === 0
      ? noFlow
      : loadFlow(db, [...new Set(accountIds)], Math.max(...flows.map(({ settings }) => flowSeconds(settings)))),
    lossFacts(db, sources),
    ...books.map(async (book) => [book, await loadTogether(db, book, instrumentsIn(book))] as const),
  ]);
  return factBook(sources, flow, new Map<Book, TogetherBook>(togethers), losses);
}

function factBook(
  sources: FactSources,
  flow: FlowBook,
  caps: ReadonlyMap<Book, TogetherBook>,
  losses: LossFactsOf,
): FactBook {
  const entered: Entered[] = [];
  return {
    of: (decision) => {
      const {
        desk: { account, exposures },
        desk,
        instrument,
        settings,
      } = decision;
      const mates = sources.matesOf(account.id);
      const group = new Set([account.id, ...mates]);
      const others = [
        ...heldOf(sources.market, exposures, instrument.id),
        ...mates.flatMap((id) => heldOf(sources.market, sources.desks.get(id)?.exposures ?? new Map(), null)),
      ];
      const now: RecentOrders[] = entered
        .filter((one) => group.has(one.accountId))
        .map((one) => ({ ...one, ageMs: 0, lastMinute: 1 }));
      const recent = [...now, ...[...group].flatMap((id) => flow.recent(id))];
      const cap = caps.get(account.book);
      const add = (together: Together | undefined, isTheirs: (one: Entered) => boolean): Together | null =>
        together === undefined
          ? null
          : entered.filter((one) => one.opens && isTheirs(one)).reduce(withEntered, together);
      const here = (one: Entered): boolean => one.instrumentId === instrument.id && one.book === account.book;
      return {
        others,
        flow: { recent, lastHeld: lastHeldOf(desk.rows.get(instrument.id)) },
        losses: losses(decision),
        partner: hasPartnerCap(settings)
          ? add(
              cap?.partner(account.tenant_id, instrument.id),
              (one) => here(one) && one.tenantId === account.tenant_id,
            )
          : null,
        house: hasHouseCap(settings) ? add(cap?.house(instrument.id), here) : null,
      };
    },
    enter: (account, instrument, { side, lots, type, reduceOnly }) => {
      const { id: accountId, tenant_id: tenantId, book } = account;
      entered.push({ accountId, tenantId, book, instrumentId: instrument.id, side, lots, type, opens: !reduceOnly });
    },
  };
}

interface Entered {
  readonly accountId: string;
  readonly tenantId: number;
  readonly book: Book;
  readonly instrumentId: string;
  readonly side: OrderIntent["side"];
  readonly lots: bigint;
  readonly type: OrderType;
  readonly opens: boolean;
}

const withEntered = ({ long, short }: Together, { side, lots }: Entered): Together =>
  side === "buy" ? { long: long + lots, short } : { long, short: short + lots };

const minuteSeconds = 60;

const lastHeldOf = (row: PositionRow | undefined): RiskFacts["flow"]["lastHeld"] => {
  const { held_ms: heldMs = null, opened_ms_ago: openedMsAgo = null } = row ?? {};
  return heldMs === null || openedMsAgo === null ? null : { heldMs, openedMsAgo };
};

/** How far back the settings look at orders; 0: not at all. */
function flowSeconds({ maxOrdersPerMinute, repeatOrderSeconds }: EffectiveSettings): number {
  const asked = maxOrdersPerMinute === undefined ? 0 : minuteSeconds;
  return Math.max(asked, Number.parseInt(`${repeatOrderSeconds?.value ?? 0n}`, 10));
}

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
