import { describe, expect, test } from "@jest/globals";
import { barBuilder } from "#core/bar-builder.ts";
import { correctedQuote, foldMinutes, minuteOf } from "#core/tick-correction.ts";
import { ticks } from "#core/units.ts";
import { aQuote } from "../support/market.ts";

const noon = Date.parse("2024-01-10T12:00:00Z");
const quotes = Array.from({ length: 90 }, (_none, at) =>
  aQuote({
    ...{ seq: BigInt(at + 1), venueAt: new Date(noon + at * 9_000), lastSize: `${1 + (at % 4)}` },
    last: ticks(BigInt(13_000 + ((at * 37) % 23))),
  }),
);

describe("a corrected quote", () => {
  const quote = aQuote({ flag: "jump" });
  test("is nothing when it was taken back, and itself when it was put back or never corrected", () => {
    expect(correctedQuote(quote, { kind: "cancel", price: null })).toBeNull();
    expect(correctedQuote(quote, { kind: "restore", price: null })).toEqual(quote);
    expect(correctedQuote(quote, undefined)).toEqual(quote);
  });

  test("gives its new price to every kind of bar; a quote without a trade does not become one", () => {
    const price = ticks(12_990n);
    for (const barPrice of ["last", "bid", "mid"] as const)
      expect(minuteOf([quote], new Map([[quote.seq, { kind: "price", price }]]), barPrice)).toMatchObject({
        ...{ open: price, high: price, low: price, close: price },
      });
    expect(correctedQuote(aQuote({ last: null, lastSize: null }), { kind: "price", price })?.last).toBeNull();
  });
});

test("five minutes folded are the bar that the builder makes of their ticks", () => {
  const builder = barBuilder("last", () => "2024-01-10");
  for (const quote of quotes) builder.add(quote);
  const bars = builder.takeChanged();
  const minutes = bars.filter(({ interval }) => interval === "1m");
  for (const five of bars.filter(({ interval }) => interval === "5m")) {
    const own = minutes.filter(({ openedAtMs: at }) => at >= five.openedAtMs && at < five.openedAtMs + 300_000);
    expect(own.length).toBeGreaterThan(3);
    expect(five).toMatchObject(foldMinutes(own) ?? { open: "no minute" });
  }
  expect(foldMinutes([])).toBeNull();
});
