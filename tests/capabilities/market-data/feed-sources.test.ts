import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Feed } from "#core/feed.ts";
import { type FeedDeps, runFeed } from "../../../server/capabilities/market-data/index.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { openFeeds } from "../../../server/platform/feeds/open-feeds.ts";
import { replayFeed } from "../../../server/platform/feeds/replay.ts";
import { simulatedFeed } from "../../../server/platform/feeds/simulated.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { aCatalog, anInstrument, memoryBus, silentLog } from "../../support/market.ts";

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(path.join(tmpdir(), "truewick-feeds-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

const noon = Date.parse("2024-01-10T12:00:00Z");
const never = new AbortController().signal;

async function deps(): Promise<FeedDeps & { bus: ReturnType<typeof memoryBus> }> {
  return {
    db: database.app,
    bus: memoryBus(),
    catalog: await aCatalog(database.app),
    clock: systemClock,
    log: silentLog,
  };
}
async function play(feed: Feed) {
  const given = await deps();
  const running = runFeed(given, feed, never);
  await running.done;
  return { status: running.status(), heard: given.bus.heard };
}
const storedQuotes = (id: string) => database.app("quotes").where("instrument_id", id).orderBy("seq");
const storedBars = (id: string, interval = "1m") =>
  database
    .app("bars")
    .where({ instrument_id: id, interval })
    .orderBy("opened_at")
    .select("opened_at", "open_ticks", "high_ticks", "low_ticks", "close_ticks", "volume", "final", "rev", "last_seq");
const instrumentOf = async (id: string) => {
  const instrument = (await aCatalog(database.app)).get(id);
  if (instrument === undefined) throw new Error(`no ${id}`);
  return instrument;
};

describe("replay files", () => {
  const header = "ts_ms,symbol,bid,ask,price,size";
  async function replay(id: string, name: string, content: string) {
    await anInstrument(database.app, { id });
    const file = path.join(folder, name);
    writeFileSync(file, content);
    const warnings: string[] = [];
    const log = { info: () => {}, warn: (_about: object, text: string) => warnings.push(text) };
    const instrument = await instrumentOf(id);
    const played = await play(replayFeed({ file, instrument, speed: "max", clock: systemClock, log: log as never }));
    return { ...played, warnings };
  }

  test("a bad row is told with its number and what was expected, and the feed goes on", async () => {
    const { status, warnings } = await replay(
      "BADROW",
      "bad-row.csv",
      [
        header,
        `${noon},GCZ13,,,1300.1,2`,
        `yesterday,GCZ13,,,1300.2,1`,
        `${noon + 1},GCZ13,,,13OO.3,1`,
        `${noon + 2},GCZ13,,,1300.4`,
        `${noon + 3},GCZ13,,,1300.4,-1`,
        `${noon + 4},GCZ13,1300.1,,,`,
        `${noon + 5},GCZ13,1300.1,1300.2,,`,
        "",
      ].join("\n"),
    );
    expect(status).toMatchObject({ state: "ended", quotes: 2 });
    expect(warnings).toEqual([
      'replay: row 3 skipped: expected ts_ms as epoch milliseconds, found "yesterday"',
      'replay: row 4 skipped: expected price as a plain decimal, found "13OO.3"',
      "replay: row 5 skipped: expected 6 cells, found 5",
      'replay: row 6 skipped: expected size as a plain decimal not below zero, found "-1"',
      'replay: row 7 skipped: expected ask as a plain decimal, found ""',
    ]);
  });

  test("another header stops the feed with one sentence", async () => {
    const { status } = await replay("BADHEAD", "bad-header.csv", "time,price\n1,2\n");
    expect(status.state).toBe("stopped");
    expect(status.message).toMatch(/bad-header\.csv, row 1: expected the header ts_ms,symbol,bid.*found time,price\.$/);
  });

  test("a file that breaks off in its compression is played as far as it goes, then the feed stops", async () => {
    const { status } = await replay("CUT", "cut.csv.gz", "not gzip at all");
    expect(status.state).toBe("stopped");
    expect(status.message).toMatch(/cut\.csv\.gz, row 1: the file can't be read on/);
  });

  test("a missing file, an unknown instrument and one named twice are told before anything starts", async () => {
    const options = {
      ...{
        instruments: (await aCatalog(database.app)).all(),
        speed: "max" as const,
        clock: systemClock,
        log: silentLog as never,
      },
    } as const;
    const spec = (file: string, instrument: string) => ({ kind: "replay", file, instrument }) as const;
    const there = path.join(folder, "bad-row.csv");
    await expect(openFeeds([spec("/nowhere.csv", "CUT")], options)).rejects.toThrow("/nowhere.csv is not there");
    await expect(openFeeds([spec(there, "XYZ")], options)).rejects.toThrow("there is no such instrument");
    await expect(openFeeds([spec(there, "CUT"), spec(there, "CUT")], options)).rejects.toThrow("twice");
  });

  test("trades without a quote get one a tick wide by the tick rule, the trade at its bid or ask", async () => {
    const prices = ["1300.1", "1300.3", "1300.3", "1300.2"];
    await replay(
      "RULE",
      "rule.csv",
      [header, ...prices.map((price, at) => `${noon + at},GCZ13,,,${price},1`)].join("\n"),
    );
    expect((await storedQuotes("RULE")).map((row) => [row.bid_ticks, row.last_ticks, row.ask_ticks])).toEqual([
      [13_001n, 13_001n, 13_002n],
      [13_002n, 13_003n, 13_003n],
      [13_002n, 13_003n, 13_003n],
      [13_002n, 13_002n, 13_003n],
    ]);
  });

  test("what is replayed is not simulated beside it", async () => {
    const instruments = (await aCatalog(database.app)).all();
    const options = { instruments, speed: "max" as const, clock: systemClock, log: silentLog as never } as const;
    const file = path.join(folder, "rule.csv");
    const feeds = await openFeeds([{ kind: "simulated" }, { kind: "replay", file, instrument: "RULE" }], options);
    const led = feeds.flatMap((feed) => feed.instrumentIds);
    expect([...led].sort()).toEqual(instruments.map(({ id }) => id).sort());
  });
});

test("the simulated venue begins with charts, goes on with quotes at once, and is labelled", async () => {
  const id = await anInstrument(database.app, { id: "SIM" });
  const instrument = await instrumentOf(id);
  const stopping = new AbortController();
  const given = await deps();
  const quotes = new Promise<void>((resolve) => {
    given.bus.subscribe((told) => {
      if (told.kind === "quotes") resolve();
    });
  });
  const startedMs = performance.now();
  const running = runFeed(given, simulatedFeed({ instruments: [instrument], clock: systemClock }), stopping.signal);
  await quotes;
  const tookMs = performance.now() - startedMs;
  stopping.abort();
  await running.done;
  expect(tookMs).toBeLessThan(5_000);
  const counts: { interval: string; count: bigint }[] = await database
    .app("bars")
    .where({ instrument_id: id, source: "simulated" })
    .groupBy("interval")
    .select("interval", database.app.raw("count(*) AS count"));
  const found = Object.fromEntries(counts.map(({ interval, count }) => [interval, Number(count)]));
  expect(found["1m"]).toBeGreaterThan(2_500);
  expect(found["1d"]).toBeGreaterThanOrEqual(60);
  expect((await storedQuotes(id)).every((row) => row.source === "simulated" && row.flag === null)).toBe(true);
  const newest = (await storedBars(id)).at(-1);
  const live = (await storedQuotes(id))[0];
  expect(Math.abs(Number(newest?.close_ticks) - Number(live.bid_ticks))).toBeLessThan(Number(live.bid_ticks) / 50);
});
