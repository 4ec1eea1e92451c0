import type { Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import express from "express";
import type { Knex } from "knex";
import request from "supertest";
import type { BarsReply, WireBar } from "#contracts/trading-api.ts";
import { describeInstruments, openQuoteBook, runFeed, serveBars } from "../../server/capabilities/market-data/index.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { replayFeed } from "../../server/platform/feeds/replay.ts";
import { marketRoutes } from "../../server/platform/http/market-routes.ts";
import { ProblemError } from "../../server/platform/http/problem.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import {
  aCatalog,
  anInstrument,
  marketFile,
  marketFiles,
  memoryBus,
  rowsOfFile,
  silentLog,
} from "../support/market.ts";

const realFiles = marketFiles === null ? describe.skip : describe;
const asNumbers = (row: readonly string[]): number[] => row.filter((_cell, at) => at !== 1).map(Number);
const withoutVolume = (bars: readonly (WireBar | number[])[]): number[][] => bars.map((bar) => bar.slice(0, 5));

/** The routes over a real database, with the errors written as problems. */
async function serve(db: Knex): Promise<Server> {
  const bus = memoryBus();
  const catalog = await aCatalog(db, bus);
  const book = await openQuoteBook({ db, bus, clock: systemClock });
  const app = express();
  app.use(
    "/api/trading",
    marketRoutes({
      instruments: describeInstruments({ catalog, book, clock: systemClock }),
      bars: serveBars({ db, catalog, book }),
      limit: (_request, _response, next) => next(),
    }),
  );
  app.use((error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
    if (!(error instanceof ProblemError)) throw error;
    response.status(error.status).json({ code: error.code, errors: error.errors });
  });
  return app.listen(0, "127.0.0.1");
}

async function replay(database: TestDatabase, file: string, instrumentId: string): Promise<number> {
  const catalog = await aCatalog(database.app);
  const instrument = catalog.get(instrumentId);
  if (instrument === undefined) throw new Error(`no instrument ${instrumentId}`);
  const feed = replayFeed({ file: marketFile(file), instrument, speed: "max", clock: systemClock, log: silentLog });
  const deps = { db: database.app, bus: memoryBus(), catalog, clock: systemClock, log: silentLog };
  const running = runFeed(deps, feed, new AbortController().signal);
  await running.done;
  expect(running.status()).toMatchObject({ state: "ended", message: null });
  return running.status().quotes;
}

async function bars(server: Server, query: Record<string, string>): Promise<BarsReply> {
  const response = await request(server).get("/api/trading/bars").query(query);
  expect(response.status).toBe(200);
  return response.body;
}

realFiles("gold trades of 7 and 8 October 2013, replayed at full speed", () => {
  let database: TestDatabase;
  let server: Server;
  beforeAll(async () => {
    database = await testDatabase();
    await anInstrument(database.app);
    const startedMs = performance.now();
    const quotes = await replay(database, "gcz13-comex-trades-20131007_08.csv.gz", "MGC");
    process.stderr.write(`replayed ${quotes} trades in ${Math.round(performance.now() - startedMs)} ms\n`);
    expect(quotes).toBe(91_740);
    server = await serve(database.app);
  }, 60_000);
  afterAll(async () => {
    server.close();
    await database.drop();
  });

  test("the 1m bars served are the vendor's own in open, high, low and close, minute for minute", async () => {
    const end = Date.parse("2013-10-09T00:00:00Z");
    const vendor = rowsOfFile("gcz13-comex-1m-20131007_08_10.csv.gz")
      .map(asNumbers)
      .filter(([at = 0]) => at < end);
    const range = { from: "2013-10-07T00:00:00Z", to: "2013-10-09T00:00:00Z" };
    const reply = await bars(server, { instrument: "MGC", interval: "1m", limit: "5000", ...range });
    expect(vendor.length).toBe(2_691);
    expect(withoutVolume(reply.bars)).toEqual(withoutVolume(vendor));
    expect(reply.forming).toBeNull();
  });

  test("the volume differs only in the last minute of each day, by one or two contracts, as the vendor's own does", async () => {
    const vendor = new Map(
      rowsOfFile("gcz13-comex-1m-20131007_08_10.csv.gz").map((row) => [Number(row[0]), Number(row[6])]),
    );
    const reply = await bars(server, { instrument: "MGC", interval: "1m", limit: "5000" });
    const different = reply.bars.filter(([at, , , , , volume]) => vendor.get(at) !== volume);
    expect(different.map(([at]) => new Date(at).toISOString())).toEqual([
      "2013-10-07T23:59:00.000Z",
      "2013-10-08T23:59:00.000Z",
    ]);
  });

  test("the higher intervals are the 1m bars folded, and a day is the trade date from 22:00 UTC", async () => {
    const minutes = await bars(server, { instrument: "MGC", interval: "1m", limit: "5000" });
    for (const [interval, lengthMs] of [
      ["5m", 300_000],
      ["15m", 900_000],
      ["30m", 1_800_000],
      ["1h", 3_600_000],
      ["4h", 14_400_000],
    ] as const) {
      const folded = fold(minutes.bars, (at) => Math.floor(at / lengthMs) * lengthMs);
      expect((await bars(server, { instrument: "MGC", interval, limit: "5000" })).bars).toEqual(folded);
    }
    const cut = 22 * 3_600_000;
    const days = fold(minutes.bars, (at) => Math.floor((at - cut) / 86_400_000) * 86_400_000 + 86_400_000);
    const served = await bars(server, { instrument: "MGC", interval: "1d" });
    expect(served.bars).toEqual(days);
    expect(days.map(([at]) => new Date(at ?? 0).toISOString().slice(0, 10))).toEqual([
      "2013-10-07",
      "2013-10-08",
      "2013-10-09",
    ]);
  });

  test("from is inclusive, to exclusive, and without from the newest bars come", async () => {
    const minute = { instrument: "MGC", interval: "1m" };
    const two = await bars(server, { ...minute, from: "2013-10-07T12:00:00Z", to: "2013-10-07T12:02:00Z" });
    expect(two.bars.map(([at]) => new Date(at).toISOString())).toEqual([
      "2013-10-07T12:00:00.000Z",
      "2013-10-07T12:01:00.000Z",
    ]);
    const newest = await bars(server, { ...minute, limit: "1" });
    expect(newest.bars.map(([at]) => new Date(at).toISOString())).toEqual(["2013-10-08T23:59:00.000Z"]);
  });

  test("the instrument is listed with its terms, its newest quote and its session by venue time", async () => {
    const { body } = await request(server).get("/api/trading/instruments");
    expect(body.instruments).toHaveLength(1);
    expect(body.instruments[0]).toMatchObject({
      ...{
        id: "MGC",
        tickSize: "0.10",
        tickValue: "1.00",
        multiplier: "10",
        initialMargin: "1000.00",
        feePerSide: "0.62",
      },
      session: { open: true, nextCloseAt: "2013-10-09T21:00:00.000Z", zone: "America/Chicago" },
      quote: { source: "replay", flag: null, venueAtMs: Date.parse("2013-10-08T23:59:07.794Z") },
    });
  });
});

