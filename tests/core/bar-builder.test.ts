import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Interval } from "#contracts/names.ts";
import { type Bar, volumeScale } from "#core/bar.ts";
import { type BarBuilder, barBuilder } from "#core/bar-builder.ts";
import { type SessionCalendar, tradeDateOf } from "#core/session-calendar.ts";
import { formatDecimal, ticks } from "#core/units.ts";
import { aQuote } from "../support/market.ts";

const chicago: SessionCalendar = {
  id: "c",
  zone: "America/Chicago",
  tradeDateCut: "17:00",
  sessions: [],
  holidays: [],
};
const inChicago = (atMs: number): string => tradeDateOf(chicago, new Date(atMs));
const builder = (): BarBuilder => barBuilder("last", inChicago);
const noon = Date.parse("2024-01-10T12:00:00Z");

let seq = 0n;
const trade = (atMs: number, price: number, size = "1") => {
  seq += 1n;
  return aQuote({ seq, last: ticks(BigInt(price)), lastSize: size, venueAt: new Date(atMs) });
};
const changed = (bars: BarBuilder, interval: Interval = "1m"): Bar[] =>
  bars.takeChanged().filter((bar) => bar.interval === interval);
const shown = ({ openedAtMs, open, high, low, close, volume, final, rev }: Bar) =>
  `${new Date(openedAtMs).toISOString().slice(11, 19)} ${open} ${high} ${low} ${close} v${formatDecimal(volume, volumeScale).replace(/\.0+$/, "")}${final ? " final" : ""} r${rev}`;

describe("minutes", () => {
  test("are half-open: a tick on the boundary begins the next bar and makes the one before final", () => {
    const bars = builder();
    for (const [at, price] of [
      [0, 10],
      [59_999, 12],
      [60_000, 7],
    ] as const)
      bars.add(trade(noon + at, price));
    expect(changed(bars).map(shown)).toEqual(["12:00:00 10 12 10 12 v2 final r0", "12:01:00 7 7 7 7 v1 r0"]);
  });
  test("without a tick do not exist", () => {
    const bars = builder();
    bars.add(trade(noon, 10));
    bars.add(trade(noon + 180_000, 11));
    expect(changed(bars).map((bar) => bar.openedAtMs - noon)).toEqual([0, 180_000]);
  });
  test("take prints of size zero for price, and no quote without a trade", () => {
    const bars = builder();
    bars.add(trade(noon, 10));
    bars.add(trade(noon + 1, 15, "0"));
    bars.add({ ...trade(noon + 2, 99), lastSize: null });
    expect(changed(bars).map(shown)).toEqual(["12:00:00 10 15 10 15 v1 r0"]);
  });
  test("keep the order of arrival within one millisecond", () => {
    const bars = builder();
    for (const price of [10, 30, 20]) bars.add(trade(noon, price));
    expect(changed(bars).map(shown)).toEqual(["12:00:00 10 30 10 20 v3 r0"]);
  });
  test("go by source time: a late tick may open an earlier price, but not close over a newer one", () => {
    const bars = builder();
    bars.add(trade(noon + 10, 20));
    bars.add(trade(noon + 5, 10));
    bars.add(trade(noon + 8, 30));
    expect(changed(bars).map(shown)).toEqual(["12:00:00 10 30 10 20 v3 r0"]);
  });
  test("that are final are revised by a late tick, once a save", () => {
    const bars = builder();
    bars.add(trade(noon, 10));
    bars.add(trade(noon + 60_000, 11));
    bars.takeChanged();
    bars.add(trade(noon + 1_000, 50));
    bars.add(trade(noon + 2_000, 5));
    expect(changed(bars).map(shown)).toEqual(["12:00:00 10 50 5 5 v3 final r1"]);
    expect(bars.takeChanged()).toEqual([]);
  });
  test("are not reached by a tick of more than ten minutes ago", () => {
    const bars = builder();
    bars.add(trade(noon, 10));
    bars.add(trade(noon + 600_001, 11));
    bars.takeChanged();
    expect(bars.add(trade(noon, 99))).toBe(false);
    expect(bars.takeChanged()).toEqual([]);
  });
  test("are over by the clock too, and only once", () => {
    const bars = builder();
    bars.add(trade(noon, 10));
    bars.takeChanged();
    bars.closeUntil(noon + 59_999);
    expect(changed(bars)).toEqual([]);
    bars.closeUntil(noon + 60_000);
    expect(changed(bars).map(shown)).toEqual(["12:00:00 10 10 10 10 v1 final r0"]);
    bars.closeUntil(noon + 61_000);
    expect(changed(bars)).toEqual([]);
  });
  test("not above zero never count, crossed ones do", () => {
    const bars = barBuilder("bid", inChicago);
    bars.add(aQuote({ seq: 1n, bid: ticks(0n), flag: "not-positive" }));
    bars.add(aQuote({ seq: 2n, bid: ticks(10n), ask: ticks(8n), flag: "crossed", lastSize: null }));
    expect(changed(bars).map(shown)).toEqual(["12:00:00 10 10 10 10 v0 r0"]);
  });
});

