import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type BarPrice, type Interval, intervals } from "#contracts/names.ts";
import type { Feed } from "#core/feed.ts";
import { runFeed } from "../../../server/capabilities/market-data/index.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { replayFeed } from "../../../server/platform/feeds/replay.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { type BarText, duckBars } from "../../support/duck-bars.ts";
import {
  aCatalog,
  anInstrument,
  marketFile,
  marketFiles,
  memoryBus,
  rowsOfFile,
  silentLog,
} from "../../support/market.ts";

/** A tick file, and how its instrument is traded. */
interface TickFile {
  readonly file: string;
  readonly barPrice: BarPrice;
  readonly decimals: number;
  readonly tickSize: string;
  /** Dollars a point, so that a tick is worth whole cents. */
  readonly multiplier: string;
  readonly tickValueMinor: bigint;
  readonly zone: string;
  readonly cut: "17:00" | "00:00";
  readonly flags: Readonly<Record<string, number>>;
  /** The vendor's own minutes, and the stamps they are equal over. */
  readonly vendor?: { readonly file: string; readonly from: string; readonly to: string; readonly minutes: number };
  /** Played as far as this row. */
  readonly rowsMax?: number;
}

const chicago = { zone: "America/Chicago", cut: "17:00" } as const;
const newYork = { zone: "America/New_York", cut: "17:00" } as const;
const utc = { zone: "UTC", cut: "00:00" } as const;
const euro = {
  file: "eurusd-fxcm-ticks-20140504_09.csv.gz",
  decimals: 5,
  tickSize: "0.00001",
  multiplier: "1000",
  tickValueMinor: 1n,
  ...newYork,
} as const;
const gold = {
  file: "xauusd-oanda-ticks-20140504_06.csv.gz",
  decimals: 3,
  tickSize: "0.001",
  multiplier: "10",
  tickValueMinor: 1n,
  ...newYork,
} as const;

const played: Readonly<Record<string, TickFile>> = {
  EURUSD: {
    ...euro,
    barPrice: "bid",
    flags: { none: 527_942 - 53_302, crossed: 53_302 },
    vendor: { file: "eurusd-fxcm-bid-1m-20140504_09.csv.gz", from: "2014-05-04", to: "2014-05-10", minutes: 7_206 },
  },
  // The vendor has no minute file of the Sunday evening, and none of our ticks of before it.
  XAUUSD: {
    ...gold,
    barPrice: "bid",
    flags: { none: 357_645 },
    vendor: { file: "xauusd-oanda-bid-1m-20140501_06.csv.gz", from: "2014-05-05", to: "2014-05-07", minutes: 2_774 },
  },
  XAUMID: { ...gold, barPrice: "mid", flags: { none: 20_000 }, rowsMax: 20_000 },
  GCZ13: {
    ...{
      file: "gcz13-comex-trades-20131007_08.csv.gz",
      barPrice: "last",
      decimals: 1,
      tickSize: "0.1",
      multiplier: "10",
      tickValueMinor: 100n,
      ...chicago,
    },
    flags: { none: 91_740 },
    vendor: { file: "gcz13-comex-1m-20131007_08_10.csv.gz", from: "2013-10-07", to: "2013-10-09", minutes: 2_691 },
  },
  ESH4: {
    ...{
      file: "esh4-cme-trades-20231225-1h.csv.gz",
      barPrice: "last",
      decimals: 2,
      tickSize: "0.25",
      multiplier: "5",
      tickValueMinor: 125n,
      ...chicago,
    },
    flags: { none: 2_973 },
  },
  BTCSPOT: {
    ...{
      file: "btcusdt-binance-spot-trades-20240808-6m.csv.gz",
      barPrice: "last",
      decimals: 2,
      tickSize: "0.01",
      multiplier: "1",
      tickValueMinor: 1n,
      ...utc,
    },
    flags: { none: 9_757 },
  },
  BTCPERP: {
    ...{
      file: "btcusdt-binance-usdm-trades-20240808-6m.csv.gz",
      barPrice: "last",
      decimals: 1,
      tickSize: "0.1",
      multiplier: "1",
      tickValueMinor: 10n,
      ...utc,
    },
    flags: { none: 21_313 },
  },
};

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** Plays a file through the gate, the store and the bars, as the server does. */
async function play(id: string, { file, rowsMax, ...given }: TickFile): Promise<void> {
  await anInstrument(database.app, { id, sessions: [], ...given });
  const catalog = await aCatalog(database.app);
  const instrument = catalog.get(id);
  if (instrument === undefined) throw new Error(`no ${id}`);
  const whole = replayFeed({ file: marketFile(file), instrument, speed: "max", clock: systemClock, log: silentLog });
  const feed = rowsMax === undefined ? whole : upTo(whole, rowsMax);
  const deps = { db: database.app, bus: quietBus(), catalog, clock: systemClock, log: silentLog };
  const running = runFeed(deps, feed, new AbortController().signal);
  await running.done;
  expect(running.status()).toMatchObject({ state: "ended", late: 0 });
}

