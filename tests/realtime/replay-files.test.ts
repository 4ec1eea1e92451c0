import { describe, expect, test } from "@jest/globals";
import type { QuoteFlag } from "#contracts/names.ts";
import type { Bar } from "#core/bar.ts";
import { barBuilder } from "#core/bar-builder.ts";
import type { Instrument } from "#core/instrument.ts";
import { flagOf } from "#core/quote-gate.ts";
import { formatPrice, lots, minorUnits, type PriceScale } from "#core/units.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { replayFeed } from "../../server/platform/feeds/replay.ts";
import { aQuote, marketFile, marketFiles, rowsOfFile, silentLog } from "../support/market.ts";

const realFiles = marketFiles === null ? describe.skip : describe;

/** A quoted instrument whose bars are made of the bid. */
const quoted = (id: string, price: PriceScale): Instrument => ({
  ...{
    id,
    name: id,
    assetClass: "currency",
    exchange: "OTC",
    barPrice: "bid",
    tradeMode: "full",
    maxQuoteAgeMs: 5_000,
  },
  calendar: { id: "utc", zone: "UTC", tradeDateCut: "00:00", sessions: [], holidays: [] },
  terms: {
    ...{ version: 1, currency: "USD", currencyScale: 2, price, tickValue: minorUnits(1n), multiplier: "1000" },
    ...{ lotStep: lots(1n), minLots: lots(1n), maxLotsPerOrder: lots(50n) },
    ...{ initialMargin: minorUnits(2n), maintenanceMargin: minorUnits(1n), feePerSide: minorUnits(0n) },
  },
});

/** Plays a whole file through the gate and the bars, without a database; the minutes as the vendor writes them. */
async function candlesOf(file: string, instrument: Instrument) {
  const flags = new Map<QuoteFlag | null, number>();
  const bars = barBuilder(instrument.barPrice, (atMs) => new Date(atMs).toISOString().slice(0, 10));
  const minutes: Bar[] = [];
  let seq = 0n;
  let newestMs = 0;
  const feed = replayFeed({ file: marketFile(file), instrument, speed: "max", clock: systemClock, log: silentLog });
  await feed.run(
    async (ticks) => {
      for (const tick of ticks) {
        seq += 1n;
        const flag = flagOf(tick, newestMs);
        newestMs = Math.max(newestMs, tick.venueAtMs);
        flags.set(flag, (flags.get(flag) ?? 0) + 1);
        const { bid, ask, last, lastSize } = tick;
        bars.add(aQuote({ seq, bid, ask, last, lastSize, flag, venueAt: new Date(tick.venueAtMs), source: "replay" }));
      }
      minutes.push(...bars.takeChanged().filter((bar) => bar.interval === "1m"));
      return ticks.length;
    },
    new AbortController().signal,
    new Map(),
  );
  const newest = new Map(minutes.map((bar) => [bar.openedAtMs, bar]));
  const { price } = instrument.terms;
  const candles = [...newest.values()].map(({ openedAtMs, open, high, low, close }) => [
    openedAtMs,
    ...[open, high, low, close].map((value) => Number(formatPrice(value, price))),
  ]);
  return { candles, flags };
}

const vendorCandles = (file: string): number[][] =>
  rowsOfFile(file).map(([at, , open, high, low, close]) => [at, open, high, low, close].map(Number));

realFiles("quote files", () => {
  test("EUR/USD ticks give the vendor's bid candles of every minute, and the crossed quotes are flagged", async () => {
    const { candles, flags } = await candlesOf(
      "eurusd-fxcm-ticks-20140504_09.csv.gz",
      quoted("EURUSD", { tickSize: 1n, decimals: 5 }),
    );
    expect(candles).toEqual(vendorCandles("eurusd-fxcm-bid-1m-20140504_09.csv.gz"));
    expect(Object.fromEntries(flags)).toEqual({ null: 527_942 - 53_302, crossed: 53_302 });
  }, 240_000);

  test("gold ticks give the vendor's bid candles of every minute of 5 and 6 May 2014", async () => {
    const { candles, flags } = await candlesOf(
      "xauusd-oanda-ticks-20140504_06.csv.gz",
      quoted("XAUUSD", { tickSize: 1n, decimals: 3 }),
    );
    // The vendor has no minute file of the Sunday evening, and none of our ticks of before it.
    const monday = Date.parse("2014-05-05T00:00:00Z");
    const since = (all: readonly number[][]) => all.filter(([at = 0]) => at >= monday);
    expect(since(candles)).toEqual(since(vendorCandles("xauusd-oanda-bid-1m-20140501_06.csv.gz")));
    expect(since(candles).length).toBe(2_774);
    expect(Object.fromEntries(flags)).toEqual({ null: 357_645 });
  }, 240_000);
});
