import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { parse } from "csv-parse/sync";
import { isOpen, type SessionCalendar, tradeDateOf } from "#core/session-calendar.ts";
import { calendars } from "../../seeds/reference/calendars.ts";
import { instruments } from "../../seeds/reference/instruments.ts";

const shared = process.env.TRUEWICK_SHARED ?? path.resolve(import.meta.dirname, "../../../shared");
const market = path.join(shared, "data/market");
const hasFiles = existsSync(market);
if (!hasFiles) process.stderr.write(`skipped: no real market data at ${market}\n`);
const withFiles = hasFiles ? describe : describe.skip;

function calendar(id: string): SessionCalendar {
  const found = calendars.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no calendar ${id}`);
  return found;
}

test("every instrument has a calendar of the seed", () => {
  for (const instrument of instruments) expect(calendars.map((one) => one.id)).toContain(instrument.calendar);
});

describe("CME equity index", () => {
  test.each([
    ["2013-10-07T20:14:59Z", true],
    ["2013-10-07T20:15:00Z", false],
    ["2013-10-07T20:29:59Z", false],
    ["2013-10-07T20:30:00Z", true],
    ["2013-10-07T21:15:00Z", false],
    ["2013-10-07T22:00:00Z", true],
    ["2013-10-11T21:15:00Z", false],
    ["2013-10-12T12:00:00Z", false],
    ["2013-10-13T22:00:00Z", true],
    ["2020-01-06T21:20:00Z", false],
    ["2020-01-06T21:30:00Z", true],
    ["2020-01-06T22:00:00Z", false],
    ["2020-01-06T23:00:00Z", true],
    ["2026-11-23T21:20:00Z", true],
    ["2026-11-23T22:00:00Z", false],
    ["2026-11-23T23:00:00Z", true],
    ["2026-12-25T12:00:00Z", false],
  ])("at %s open is %p", (at, open) => {
    expect(isOpen(calendar("cme-equity-index"), new Date(at))).toBe(open);
  });
  test("Sunday evening counts for Monday", () => {
    expect(tradeDateOf(calendar("cme-equity-index"), new Date("2013-10-06T22:00:00Z"))).toBe("2013-10-07");
  });
});

describe("other calendars", () => {
  test.each([
    ["forex", "2026-11-20T21:59:59Z", true],
    ["forex", "2026-11-20T22:00:00Z", false],
    ["forex", "2026-11-22T22:00:00Z", true],
    ["forex", "2026-11-25T22:00:00Z", true],
    ["crypto", "2026-11-22T03:00:00Z", true],
    ["crypto", "2026-12-25T12:00:00Z", true],
    ["spot-metals", "2026-11-24T22:30:00Z", false],
    ["spot-metals", "2026-11-24T23:00:00Z", true],
  ])("%s at %s: open is %p", (id, at, open) => {
    expect(isOpen(calendar(id), new Date(at))).toBe(open);
  });
});

withFiles("real trading", () => {
  const rowsOf = (file: string): { ts_ms: string }[] =>
    parse(gunzipSync(readFileSync(path.join(market, file))), { columns: true });

  test.each([
    ["cme-equity-index", "esz13-cme-1m-20131006_14.csv.gz"],
    ["cme-equity-index", "esh20-cme-1m-20200105_06.csv.gz"],
    ["cme-metals-energy", "gcz13-comex-1m-20131007_08_10.csv.gz"],
    ["cme-fx-crypto", "6eh4-cme-1m-202401a.csv.gz"],
    ["spot-metals", "xauusd-oanda-bid-1m-20140501_06.csv.gz"],
    ["crypto", "btc-perp-1m-202201a.csv.gz"],
  ])("%s was open in every minute that %s has", (id, file) => {
    const sessions = calendar(id);
    const shut = rowsOf(file).filter((row) => !isOpen(sessions, new Date(Number(row.ts_ms))));
    expect(shut.map((row) => new Date(Number(row.ts_ms)).toISOString())).toEqual([]);
  });

  test("forex was open in every minute of FXCM's file but its indicative Sunday quotes before 17:00 New York", () => {
    const shut = rowsOf("eurusd-fxcm-bid-1m-20140504_09.csv.gz")
      .map((row) => new Date(Number(row.ts_ms)))
      .filter((at) => !isOpen(calendar("forex"), at));
    expect(shut.length).toBeGreaterThan(0);
    expect(shut.every((at) => at < new Date("2014-05-04T21:00:00Z"))).toBe(true);
  });

  test("tick, money per point and money per tick are the exchange's", () => {
    const specs: Record<string, string>[] = parse(readFileSync(path.join(market, "contract-specs.csv")), {
      columns: true,
    });
    for (const id of ["MES", "MNQ", "M2K", "MYM", "MGC", "MCL", "M6E", "MBT"]) {
      const ours = instruments.find((instrument) => instrument.id === id);
      const theirs = specs.find((spec) => spec.symbol === id);
      expect([id, Number(ours?.tickSize), Number(ours?.multiplier), Number(ours?.tickValue) / 100]).toEqual([
        id,
        Number(theirs?.tick_size),
        Number(theirs?.usd_per_point),
        Number(theirs?.tick_value_usd),
      ]);
      expect(ours?.exchange).toBe(theirs?.exchange);
    }
  });
});
