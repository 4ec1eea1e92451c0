import { randomUUID } from "node:crypto";
import type { TraderIdentity } from "#contracts/identity.ts";
import type { Book } from "#contracts/names.ts";
import type { PlaceOrderRequest } from "#contracts/order-requests.ts";
import type { OrderAnswer } from "#contracts/trading-api.ts";
import type { Instrument } from "#core/instrument.ts";
import { formatDecimal, lots, minorUnits, parsePrice, ticks } from "#core/units.ts";
import { fundAccount, openAccount } from "../../server/capabilities/accounts/index.ts";
import { verifyBooks } from "../../server/capabilities/ledger/index.ts";
import {
  type AcceptPorts,
  type ArrivedQuote,
  type OrderDesk,
  placeOrders,
  settleOrders,
  type TradingReads,
  tradingReads,
} from "../../server/capabilities/trading/index.ts";
import { type OutboxEntry, systemActor, transactor } from "../../server/platform/db/unit-of-work.ts";
import type { Announcement } from "../../server/platform/realtime/announcement.ts";
import { mes, mesTerms } from "../core/trading-builders.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

export const mnq: Instrument = {
  ...mes,
  id: "MNQ",
  name: "Micro E-mini Nasdaq-100",
  terms: { ...mesTerms, multiplier: "2", tickValue: minorUnits(50n), initialMargin: minorUnits(20_000n) },
};