describe("days", () => {
  const dayOf = (at: string): string => {
    const bars = builder();
    bars.add(trade(Date.parse(at), 10));
    return changed(bars, "1d").map((bar) => new Date(bar.openedAtMs).toISOString())[0] ?? "";
  };
  test.each([
    ["in winter begin at 23:00 UTC of the evening before", "2024-01-09T23:00:00Z", "2024-01-10"],
    ["in winter end before it", "2024-01-10T22:59:59.999Z", "2024-01-10"],
    ["in summer begin at 22:00 UTC", "2024-07-09T22:00:00Z", "2024-07-10"],
    ["on the Sunday of the spring change begin at 22:00 UTC", "2024-03-10T22:00:00Z", "2024-03-11"],
    ["on the Friday before it began at 23:00 UTC of Thursday", "2024-03-07T23:00:00Z", "2024-03-08"],
    ["on the Sunday of the autumn change begin at 23:00 UTC", "2024-11-03T23:00:00Z", "2024-11-04"],
  ])("%s and carry the trade date at 00:00 UTC", (_fact, at, date) => {
    expect(dayOf(at)).toBe(`${date}T00:00:00.000Z`);
  });
});

test("taking up stored bars in mid-bar gives what an unbroken run gives", () => {
  const anyTicks = fc.array(
    fc.record({ gap: fc.integer({ min: 0, max: 40_000 }), price: fc.integer({ min: 1, max: 99 }) }),
    {
      minLength: 2,
      maxLength: 60,
    },
  );
  fc.assert(
    fc.property(anyTicks, fc.nat(), (given, breakAt) => {
      let atMs = noon;
      const quotes = given.map(({ gap, price }) => {
        atMs += gap;
        return trade(atMs, price);
      });
      const cut = 1 + (breakAt % (quotes.length - 1));
      const whole = builder();
      for (const quote of quotes) whole.add(quote);
      const before = builder();
      for (const quote of quotes.slice(0, cut)) before.add(quote);
      const stored = before.takeChanged();
      const after = builder();
      after.resume(stored, quotes[cut - 1]?.venueAt.getTime() ?? 0);
      for (const quote of quotes.slice(cut)) after.add(quote);
      const latest = new Map(
        [...stored, ...after.takeChanged()].map((bar) => [`${bar.interval} ${bar.openedAtMs}`, bar]),
      );
      expect([...latest.values()].sort(byKey)).toEqual(whole.takeChanged().sort(byKey));
    }),
    { seed: 7, numRuns: 200 },
  );
});

const byKey = (a: Bar, b: Bar): number => a.interval.localeCompare(b.interval) || a.openedAtMs - b.openedAtMs;
