import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ticks } from "#core/units.ts";
import {
  loadInstrumentCatalog,
  openQuoteBook,
  runFeed,
  sessionStateOf,
} from "../../../server/capabilities/market-data/index.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { aCatalog, anInstrument, aQuote, aTick, listFeed, memoryBus, silentLog } from "../../support/market.ts";
import { until } from "../../support/until.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await anInstrument(database.app);
});
afterAll(async () => {
  await database.drop();
});

const noon = Date.parse("2024-01-10T12:00:00Z");

test("the book begins with the stored quotes and goes on with the announced ones, by seq", async () => {
  const bus = memoryBus();
  const deps = { db: database.app, bus, catalog: await aCatalog(database.app), clock: systemClock, log: silentLog };
  const stored = [aTick({ venueAtMs: noon }), aTick({ venueAtMs: noon + 1, bid: ticks(13_005n) })];
  await runFeed(deps, listFeed({ ticks: stored }), new AbortController().signal).done;

  const book = await openQuoteBook({ db: database.app, bus, clock: systemClock });
  expect(book.latest("MGC")).toMatchObject({ seq: 2n, flag: "crossed" });
  expect(book.latestTradable("MGC")).toMatchObject({ seq: 1n, bid: 13_000n });
  expect(book.latest("MES")).toBeUndefined();

  bus.publish({ kind: "quotes", quotes: [aQuote({ seq: 4n }), aQuote({ seq: 3n, bid: ticks(1n) })] });
  expect(book.latest("MGC")).toMatchObject({ seq: 4n, bid: 13_000n });
  expect(book.latestTradable("MGC")).toMatchObject({ seq: 4n });
  book.close();
});

test("a stored quote is as old as its receipt, whenever the process started", async () => {
  const later = { now: () => new Date(Date.now() + 60_000), elapsedMs: () => 5 };
  const book = await openQuoteBook({ db: database.app, bus: memoryBus(), clock: later });
  const ageMs = 5 - (book.latest("MGC")?.arrivedMs ?? 5);
  expect(ageMs).toBeGreaterThanOrEqual(60_000);
  book.close();
});

test("a book that hears nothing looks at what is stored: quotes of a feed whose announcements are lost", async () => {
  const deaf = await openQuoteBook({ db: database.app, bus: memoryBus(), clock: systemClock });
  const before = performance.now();
  const ticks = [aTick({ venueAtMs: noon + 60_000 })];
  const deps = { db: database.app, bus: memoryBus(), catalog: await aCatalog(database.app), clock: systemClock };
  await runFeed({ ...deps, log: silentLog }, listFeed({ ticks }), new AbortController().signal).done;
  const seen = await until(
    async () => deaf.latestTradable("MGC"),
    (quote) => quote?.seq === 3n,
  );
  // As old as it can be: it was stored after the last look, and the last look was before it.
  expect(seen?.arrivedMs).toBeLessThan(before + 1_000);
  deaf.close();
});

test("the catalog is read again when a change is announced", async () => {
  const bus = memoryBus();
  const fail = (error: unknown) => {
    throw error;
  };
  const catalog = await loadInstrumentCatalog({ db: database.app, bus, now: () => new Date(), onError: fail });
  expect(catalog.get("MGC")).toMatchObject({
    tradeMode: "full",
    terms: { version: 1, multiplier: "10", tickValue: 100n },
  });
  await database.app("instruments").where("id", "MGC").update({ trade_mode: "halted" });
  bus.publish({ kind: "changed", resource: "instruments", id: "MGC" });
  await until(
    async () => catalog.get("MGC")?.tradeMode,
    (mode) => mode === "halted",
  );
  catalog.close();
});

test("the simulated venue is always open, a replay goes by its own time, a real venue by the clock", async () => {
  const gold = (await aCatalog(database.app)).get("MGC");
  if (gold === undefined) throw new Error("no MGC");
  const saturday = new Date("2024-01-13T12:00:00Z");
  const wednesday = new Date("2024-01-10T12:00:00Z");
  const open = (source: "simulated" | "replay" | "ibkr", venueAt: Date, now: Date) =>
    sessionStateOf(gold, aQuote({ source, venueAt }), now).open;
  expect(open("simulated", saturday, saturday)).toBe(true);
  expect(open("replay", wednesday, saturday)).toBe(true);
  expect(open("replay", saturday, wednesday)).toBe(false);
  expect(open("ibkr", wednesday, saturday)).toBe(false);
  expect(sessionStateOf(gold, undefined, saturday).nextOpenAt?.toISOString()).toBe("2024-01-14T23:00:00.000Z");
});