/** Bars of a longer interval from 1m bars, the plain way. */
function fold(minutes: readonly WireBar[], startOf: (at: number) => number): number[][] {
  const folded = new Map<number, number[]>();
  for (const [at, open, high, low, close, volume] of minutes) {
    const start = startOf(at);
    const bar = folded.get(start);
    if (bar === undefined) folded.set(start, [start, open, high, low, close, volume]);
    else
      folded.set(start, [
        start,
        bar[1] ?? 0,
        Math.max(bar[2] ?? 0, high),
        Math.min(bar[3] ?? 0, low),
        close,
        (bar[5] ?? 0) + volume,
      ]);
  }
  return [...folded.values()];
}

realFiles("other real files", () => {
  let database: TestDatabase;
  let server: Server;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(async () => {
    server?.close();
    await database.drop();
  });

  test("a file of bars gives its own bars back, volume included (ES, October 2013)", async () => {
    await anInstrument(database.app, { id: "MES", tickSize: "0.25", multiplier: "5", tickValueMinor: 125n });
    await replay(database, "esz13-cme-1m-20131006_14.csv.gz", "MES");
    server = await serve(database.app);
    const expected = rowsOfFile("esz13-cme-1m-20131006_14.csv.gz").map(asNumbers);
    const query = { instrument: "MES", interval: "1m", limit: "5000" };
    const first = await bars(server, { ...query, from: "2013-10-06T00:00:00Z", to: "2013-10-10T00:00:00Z" });
    const second = await bars(server, { ...query, from: "2013-10-10T00:00:00Z", to: "2013-10-15T00:00:00Z" });
    expect([...first.bars, ...second.bars]).toEqual(expected);
  }, 60_000);
});

describe("what is asked wrongly", () => {
  let database: TestDatabase;
  let server: Server;
  beforeAll(async () => {
    database = await testDatabase();
    await anInstrument(database.app);
    server = await serve(database.app);
  });
  afterAll(async () => {
    server.close();
    await database.drop();
  });

  test.each([
    [{ interval: "1m" }, 422, "instrument"],
    [{ instrument: "MGC", interval: "2m" }, 422, "interval"],
    [{ instrument: "MGC", interval: "1m", limit: "5001" }, 422, "limit"],
    [{ instrument: "MGC", interval: "1m", limit: "1e9" }, 422, "limit"],
    [{ instrument: "MGC", interval: "1m", from: "yesterday" }, 422, "from"],
    [{ instrument: "MGC", interval: "1m", from: "2024-01-02T00:00:00Z", to: "2024-01-01T00:00:00Z" }, 422, "to"],
    [{ instrument: "MGC", interval: "1m", depth: "5" }, 422, "depth"],
    [{ instrument: "XYZ", interval: "1m" }, 404, "instrument"],
  ])("%j is answered %i and names %s", async (query, status, field) => {
    const response = await request(server).get("/api/trading/bars").query(query);
    expect(response.status).toBe(status);
    expect(Object.keys(response.body.errors)).toContain(field);
  });

  test("an instrument without a bar has an empty chart, and no quote", async () => {
    expect(await bars(server, { instrument: "MGC", interval: "1m" })).toEqual({
      ...{ instrument: "MGC", interval: "1m", bars: [], forming: null },
    });
    const { body } = await request(server).get("/api/trading/instruments");
    expect(body.instruments[0].quote).toBeNull();
  });
});
