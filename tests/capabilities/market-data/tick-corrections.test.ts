import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Feed, VenueTick } from "#core/feed.ts";
import { ticks } from "#core/units.ts";
import { correctTick, type NewTickCorrection, runFeed } from "../../../server/capabilities/market-data/index.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { systemActor, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { aCatalog, anInstrument, aTick, listFeed, memoryBus, silentLog } from "../../support/market.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

// A winter day: the trade date changes at 23:00 UTC, in the middle of what is played.
const evening = Date.parse("2024-01-10T21:50:00Z");
const count = 1_200;

/** Ticks over more than two hours, with prices that go up and down. */
const someTicks = (instrumentId: string): VenueTick[] =>
  Array.from({ length: count }, (_none, at) => {
    const last = ticks(BigInt(13_000 + ((at * 37) % 11)));
    return aTick({ instrumentId, venueAtMs: evening + at * 7_000, last, lastSize: `${1 + (at % 3)}` });
  });

async function start(feed: Feed) {
  const bus = memoryBus();
  const deps = { db: database.app, bus, catalog: await aCatalog(database.app), clock: systemClock, log: silentLog };
  return runFeed(deps, feed, new AbortController().signal);
}
async function play(id: string, told: readonly VenueTick[]): Promise<void> {
  await anInstrument(database.app, { id });
  await (await start(listFeed({ instrumentIds: [id], ticks: told }))).done;
}
async function correct(wanted: Partial<NewTickCorrection> & { instrumentId: string }) {
  const bus = memoryBus();
  const transact = transactor(database.app);
  const given: NewTickCorrection = { seq: "600", kind: "cancel", reason: "a bust of the venue", ...wanted };
  const result = await transact({ ...systemActor, name: "Rita" }, (work) =>
    correctTick(work, bus.publish, systemActor, given),
  );
  return { result, heard: bus.heard };
}
const barsOf = (id: string) =>
  database
    .app("bars")
    .where({ instrument_id: id })
    .orderBy(["interval", "opened_at"])
    .select("interval", "opened_at", "open_ticks", "high_ticks", "low_ticks", "close_ticks", "volume");
const revised = (id: string) =>
  database
    .app("bars")
    .where({ instrument_id: id })
    .where("rev", ">", 0)
    .orderBy("interval")
    .select("interval", "rev", "final");
const everything = async (id: string) => ({
  bars: await database.app("bars").where({ instrument_id: id }).orderBy(["interval", "opened_at"]),
  corrections: await database.app("tick_corrections").where({ instrument_id: id }).orderBy("id"),
});
const allIntervals = ["15m", "1d", "1h", "1m", "30m", "4h", "5m"];

