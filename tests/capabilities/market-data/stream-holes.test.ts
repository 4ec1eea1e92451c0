import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openLine } from "../../../server/capabilities/market-data/feed-line.ts";
import { feedWriter } from "../../../server/capabilities/market-data/feed-writer.ts";
import { insertQuotes, StreamBroken } from "../../../server/capabilities/market-data/quotes.store.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { aCatalog, anInstrument, aQuote, aTick, listFeed, memoryBus, silentLog } from "../../support/market.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const noon = Date.parse("2024-01-10T12:00:00Z");
const storedQuotes = (id: string) => database.app("quotes").where("instrument_id", id).orderBy("seq");

describe("a stream without holes", () => {
  test("after a failure to store, a writer stores nothing more: who takes the feed up numbers anew where the database stands", async () => {
    await anInstrument(database.app, { id: "FAILED" });
    const catalog = await aCatalog(database.app);
    const instrument = catalog.get("FAILED");
    if (instrument === undefined) throw new Error("no instrument");
    const feed = listFeed({ instrumentIds: ["FAILED"], ticks: [] });
    const deps = { db: database.app, bus: memoryBus(), clock: systemClock, log: silentLog };
    const line = await openLine(database.app, instrument, feed.source);
    const writer = feedWriter(deps, feed, new Map([["FAILED", line]]));
    const tick = (at: number) => aTick({ instrumentId: "FAILED", venueAtMs: noon + at });
    try {
      await writer.sink([tick(0)]);
      await writer.finish(false);
      await database.owner.raw("ALTER TABLE quotes ADD CONSTRAINT disk_is_full CHECK (seq <> 2)");
      await writer.sink([tick(1)]);
      await expect(writer.failed).rejects.toThrow("disk_is_full");
      await database.owner.raw("ALTER TABLE quotes DROP CONSTRAINT disk_is_full");
      await expect(writer.sink([tick(2)])).rejects.toThrow("disk_is_full");
      await expect(writer.finish(false)).rejects.toThrow("disk_is_full");
    } finally {
      writer.stop();
    }
    expect((await storedQuotes("FAILED")).map(({ seq }) => seq)).toEqual([1n]);
    expect(writer.counts.quotes).toBe(1);
  });

  test("quotes that would leave a hole behind the newest stored one are refused whole", async () => {
    await anInstrument(database.app, { id: "HOLE" });
    await anInstrument(database.app, { id: "NEXT" });
    const quote = (instrumentId: string, seq: bigint) => aQuote({ instrumentId, seq });
    await insertQuotes(database.app, [quote("HOLE", 7n), quote("HOLE", 8n)]);
    const behind = insertQuotes(database.app, [quote("NEXT", 1n), quote("HOLE", 10n), quote("HOLE", 11n)]);
    await expect(behind).rejects.toThrow(StreamBroken);
    expect(await storedQuotes("NEXT")).toEqual([]);
    await insertQuotes(database.app, [quote("NEXT", 1n), quote("HOLE", 9n)]);
    await expect(insertQuotes(database.app, [quote("HOLE", 9n)])).rejects.toMatchObject({ code: "23505" });
    expect((await storedQuotes("HOLE")).map(({ seq }) => seq)).toEqual([7n, 8n, 9n]);
  });
});
