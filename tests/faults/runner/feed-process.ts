import { createInterface } from "node:readline";
import type { Feed, TickSink } from "#core/feed.ts";
import type { Instrument } from "#core/instrument.ts";
import { loadInstrumentCatalog, runFeed } from "../../../server/capabilities/market-data/index.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { connectDatabase } from "../../../server/platform/db/connect.ts";
import { BadRow, type RowReader, tickRowReader } from "../../../server/platform/feeds/price-rows.ts";
import { createLog } from "../../../server/platform/log.ts";
import { redisBus } from "../../../server/platform/realtime/bus.ts";

/**
 * The role `feed` with a venue that the nemesis plays: each line of standard input is a JSON list of price rows
 * (ts_ms, symbol, bid, ask, price, size), read, judged, stored and published by the server's own code.
 */
const { APP_URL = "", REDIS_URL = "", INSTRUMENTS = "", LOG_LEVEL = "error" } = process.env;
const log = createLog(LOG_LEVEL as "error");
const db = connectDatabase({ url: APP_URL, applicationName: "truewick-feed", poolMax: 4, statementTimeoutMs: 15_000 });
const bus = redisBus({ url: REDIS_URL, log });
await bus.ready;
const onError = (error: unknown): void => log.error({ err: error }, "reading the catalog again failed");
const catalog = await loadInstrumentCatalog({ db, bus, now: systemClock.now, onError });
const instruments = INSTRUMENTS.split(",").map((id): Instrument => {
  const found = catalog.get(id);
  if (found === undefined) throw new Error(`no instrument ${id}`);
  return found;
});

const lines = createInterface({ input: process.stdin });
let hear: (rows: readonly (readonly string[])[]) => void = () => {};
lines.on("line", (line) => hear(JSON.parse(line)));

const feed: Feed = {
  name: "scripted",
  source: "simulated",
  instrumentIds: instruments.map(({ id }) => id),
  run: (sink, signal) =>
    new Promise((resolve, reject) => {
      const readers = new Map(instruments.map((instrument) => [instrument.id, tickRowReader(instrument)]));
      hear = (rows) => void play(rows, readers, sink).catch(reject);
      signal.addEventListener("abort", () => resolve(), { once: true });
    }),
};

async function play(
  rows: readonly (readonly string[])[],
  readers: ReadonlyMap<string, RowReader>,
  sink: TickSink,
): Promise<void> {
  const ticks = rows.flatMap((cells) => {
    try {
      return readers.get(cells[1] ?? "")?.(cells) ?? [];
    } catch (error) {
      if (!(error instanceof BadRow)) throw error;
      log.warn({ cells }, `a bad row: expected ${error.message}`);
      return [];
    }
  });
  if (ticks.length > 0) await sink(ticks);
}

const ending = new AbortController();
const running = runFeed({ db, bus, catalog, clock: systemClock, log }, feed, ending.signal);
process.on("SIGTERM", () => {
  ending.abort();
  void running.done.then(() => process.exit(0));
});
process.stdout.write("the scripted feed runs\n");