/** A bus that forgets: a million quotes remembered would fill the memory. */
const quietBus = (): ReturnType<typeof memoryBus> => ({ ...memoryBus(), publish: () => {} });

const upTo = (feed: Feed, rowsMax: number): Feed => ({
  ...feed,
  run: async (sink, signal, prices) => {
    const enough = new AbortController();
    let left = rowsMax;
    const some: typeof sink = async (ticks) => {
      const taken = ticks.slice(0, left);
      left -= taken.length;
      if (left === 0) enough.abort();
      return taken.length === 0 ? 0 : sink(taken);
    };
    await feed.run(some, AbortSignal.any([signal, enough.signal]), prices);
  },
});

/** Stored bars as text, the prices multiplied out by the database, not by our code. */
async function storedBars(id: string, interval: Interval): Promise<BarText[]> {
  const { rows }: { rows: Record<string, string>[] } = await database.app.raw(
    `SELECT (extract(epoch FROM opened_at) * 1000)::bigint::text AS at, (open_ticks * tick_size)::numeric(20, 8)::text AS o,
       (high_ticks * tick_size)::numeric(20, 8)::text AS h, (low_ticks * tick_size)::numeric(20, 8)::text AS l,
       (close_ticks * tick_size)::numeric(20, 8)::text AS c, volume::numeric(30, 8)::text AS v, last_seq::text AS seq
     FROM bars JOIN instrument_terms USING (instrument_id)
     WHERE instrument_id = ? AND interval = ? AND final AND rev = 0 ORDER BY opened_at`,
    [id, interval],
  );
  return rows.map(({ at, o, h, l, c, v, seq }) => [at, o, h, l, c, v, seq] as BarText);
}

async function flagsOf(id: string): Promise<Record<string, number>> {
  const rows = await database
    .app("quotes")
    .where("instrument_id", id)
    .groupByRaw("1")
    .select(database.app.raw("coalesce(flag, 'none') AS flag, count(*)::int AS count"));
  return Object.fromEntries(rows.map(({ flag, count }: { flag: string; count: number }) => [flag, count]));
}

/** The vendor's minutes as text, without volume: theirs differs in the last minute of a day. */
function vendorMinutes({ file, from, to }: NonNullable<TickFile["vendor"]>): number[][] {
  return rowsOfFile(file)
    .filter(([at]) => Number(at) >= Date.parse(from) && Number(at) < Date.parse(to))
    .map((cells) => [cells[0], ...cells.slice(2, 6)].map(Number));
}

const realFiles = marketFiles === null ? describe.skip : describe;

realFiles("bars of recorded ticks", () => {
  test("every tick file is played", () => {
    const files = readdirSync(marketFiles ?? "").filter((name) => /-(ticks|trades)-.*\.csv\.gz$/.test(name));
    expect([...new Set(Object.values(played).map(({ file }) => file))].sort()).toEqual(files.sort());
  });

  test.each(Object.entries(played))(
    "%s: every bar of every interval is the one that DuckDB makes",
    async (id, tickFile) => {
      await play(id, tickFile);
      const { file, cut, rowsMax = 10_000_000 } = tickFile;
      const hoursToMidnight = cut === "17:00" ? 7 : 0;
      const duck = await duckBars({ ...tickFile, file: marketFile(file), hoursToMidnight, rowsMax });
      try {
        for (const interval of intervals) {
          const expected = await duck.bars(interval);
          expect(expected.length).toBeGreaterThan(0);
          expect(await storedBars(id, interval)).toEqual(expected);
        }
      } finally {
        duck.close();
      }
      expect(await flagsOf(id)).toEqual(tickFile.flags);
      const { vendor } = tickFile;
      if (vendor === undefined) return;
      const since = (await storedBars(id, "1m"))
        .map((bar) => bar.slice(0, 5).map(Number))
        .filter(([at = 0]) => at >= Date.parse(vendor.from) && at < Date.parse(vendor.to));
      expect(since).toEqual(vendorMinutes(vendor));
      expect(since.length).toBe(vendor.minutes);
    },
    240_000,
  );
});
