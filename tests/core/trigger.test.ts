import { describe, expect, test } from "@jest/globals";
import { firstTrigger, type TriggerTerms, touch } from "#core/trigger.ts";
import { ticks } from "#core/units.ts";
import { aTriggerQuote, at, aWaiting } from "./trigger-builders.ts";

const touched = (order: Partial<TriggerTerms>, bid: bigint, ask: bigint) =>
  touch(aWaiting(order), aTriggerQuote(bid, ask), true);
const price = ticks(20_000n);

describe("each type and side is met at its price, on the side it fills at", () => {
  const cases: readonly [string, Partial<TriggerTerms>, below: string, exactly: string, above: string][] = [
    // The quote's spread is 4 ticks; its ask (for a buy) or bid (for a sell) lies one below, at, one above 20,000.
    ["a buy limit: the ask falls to it", { side: "buy", limit: price }, "met", "met", "none"],
    ["a sell limit: the bid rises to it", { side: "sell", limit: price }, "none", "met", "met"],
    ["a buy stop: the ask rises to it", { side: "buy", stop: price }, "none", "met", "met"],
    ["a sell stop: the bid falls to it", { side: "sell", stop: price }, "met", "met", "none"],
  ];
  test.each(cases)("%s", (_name, order, below, exactly, above) => {
    const quoteAt = (side: bigint): [bigint, bigint] => (order.side === "buy" ? [side - 4n, side] : [side, side + 4n]);
    expect([19_999n, 20_000n, 20_001n].map((side) => touched(order, ...quoteAt(side)))).toEqual([
      below,
      exactly,
      above,
    ]);
  });
  test("the other side of the quote meets nothing: a buy limit is not filled because the bid is there", () => {
    expect(touched({ side: "buy", limit: price }, 19_990n, 20_001n)).toBe("none");
    expect(touched({ side: "sell", stop: price }, 20_001n, 20_001n)).toBe("none");
  });
});

test("a gap far beyond the price meets it all the same", () => {
  expect(touched({ side: "sell", stop: price }, 1n, 2n)).toBe("met");
  expect(touched({ side: "buy", limit: price }, 1n, 2n)).toBe("met");
});

describe("a stop-limit order", () => {
  const order: Partial<TriggerTerms> = { side: "buy", stop: ticks(20_000n), limit: ticks(20_002n) };
  test("waits for its stop, whatever its limit says", () => {
    expect(touched(order, 19_995n, 19_999n)).toBe("none");
  });
  test("may be filled by the very quote that reaches its stop", () => {
    expect(touched(order, 19_998n, 20_002n)).toBe("met");
  });
  test("becomes a limit order when a gap carries the price past both, and waits for the price to come back", () => {
    expect(touched(order, 20_001n, 20_005n)).toBe("stop-reached");
    const reached = { ...order, stopQuoteSeq: 11n, activeFromSeq: 11n };
    const later = (bid: bigint, ask: bigint) => touch(aWaiting(reached), aTriggerQuote(bid, ask, { seq: 12n }), true);
    expect(later(20_001n, 20_003n)).toBe("none");
    expect(later(19_990n, 19_991n)).toBe("met");
  });
  test("to sell mirrors it", () => {
    const sell: Partial<TriggerTerms> = { side: "sell", stop: ticks(20_000n), limit: ticks(19_998n) };
    expect(touched(sell, 20_001n, 20_002n)).toBe("none");
    expect(touched(sell, 19_998n, 20_000n)).toBe("met");
    expect(touched(sell, 19_997n, 20_000n)).toBe("stop-reached");
  });
});

describe("a quote that meets the price but does not count", () => {
  const order = aWaiting({ limit: price, activeFromSeq: 10n, expiresAt: at("12:00:00") });
  const quote = aTriggerQuote(19_990n, 19_991n, { receivedAt: at("11:59:59.999") });
  test("counts when nothing is against it", () => {
    expect(touch(order, quote, true)).toBe("met");
  });
  test.each(["crossed", "not-positive", "out-of-order", "off-tick"] as const)("flagged %s", (flag) => {
    expect(touch(order, { ...quote, flag }, true)).toBe("none");
  });
  test("the one in force at acceptance, or an earlier one; the next one counts", () => {
    const seqs = [9n, 10n, 11n].map((seq) => touch(order, { ...quote, seq }, true));
    expect(seqs).toEqual(["none", "none", "met"]);
  });
  test("received at the very moment of its expiry, or later", () => {
    expect(touch(order, { ...quote, receivedAt: at("12:00:00") }, true)).toBe("none");
    expect(touch(order, { ...quote, receivedAt: at("12:00:01") }, true)).toBe("none");
  });
  test("outside the session", () => {
    expect(touch(order, quote, false)).toBe("none");
  });
});

describe("looking through the stored quotes", () => {
  const stream = [
    aTriggerQuote(20_010n, 20_011n, { seq: 11n }),
    aTriggerQuote(19_000n, 19_001n, { seq: 12n, flag: "off-tick" }),
    aTriggerQuote(19_100n, 19_101n, { seq: 13n, receivedAt: at("16:30:00") }),
    aTriggerQuote(19_998n, 19_999n, { seq: 14n }),
    aTriggerQuote(19_900n, 19_901n, { seq: 15n }),
  ];
  const isOpen = ({ receivedAt }: { receivedAt: Date }): boolean => receivedAt < at("16:00:00");
  test("the first that counts is the trigger, not the best", () => {
    expect(firstTrigger(aWaiting({ limit: price }), stream, isOpen)).toEqual({ stopQuoteSeq: null, quote: stream[3] });
  });
  test("a stop-limit order tells the quote of its stop and that of its fill", () => {
    const order = aWaiting({ side: "sell", stop: ticks(20_000n), limit: ticks(19_999n) });
    const back = aTriggerQuote(19_999n, 20_000n, { seq: 16n });
    expect(firstTrigger(order, [...stream, back], isOpen)).toEqual({ stopQuoteSeq: 14n, quote: back });
    expect(firstTrigger(order, stream, isOpen)).toEqual({ stopQuoteSeq: 14n, quote: null });
  });
  test("none is found when the price was never met", () => {
    expect(firstTrigger(aWaiting({ limit: ticks(18_000n) }), stream, isOpen).quote).toBeNull();
  });
});
