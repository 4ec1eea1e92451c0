import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { Knex } from "knex";
import type { BarPrice } from "#contracts/names.ts";
import type { Feed, VenueTick } from "#core/feed.ts";
import type { Quote } from "#core/quote.ts";
import type { SessionRule } from "#core/session-calendar.ts";
import { ticks } from "#core/units.ts";
import { type InstrumentCatalog, loadInstrumentCatalog } from "../../server/capabilities/market-data/index.ts";
import type { Clock } from "../../server/platform/clock.ts";
import type { Announcement, Bus } from "../../server/platform/realtime/announcement.ts";

const shared = process.env.TRUEWICK_SHARED ?? path.resolve(import.meta.dirname, "../../../shared");
/** The folder of real price files, or null where it is absent (then a notice is printed). */
export const marketFiles: string | null = existsSync(path.join(shared, "data/market"))
  ? path.join(shared, "data/market")
  : null;
if (marketFiles === null) process.stderr.write(`real price files not found in ${shared}: tests on them are skipped\n`);

export const marketFile = (name: string): string => path.join(marketFiles ?? "", name);

/** Rows of a price file as text, without its header. */
export function rowsOfFile(name: string): string[][] {
  const text = gunzipSync(readFileSync(marketFile(name))).toString();
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
}

/** A bus within the process: what is published is heard at once, and remembered. */
export function memoryBus(): Bus & { readonly heard: Announcement[] } {
  const hearers = new Set<(announcement: Announcement) => void>();
  const heard: Announcement[] = [];
  return {
    heard,
    publish: (announcement) => {
      heard.push(announcement);
      for (const hear of hearers) hear(announcement);
    },
    subscribe: (hear) => {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    close: async () => {},
  };
}

export const silentLog = { info: () => {}, warn: () => {}, error: () => {} };

export interface TestInstrument {
  readonly id: string;
  readonly tickSize: string;
  readonly decimals: number;
  readonly multiplier: string;
  readonly tickValueMinor: bigint;
  readonly barPrice: BarPrice;
  readonly zone: string;
  readonly cut: string;
  readonly sessions: readonly SessionRule[];
}

/** Micro Gold as CME lists it, trading Sunday to Friday 17:00-16:00 in Chicago. */
const microGold: TestInstrument = {
  id: "MGC",
  tickSize: "0.1",
  decimals: 2,
  multiplier: "10",
  tickValueMinor: 100n,
  barPrice: "last",
  zone: "America/Chicago",
  cut: "17:00",
  sessions: ([0, 1, 2, 3, 4] as const).map((weekday) => ({
    validFrom: "2000-01-01",
    validTo: null,
    open: { weekday, time: "17:00" },
    close: { weekday: ([1, 2, 3, 4, 5] as const)[weekday], time: "16:00" },
  })),
};

/** Stores an instrument with its own calendar and first terms; defaults are Micro Gold's. Needs a role that may insert. */
export async function anInstrument(db: Knex, given: Partial<TestInstrument> = {}): Promise<string> {
  const made = { ...microGold, ...given };
  const calendarId = `calendar-${randomUUID().slice(0, 8)}`;
  await db("session_calendars").insert({
    id: calendarId,
    name: calendarId,
    zone: made.zone,
    trade_date_cut: made.cut,
    sessions: JSON.stringify(made.sessions),
  });
  await db("instruments").insert({
    ...{ id: made.id, name: made.id, asset_class: "metal", exchange: "COMEX", calendar_id: calendarId },
    bar_price: made.barPrice,
  });
  await db("instrument_terms").insert({
    ...{ instrument_id: made.id, terms_version: 1, currency: "USD", currency_scale: 2, created_by: "test" },
    ...{ tick_size: made.tickSize, price_decimals: made.decimals, multiplier: made.multiplier },
    ...{ tick_value_minor: made.tickValueMinor.toString(), max_lots_per_order: 50 },
    ...{ initial_margin_minor: 100_000, maintenance_margin_minor: 90_000, fee_per_side_minor: 62 },
  });
  return made.id;
}

export async function aCatalog(db: Knex, bus: Bus = memoryBus()): Promise<InstrumentCatalog> {
  const catalog = await loadInstrumentCatalog({
    db,
    bus,
    now: () => new Date(),
    onError: (error) => {
      throw error;
    },
  });
  catalog.close();
  return catalog;
}

export function aTick(given: Partial<VenueTick> & { venueAtMs: number }): VenueTick {
  return {
    instrumentId: "MGC",
    bid: ticks(13_000n),
    ask: ticks(13_001n),
    last: ticks(13_000n),
    lastSize: "1",
    isOffTick: false,
    ...given,
  };
}

export function aQuote(given: Partial<Quote> = {}): Quote {
  return {
    instrumentId: "MGC",
    seq: 1n,
    bid: ticks(13_000n),
    ask: ticks(13_001n),
    last: ticks(13_000n),
    lastSize: "1",
    venueAt: new Date("2024-01-10T12:00:00Z"),
    receivedAt: new Date("2024-01-10T12:00:00.020Z"),
    source: "simulated",
    flag: null,
    ...given,
  };
}

/** A source that hands over the given ticks in chunks and ends. */
export const listFeed = (given: Partial<Feed> & { ticks: readonly VenueTick[]; chunk?: number }): Feed => ({
  name: `list:${randomUUID()}`,
  source: "replay",
  instrumentIds: ["MGC"],
  run: async (sink, signal) => {
    const { chunk = 100 } = given;
    for (let at = 0; at < given.ticks.length && !signal.aborted; at += chunk)
      await sink(given.ticks.slice(at, at + chunk));
  },
  ...given,
});

/** A clock that stands still until it is moved. */
export function standingClock(at: string): Clock & { moveTo: (at: string) => void } {
  let now = Date.parse(at);
  return {
    now: () => new Date(now),
    elapsedMs: () => now,
    moveTo: (to) => {
      now = Date.parse(to);
    },
  };
}
