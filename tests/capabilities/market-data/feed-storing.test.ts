import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Feed, VenueTick } from "#core/feed.ts";
import { ticks } from "#core/units.ts";
import { type FeedDeps, runFeed } from "../../../server/capabilities/market-data/index.ts";
import { sealQuotes, sweepSealedQuotes } from "../../../server/capabilities/proofs/index.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { aCatalog, anInstrument, aTick, listFeed, memoryBus, silentLog } from "../../support/market.ts";
import { aSigner } from "../../support/proofs.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
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
/** Ticks of an instrument, one every 7 s, with prices that go up and down. */
const manyTicks = (instrumentId: string, count: number): VenueTick[] =>
  Array.from({ length: count }, (_none, at) =>
    aTick({ instrumentId, venueAtMs: noon + at * 7_000, last: ticks(BigInt(13_000 + ((at * 37) % 11))) }),
  );
const storedQuotes = (id: string) => database.app("quotes").where("instrument_id", id).orderBy("seq");
const storedBars = (id: string, interval = "1m") =>
  database
    .app("bars")
    .where({ instrument_id: id, interval })
    .orderBy("opened_at")
    .select("opened_at", "open_ticks", "high_ticks", "low_ticks", "close_ticks", "volume", "final", "rev", "last_seq");

describe("storing", () => {
  test("numbers rise by one, flagged quotes are kept, and nothing is published before it is stored", async () => {
    await anInstrument(database.app, { id: "FLAGS" });
    const tick = (given: Partial<VenueTick>) => aTick({ instrumentId: "FLAGS", venueAtMs: noon, ...given });
    const feed = listFeed({
      instrumentIds: ["FLAGS"],
      ticks: [
        tick({}),
        tick({ bid: ticks(13_002n) }),
        tick({ bid: ticks(0n) }),
        tick({ venueAtMs: noon - 1 }),
        tick({ isOffTick: true }),
      ],
    });
    const { heard } = await play(feed);
    const rows = await storedQuotes("FLAGS");
    expect(rows.map(({ seq, flag }) => [seq, flag])).toEqual([
      [1n, null],
      [2n, "crossed"],
      [3n, "not-positive"],
      [4n, "out-of-order"],
      [5n, "off-tick"],
    ]);
    const published = heard.flatMap((told) => (told.kind === "quotes" ? told.quotes.map((quote) => quote.seq) : []));
    expect(published).toEqual([1n, 2n, 3n, 4n, 5n]);
  });

  test("a feed stopped in mid-bar and started again leaves the bars of an unbroken run", async () => {
    await anInstrument(database.app, { id: "WHOLE" });
    await anInstrument(database.app, { id: "BROKEN" });
    await play(listFeed({ instrumentIds: ["WHOLE"], ticks: manyTicks("WHOLE", 400) }));
    const stopping = new AbortController();
    const all = manyTicks("BROKEN", 400);
    const broken = listFeed({
      instrumentIds: ["BROKEN"],
      ticks: all,
      run: async (sink) => {
        await sink(all.slice(0, 123));
        stopping.abort();
      },
    });
    await runFeed(await deps(), broken, stopping.signal).done;
    expect((await storedBars("BROKEN")).at(-1)?.final).toBe(false);
    await play(listFeed({ instrumentIds: ["BROKEN"], ticks: all }));
    expect((await storedQuotes("BROKEN")).map((row) => row.seq)).toEqual(all.map((_tick, at) => BigInt(at + 1)));
    for (const interval of ["1m", "5m", "1h", "1d"])
      expect(await storedBars("BROKEN", interval)).toEqual(await storedBars("WHOLE", interval));
  });

  test("quotes that were stored when the process died before their bars are in them after the restart", async () => {
    await anInstrument(database.app, { id: "DIED" });
    await anInstrument(database.app, { id: "LIVED" });
    const whole = manyTicks("LIVED", 60);
    await play(listFeed({ instrumentIds: ["LIVED"], ticks: whole }));
    const stopping = new AbortController();
    const first = listFeed({
      instrumentIds: ["DIED"],
      ticks: [],
      run: async (sink) => {
        await sink(manyTicks("DIED", 40));
        stopping.abort();
      },
    });
    await runFeed(await deps(), first, stopping.signal).done;
    await database.owner.raw(
      `INSERT INTO quotes SELECT 'DIED', seq, bid_ticks, ask_ticks, last_ticks, last_lots, venue_at, received_at, source, flag
       FROM quotes WHERE instrument_id = 'LIVED' AND seq > 40`,
    );
    await play(listFeed({ instrumentIds: ["DIED"], ticks: manyTicks("DIED", 60) }));
    expect(await storedBars("DIED")).toEqual(await storedBars("LIVED"));
  });

  test("when the source fails the feed is taken up where the database stands, nothing twice and nothing lost", async () => {
    await anInstrument(database.app, { id: "FAULT" });
    const all = manyTicks("FAULT", 300);
    let runs = 0;
    const feed = listFeed({
      instrumentIds: ["FAULT"],
      ticks: all,
      run: async (sink) => {
        runs += 1;
        await sink(all.slice(0, 150));
        if (runs === 1) throw new Error("the line broke");
        await sink(all.slice(150));
      },
    });
    const { status } = await play(feed);
    expect(status.state).toBe("ended");
    expect(runs).toBe(2);
    expect((await storedQuotes("FAULT")).map((row) => row.seq)).toEqual(all.map((_tick, at) => BigInt(at + 1)));
  });

  test("one process leads; the other takes over when it ends", async () => {
    await anInstrument(database.app, { id: "LEAD" });
    const stopping = new AbortController();
    let begun: () => void = () => {};
    const leading = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const name = "list:lead";
    const first = listFeed({
      ...{ name, instrumentIds: ["LEAD"], ticks: [] },
      run: (_sink, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => resolve());
          begun();
        }),
    });
    const leader = runFeed(await deps(), first, stopping.signal);
    await leading;
    const standby = runFeed(
      await deps(),
      listFeed({ name, instrumentIds: ["LEAD"], ticks: manyTicks("LEAD", 3) }),
      never,
    );
    expect(leader.status().state).toBe("leading");
    expect(standby.status().state).toBe("waiting");
    stopping.abort();
    await Promise.all([leader.done, standby.done]);
    expect(standby.status()).toMatchObject({ state: "ended", quotes: 3 });
  });

  test("the sweep keeps the newest quote of each instrument and numbering goes on", async () => {
    await anInstrument(database.app, { id: "SWEPT" });
    await play(listFeed({ instrumentIds: ["SWEPT"], ticks: manyTicks("SWEPT", 20) }));
    const inThreeDays = { now: () => new Date(Date.now() + 3 * 86_400_000), elapsedMs: () => 0 };
    await sealQuotes({ db: database.app, signer: await aSigner(database.app) }, 0)();
    await sweepSealedQuotes({ db: database.app, clock: inThreeDays });
    expect((await storedQuotes("SWEPT")).map((row) => row.seq)).toEqual([20n]);
    await play(listFeed({ instrumentIds: ["SWEPT"], ticks: manyTicks("SWEPT", 21) }));
    expect((await storedQuotes("SWEPT")).map((row) => row.seq)).toEqual([20n, 21n]);
  });
});
