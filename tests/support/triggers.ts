import { randomUUID } from "node:crypto";
import type { OrderType, QuoteFlag, Side } from "#contracts/names.ts";
import type { Quote } from "#core/quote.ts";
import { ticks } from "#core/units.ts";
import { insertQuotes } from "../../server/capabilities/market-data/quotes.store.ts";
import {
  holdStopped,
  keepWithinLimits,
  openCancelling,
  startTriggerEngine,
  type TriggerEngine,
  type TriggerPorts,
} from "../../server/capabilities/trading/index.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { transactor } from "../../server/platform/db/unit-of-work.ts";
import type { Bus } from "../../server/platform/realtime/announcement.ts";
import { silentLog } from "./market.ts";
import type { TestAccount, TestDesk } from "./trading.ts";
import { until } from "./until.ts";

export interface GivenOrder {
  readonly side?: Side;
  readonly limit?: bigint;
  readonly stop?: bigint;
  readonly activeFromSeq: bigint;
  readonly expiresAt?: Date;
  readonly instrumentId?: string;
  readonly reduceOnly?: boolean;
}

const typeOf = ({ limit, stop }: GivenOrder): OrderType =>
  limit === undefined ? "stop" : stop === undefined ? "limit" : "stop-limit";

/** Stores working orders of one account as acceptance does, in one statement; their ids in order. */
export async function storeWorking(
  house: TestDesk,
  account: TestAccount,
  orders: readonly GivenOrder[],
): Promise<string[]> {
  const rows = orders.map((order) => ({
    id: randomUUID(),
    instrument_id: order.instrumentId ?? "MES",
    side: order.side ?? "buy",
    type: typeOf(order),
    reduce_only: order.reduceOnly ?? false,
    limit_ticks: order.limit?.toString() ?? null,
    stop_ticks: order.stop?.toString() ?? null,
    time_in_force: order.expiresAt === undefined ? "gtc" : "gtd",
    expires_at: order.expiresAt?.toISOString() ?? null,
    active_from_seq: order.activeFromSeq.toString(),
  }));
  await storeLine(house, account);
  await house.db.app.raw(
    `INSERT INTO orders (id, tenant_id, trader_id, account_id, book, client_order_id, body_hash, instrument_id, terms_version, side,
       type, lots, reduce_only, limit_ticks, stop_ticks, time_in_force, expires_at, active_from_seq, quote_seq, quote_bid_ticks,
       quote_ask_ticks, quote_venue_at, quote_received_at, state, due_seq, due_at)
     SELECT r.id, a.tenant_id, a.trader_id, a.id, a.book, r.id::text, '\\x00', r.instrument_id, 1, r.side, r.type, 1, r.reduce_only,
       r.limit_ticks, r.stop_ticks, r.time_in_force, r.expires_at, r.active_from_seq, r.active_from_seq, 20000, 20001,
       clock_timestamp(), clock_timestamp(), 'working', NULL, NULL
     FROM accounts a, jsonb_to_recordset(?::jsonb) AS r (id uuid, instrument_id text, side text, type text, reduce_only boolean,
       limit_ticks bigint, stop_ticks bigint, time_in_force text, expires_at timestamptz, active_from_seq bigint)
     WHERE a.id = ?`,
    [JSON.stringify(rows), account.accountId],
  );
  return rows.map(({ id }) => id);
}

/** An open order has the row of its margin line; these hold nothing. */
const storeLine = (house: TestDesk, { trader, accountId }: TestAccount): Promise<unknown> =>
  house.db
    .app("positions")
    .insert({
      ...{ tenant_id: trader.tenantId, trader_id: trader.traderId, account_id: accountId, book: "live" },
      ...{ instrument_id: "MES", terms_version: 1, lots: "0", cost_ticks: "0", margin_minor: "0" },
    })
    .onConflict(["account_id", "instrument_id"])
    .ignore();

export interface TestStream {
  /** Stores the next quotes of the instrument and tells them. */
  readonly quote: (...quotes: readonly GivenQuote[]) => Promise<Quote[]>;
  /** The same without telling: the bus lost them. */
  readonly lose: (...quotes: readonly GivenQuote[]) => Promise<Quote[]>;
  readonly seq: () => bigint;
}

export interface GivenQuote {
  readonly bid: bigint;
  readonly ask: bigint;
  readonly flag?: QuoteFlag;
  readonly receivedAt?: Date;
}

/** The stored stream of an instrument, moved by hand. */
export function testStream(house: TestDesk, bus: Bus, instrumentId = "MES"): TestStream {
  let seq = 0n;
  const store = async (given: readonly GivenQuote[]): Promise<Quote[]> => {
    const quotes = given.map(({ bid, ask, flag = null, receivedAt = new Date() }): Quote => {
      seq += 1n;
      const price = { bid: ticks(bid), ask: ticks(ask), last: null, lastSize: null };
      return { instrumentId, seq, ...price, venueAt: receivedAt, receivedAt, source: "simulated", flag };
    });
    await insertQuotes(house.db.owner, quotes);
    return quotes;
  };
  return {
    seq: () => seq,
    lose: (...given) => store(given),
    quote: async (...given) => {
      const quotes = await store(given);
      bus.publish({ kind: "quotes", quotes });
      return quotes;
    },
  };
}

/** An engine over the test's database. It looks for itself only now and then, so that what it is told is seen to count. */
export function testEngine(house: TestDesk, bus: Bus, more: Partial<TriggerPorts<string>> = {}): TriggerEngine {
  const cancelling = openCancelling({ announce: bus.publish });
  return startTriggerEngine<string>({
    db: house.db.app,
    bus,
    clock: systemClock,
    log: silentLog,
    transact: transactor(house.db.app, (entries) => void house.promised.push(...entries)),
    isOpen: () => true,
    holdBack: holdStopped,
    expire: cancelling.expireWorking,
    keepWithin: keepWithinLimits({ cancelWorking: cancelling.cancelWorking, market: house.ports.market }),
    sweepEveryMs: 200,
    ...more,
  });
}

export const leads = (engine: TriggerEngine): Promise<unknown> => until(async () => engine.status().leads, Boolean);

export interface TriggerRow {
  readonly id: string;
  readonly trigger_quote_seq: bigint | null;
  readonly stop_quote_seq: bigint | null;
  readonly due_seq: bigint | null;
  readonly state: string;
}

/** The orders' triggers, in the given order. */
export async function triggersOf(house: TestDesk, ids: readonly string[]): Promise<TriggerRow[]> {
  const rows: TriggerRow[] = await house.db
    .owner("orders")
    .whereIn("id", [...ids])
    .select("id", "trigger_quote_seq", "stop_quote_seq", "due_seq", "state");
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Waits until all these orders are due; the seqs of the quotes that triggered them, in the given order. */
export async function untilDue(house: TestDesk, ids: readonly string[]): Promise<(bigint | null)[]> {
  const rows = await until(
    () => triggersOf(house, ids),
    (seen) => seen.length === ids.length && seen.every((row) => row.due_seq !== null),
  );
  return rows.map((row) => row.trigger_quote_seq);
}

/** Waits until the engine has written down that it tried the instrument's quote. */
export const untilTried = (house: TestDesk, seq: bigint, instrumentId = "MES"): Promise<unknown> =>
  until(
    async () =>
      (await house.db.owner("trigger_cursors").where({ instrument_id: instrumentId }).first("seq"))?.seq ?? 0n,
    (tried: bigint) => tried >= seq,
  );