/** Trading over a database of its own, with a market that a test moves by hand. */
export interface TestDesk {
  readonly db: TestDatabase;
  readonly tenantId: number;
  readonly desk: OrderDesk;
  readonly reads: TradingReads;
  readonly ports: AcceptPorts;
  readonly market: TestMarket;
  readonly announced: Announcement[];
  /** Jobs promised by accepted orders, in order. */
  readonly promised: OutboxEntry[];
  /** A further process's worth of accepting, over the same database. */
  readonly anotherDesk: () => OrderDesk;
  readonly settler: (options?: { maxQueueMs?: number; shard?: number }) => ReturnType<typeof settleOrders>;
  readonly openAccount: (
    balance: bigint,
    options?: { agentId?: string; currency?: string; book?: Book },
  ) => Promise<TestAccount>;
  readonly fund: (account: TestAccount, amount: bigint) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface TestMarket {
  /** The next quote; `seq`: its place in a stream that the test keeps itself. */
  quote: (instrumentId: string, bid: string, ask: string, seq?: bigint) => void;
  open: boolean;
  ageMs: number;
  readonly instruments: Map<string, Instrument>;
}

export interface TestAccount {
  readonly trader: TraderIdentity;
  readonly accountId: string;
}

export async function testDesk(instruments: readonly Instrument[] = [mes, mnq]): Promise<TestDesk> {
  const db = await testDatabase();
  const announced: Announcement[] = [];
  const promised: OutboxEntry[] = [];
  const announce = (announcement: Announcement): void => void announced.push(announcement);
  const transact = transactor(db.app, (entries) => promised.push(...entries));
  const [partner] = await db.app("partners").insert({ code: "house", name: "House" }).returning("id");
  const tenantId: number = partner.id;
  for (const instrument of instruments) await insertInstrument(db, instrument);
  const { market, port } = movableMarket(instruments);
  const ports: AcceptPorts = {
    transact,
    readDb: db.app,
    market: port,
    clock: { now: () => new Date(), elapsedMs: () => 0 },
    announce,
  };
  const anotherDesk = (): OrderDesk => placeOrders(ports, () => {});
  const accountsDeps = { transact: transactor(db.app), announce, hashPassword: () => Promise.resolve("") };
  const fund = async (account: TestAccount, amount: bigint): Promise<void> => {
    const funding = { accountId: account.accountId, amount: minorUnits(amount), reason: "test money" };
    const funded = await fundAccount(accountsDeps)(systemActor, funding);
    if (!funded.ok) throw new Error(`funding refused: ${funded.refusal}`);
  };
  return {
    db,
    tenantId,
    desk: anotherDesk(),
    reads: tradingReads({ readDb: db.app, market: port }),
    ports,
    market,
    announced,
    promised,
    anotherDesk,
    settler: ({ maxQueueMs = 600_000, shard = 0 } = {}) => settleOrders({ transact, announce, shard, maxQueueMs }),
    openAccount: async (balance, options = {}) => {
      const [trader] = await db
        .app("traders")
        .insert({ tenant_id: tenantId, name: "Some One", agent_id: options.agentId ?? null })
        .returning("id");
      const opened = await openAccount(accountsDeps)(systemActor, {
        traderId: trader.id,
        book: options.book ?? "live",
        currency: options.currency ?? "USD",
      });
      if (!opened.ok) throw new Error(`opening refused: ${opened.refusal}`);
      const account = { accountId: opened.value.id, trader: identityOf(trader.id, tenantId, opened.value.id) };
      if (balance > 0n) await fund(account, balance);
      return account;
    },
    fund,
    close: () => db.drop(),
  };
}

export const identityOf = (traderId: string, tenantId: number, accountId: string): TraderIdentity => ({
  traderId,
  tenantId,
  name: "Some One",
  accountIds: [accountId],
  expiresAt: new Date(8.64e15),
});

export function movableMarket(instruments: readonly Instrument[]): {
  market: TestMarket;
  port: AcceptPorts["market"];
} {
  const quotes = new Map<string, ArrivedQuote>();
  const market: TestMarket = {
    open: true,
    ageMs: 0,
    instruments: new Map(instruments.map((instrument) => [instrument.id, instrument])),
    quote: (instrumentId, bid, ask, ownSeq) => {
      const scale = market.instruments.get(instrumentId)?.terms.price ?? mesTerms.price;
      const now = new Date();
      quotes.set(instrumentId, {
        instrumentId,
        seq: ownSeq ?? (quotes.get(instrumentId)?.seq ?? 0n) + 1n,
        bid: parsePrice(bid, scale) ?? ticks(0n),
        ask: parsePrice(ask, scale) ?? ticks(0n),
        last: null,
        lastSize: null,
        venueAt: now,
        receivedAt: now,
        source: "simulated",
        flag: null,
        arrivedMs: 0,
      });
    },
  };
  const port: AcceptPorts["market"] = {
    latestTradable: (id) => {
      const quote = quotes.get(id);
      return quote === undefined ? undefined : { ...quote, arrivedMs: -market.ageMs };
    },
    instrument: (id) => market.instruments.get(id),
    isOpen: () => market.open,
  };
  return { market, port };
}

export async function insertInstrument(db: Pick<TestDatabase, "app">, instrument: Instrument): Promise<void> {
  const { terms, calendar } = instrument;
  await db
    .app("session_calendars")
    .insert({ id: calendar.id, name: "Always", zone: "UTC", trade_date_cut: "00:00", sessions: "[]" })
    .onConflict("id")
    .ignore();
  await db.app("instruments").insert({
    id: instrument.id,
    name: instrument.name,
    asset_class: instrument.assetClass,
    exchange: instrument.exchange,
    calendar_id: calendar.id,
  });
  await db.app("instrument_terms").insert({
    instrument_id: instrument.id,
    terms_version: terms.version,
    currency: terms.currency,
    currency_scale: terms.currencyScale,
    tick_size: formatDecimal(terms.price.tickSize, terms.price.decimals),
    price_decimals: terms.price.decimals,
    multiplier: terms.multiplier,
    tick_value_minor: terms.tickValue.toString(),
    lot_step: terms.lotStep.toString(),
    min_lots: terms.minLots.toString(),
    max_lots_per_order: terms.maxLotsPerOrder.toString(),
    initial_margin_minor: terms.initialMargin.toString(),
    maintenance_margin_minor: terms.maintenanceMargin.toString(),
    fee_per_side_minor: terms.feePerSide.toString(),
    created_by: "test",
  });
}

export const anOrderRequest = (account: TestAccount, more: Partial<PlaceOrderRequest> = {}): PlaceOrderRequest => ({
  clientOrderId: randomUUID(),
  accountId: account.accountId,
  instrument: "MES",
  side: "buy",
  type: "market",
  lots: lots(1n).toString(),
  ...more,
});

/** The id of an order that must have been accepted. */
export function acceptedId(answer: OrderAnswer): string {
  if (!("order" in answer)) throw new Error(`not accepted: ${answer.status} ${answer.code} ${answer.message}`);
  return answer.order.id;
}

/** The broken rules of the books; none when all is well. */
export const brokenBooks = (db: TestDatabase): ReturnType<typeof verifyBooks> => verifyBooks(db.owner);
