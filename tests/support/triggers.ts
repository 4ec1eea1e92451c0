import { randomUUID } from "node:crypto";
import type { OrderType, QuoteFlag, Side } from "#contracts/names.ts";
import type { Quote } from "#core/quote.ts";
import { ticks } from "#core/units.ts";
import { insertQuotes } from "../../server/capabilities/market-data/quotes.store.ts";
import {
  holdStopped,
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
    tenant_id: account.trader.tenantId,
    trader_id: account.trader.traderId,
    account_id: account.accountId,
    book: "live",
    client_order_id: randomUUID(),
    body_hash: Buffer.alloc(32),
    instrument_id: order.instrumentId ?? "MES",
    terms_version: 1,
    side: order.side ?? "buy",
    type: typeOf(order),
    lots: "1",
    reduce_only: order.reduceOnly ?? false,
    limit_ticks: order.limit?.toString() ?? null,
    stop_ticks: order.stop?.toString() ?? null,
    time_in_force: order.expiresAt === undefined ? "gtc" : "gtd",
    expires_at: order.expiresAt ?? null,
    active_from_seq: order.activeFromSeq.toString(),
    quote_seq: order.activeFromSeq.toString(),
    quote_bid_ticks: "20000",
    quote_ask_ticks: "20001",
    quote_venue_at: new Date(),
    quote_received_at: new Date(),
    state: "working",
    due_seq: null,
    due_at: null,
  }));
  await storeLine(house, account);
  for (let from = 0; from < rows.length; from += 1_000)
    await house.db.app("orders").insert(rows.slice(from, from + 1_000));
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
  return startTriggerEngine<string>({
    db: house.db.app,
    bus,
    clock: systemClock,
    log: silentLog,
    transact: transactor(house.db.app, (entries) => void house.promised.push(...entries)),
    isOpen: () => true,
    holdBack: holdStopped,
    expire: openCancelling({ announce: bus.publish }).expireWorking,
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
  return ids.flatMap((id) => rows.filter((row) => row.id === id));
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