describe("a corrected tick", () => {
  test("gives in every interval the bars of a market that told it so at once, and the quotes stay", async () => {
    await play("PRICED", someTicks("PRICED"));
    const told = someTicks("PRICED2").map((tick, at) =>
      at === 599 ? { ...tick, last: ticks(14_000n), bid: ticks(14_000n), ask: ticks(14_000n) } : tick,
    );
    await play("PRICED2", told);
    const quotes = () => database.app("quotes").where("instrument_id", "PRICED").orderBy("seq");
    const before = await quotes();
    const { result, heard } = await correct({ instrumentId: "PRICED", kind: "price", price: "1400.0" });
    expect(result).toMatchObject({ ok: true });
    expect(await barsOf("PRICED")).toEqual(await barsOf("PRICED2"));
    expect(await revised("PRICED")).toEqual(allIntervals.map((interval) => ({ interval, rev: 1, final: true })));
    expect(await quotes()).toEqual(before);
    const events = heard.flatMap((one) => (one.kind === "bars" ? one.bars : []));
    expect(events.map(({ interval, rev, final }) => ({ interval, rev, final })).length).toBe(7);
    expect(events.every(({ bar, rev }) => bar[2] === 1_400 && rev === 1)).toBe(true);
  });

  test("is taken back with its volume, and put back as it was", async () => {
    await play("BUST", someTicks("BUST"));
    const first = await barsOf("BUST");
    const without = someTicks("BUST2").filter((_tick, at) => at !== 599);
    await play("BUST2", without);
    expect((await correct({ instrumentId: "BUST" })).result.ok).toBe(true);
    expect(await barsOf("BUST")).toEqual(await barsOf("BUST2"));
    expect((await correct({ instrumentId: "BUST", kind: "restore", reason: "a mistake" })).result.ok).toBe(true);
    expect(await barsOf("BUST")).toEqual(first);
    expect((await revised("BUST")).every(({ rev }) => rev === 2)).toBe(true);
    const told = await database.app("audit_log").where({ resource: "tick-corrections" }).orderBy("id", "desc").first();
    expect(told).toMatchObject({ action: "restore", reason: "a mistake" });
  });

  test.each<[string, Partial<NewTickCorrection>, string, string]>([
    ["an unknown instrument", { instrumentId: "NOBODY" }, "UNKNOWN_INSTRUMENT", "instrumentId"],
    ["a number that no quote has", { seq: "999999" }, "UNKNOWN_TICK", "seq"],
    ["a quote without a trade", { seq: "1" }, "TICK_PRICES_NOTHING", "seq"],
    ["the only tick of its minute", { seq: "2" }, "ONLY_TICK", "kind"],
    ["no price", { kind: "price" }, "PRICE_MISSING", "price"],
    ["a price beside a cancel", { price: "1300.0" }, "PRICE_NOT_ALONE", "price"],
    ["a price between ticks", { kind: "price", price: "1300.05" }, "PRICE_OFF_TICK", "price"],
    ["a price of zero", { kind: "price", price: "0" }, "PRICE_OFF_TICK", "price"],
  ])("%s is refused at its field, and nothing is written", async (name, given, code, field) => {
    const id = `NO${code.length}${name.length}`;
    await play(id, [
      aTick({ instrumentId: id, venueAtMs: evening, lastSize: null }),
      aTick({ instrumentId: id, venueAtMs: evening + 1 }),
      ...someTicks(id).slice(10, 30),
    ]);
    const before = await everything(id);
    const { result, heard } = await correct({ instrumentId: id, seq: "12", ...given });
    expect(result).toEqual({ ok: false, refusal: { code, field } });
    expect(await everything(id)).toEqual(before);
    expect(heard).toEqual([]);
  });

  test("is refused where ticks of its minute are gone, or a longer bar is not made of its minutes", async () => {
    await play("GONE", someTicks("GONE"));
    await database.owner("quotes").where({ instrument_id: "GONE", seq: 599 }).delete();
    expect((await correct({ instrumentId: "GONE" })).result).toMatchObject({ refusal: { code: "TICKS_INCOMPLETE" } });
    await play("OTHER", someTicks("OTHER"));
    await database.owner("bars").where({ instrument_id: "OTHER", interval: "1d" }).update({ volume: 1 });
    const before = await everything("OTHER");
    expect((await correct({ instrumentId: "OTHER" })).result).toMatchObject({ refusal: { code: "TICKS_INCOMPLETE" } });
    expect(await everything("OTHER")).toEqual(before);
  });

  test("holds in bars that a feed has at work: the feed takes them up anew and goes on", async () => {
    await anInstrument(database.app, { id: "WORK" });
    let goOn: () => void = () => {};
    const corrected = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const told = someTicks("WORK").slice(0, 603);
    const feed: Feed = {
      ...listFeed({ instrumentIds: ["WORK"], ticks: [] }),
      run: async (sink) => {
        await sink(told.slice(0, 602));
        await corrected;
        await sink(told.slice(602));
      },
    };
    const running = await start(feed);
    const inBars = () => database.app("bars").where({ instrument_id: "WORK", interval: "1m", last_seq: "602" }).first();
    while ((await inBars()) === undefined) await new Promise((resolve) => setImmediate(resolve));
    const { result } = await correct({ instrumentId: "WORK" });
    expect(result.ok).toBe(true);
    goOn();
    await running.done;
    await play(
      "WORK2",
      someTicks("WORK2")
        .slice(0, 603)
        .filter((_tick, at) => at !== 599),
    );
    expect(await barsOf("WORK")).toEqual(await barsOf("WORK2"));
  });
});
