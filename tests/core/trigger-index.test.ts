import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  becomesLimit,
  firstTrigger,
  type TriggerQuote,
  type TriggerTerms,
  touch,
  waitsFor,
  withStopReached,
} from "#core/trigger.ts";
import { type TriggerIndex, triggerIndex, type Watch } from "#core/trigger-index.ts";
import { ticks } from "#core/units.ts";
import { aTriggerQuote, at, aWaiting } from "./trigger-builders.ts";

const watch = (key: string, terms: Partial<TriggerTerms>, rank = 0n): Watch<string> => {
  const order = aWaiting(terms);
  return { key, crossing: waitsFor(order), fromSeq: order.activeFromSeq, rank, payload: key };
};
const taken = (index: TriggerIndex<string>, bid: bigint, ask: bigint, seq = 11n): string[] =>
  index.take(aTriggerQuote(bid, ask, { seq })).map(({ key }) => key);
const indexOf = (...watches: Watch<string>[]): TriggerIndex<string> => {
  const index = triggerIndex<string>(10n);
  for (const one of watches) index.put(one);
  return index;
};

test("a quote takes those whose price it meets, and leaves the others", () => {
  const index = indexOf(
    watch("limit 100", { limit: ticks(100n) }),
    watch("limit 90", { limit: ticks(90n) }),
    watch("stop 110", { stop: ticks(110n) }),
    watch("sell stop 90", { side: "sell", stop: ticks(90n) }),
    watch("sell limit 110", { side: "sell", limit: ticks(110n) }),
  );
  expect(taken(index, 99n, 101n, 11n)).toEqual([]);
  expect(taken(index, 98n, 100n, 12n)).toEqual(["limit 100"]);
  expect(taken(index, 98n, 99n, 13n)).toEqual([]);
  expect(taken(index, 111n, 112n, 14n)).toEqual(["stop 110", "sell limit 110"]);
  expect(index.size()).toBe(2);
});

test("they come in the order a price on its way to the quote meets them; at one price the older order first", () => {
  const index = indexOf(
    watch("sell stop 95, order 2", { side: "sell", stop: ticks(95n) }, 2n),
    watch("sell stop 97", { side: "sell", stop: ticks(97n) }, 3n),
    watch("buy limit 97", { limit: ticks(97n) }, 4n),
    watch("sell stop 95, order 1", { side: "sell", stop: ticks(95n) }, 1n),
  );
  expect(taken(index, 90n, 91n)).toEqual([
    "sell stop 97",
    "buy limit 97",
    "sell stop 95, order 1",
    "sell stop 95, order 2",
  ]);
});

describe("changes", () => {
  test("who was removed is not taken; who was amended is taken at his new price alone", () => {
    const index = indexOf(watch("gone", { limit: ticks(100n) }), watch("moved", { limit: ticks(100n) }));
    expect([index.remove("gone"), index.remove("gone")]).toEqual([true, false]);
    index.put(watch("moved", { limit: ticks(90n) }));
    expect(taken(index, 94n, 95n, 11n)).toEqual([]);
    expect(taken(index, 88n, 89n, 12n)).toEqual(["moved"]);
    expect(index.size()).toBe(0);
  });
  test("who left and came back with the same watch is taken once", () => {
    const again = watch("again", { limit: ticks(100n) });
    const index = indexOf(again);
    index.remove("again");
    index.put(again);
    index.put(again);
    expect(taken(index, 98n, 99n)).toEqual(["again"]);
  });
  test("who is not admitted stays, and may be taken by a later quote", () => {
    const index = indexOf(watch("held", { limit: ticks(100n) }), watch("free", { limit: ticks(100n) }));
    expect(index.take(aTriggerQuote(98n, 99n), ({ key }) => key === "free").map(({ key }) => key)).toEqual(["free"]);
    expect(taken(index, 98n, 99n, 12n)).toEqual(["held"]);
  });
  test("news that is faster than the stream waits for the quotes after its own", () => {
    const index = indexOf(watch("early", { limit: ticks(100n), activeFromSeq: 12n }));
    expect(taken(index, 98n, 99n, 11n)).toEqual([]);
    expect(taken(index, 98n, 99n, 12n)).toEqual([]);
    expect(taken(index, 98n, 99n, 13n)).toEqual(["early"]);
  });
  test("a stream that goes back is a bug", () => {
    const index = indexOf();
    taken(index, 98n, 99n, 12n);
    expect(() => taken(index, 98n, 99n, 12n)).toThrow("quote 12 came after 12");
  });
  test("100,000 amendments of one order leave one place behind, not 100,000", () => {
    const index = indexOf();
    for (let move = 0n; move < 100_000n; move++) index.put(watch("moved", { limit: ticks(100_000n - move) }));
    expect(index.size()).toBe(1);
    expect(taken(index, 0n, 1n)).toEqual(["moved"]);
  });
});

/** Works as the engine does: orders enter when they are learned of, having looked at the quotes they missed. */
function live(orders: readonly { terms: TriggerTerms; learnedAt: number }[], stream: readonly TriggerQuote[]) {
  const found = new Map<number, { stopQuoteSeq: bigint | null; quote: TriggerQuote | null }>();
  const index = triggerIndex<{ place: number; terms: TriggerTerms }>(0n);
  const wait = (place: number, terms: TriggerTerms): void => {
    found.set(place, { stopQuoteSeq: terms.stopQuoteSeq, quote: null });
    const fromSeq = terms.stopQuoteSeq ?? terms.activeFromSeq;
    const crossing = waitsFor(terms);
    index.put({ key: String(place), crossing, fromSeq, rank: BigInt(place), payload: { place, terms } });
  };
  const learn = (moment: number): void =>
    orders.forEach(({ terms, learnedAt }, place) => {
      if (learnedAt !== moment) return;
      const missed = firstTrigger(terms, stream.slice(0, moment), isOpen);
      if (missed.quote !== null) found.set(place, missed);
      else wait(place, { ...terms, stopQuoteSeq: missed.stopQuoteSeq });
    });
  stream.forEach((quote, moment) => {
    learn(moment);
    const admits = (one: Watch<{ terms: TriggerTerms }>): boolean =>
      touch(one.payload.terms, quote, isOpen(quote)) !== "none";
    for (const { payload } of index.take(quote, admits)) {
      const { place, terms } = payload;
      const after = becomesLimit(terms) ? withStopReached(terms, quote.seq) : terms;
      if (touch(terms, quote, true) === "met") found.set(place, { stopQuoteSeq: after.stopQuoteSeq, quote });
      else wait(place, after);
    }
  });
  learn(stream.length);
  return orders.map((_, place) => found.get(place));
}

const isOpen = (quote: TriggerQuote): boolean => quote.seq % 7n !== 0n;
const price = fc.bigInt({ min: 90n, max: 110n }).map(ticks);
const moment = fc.integer({ min: 0, max: 30 });
const anyOrder = fc.record({
  terms: fc.record({
    side: fc.constantFrom("buy" as const, "sell" as const),
    prices: fc.oneof(
      fc.record({ limit: price, stop: fc.constant(null) }),
      fc.record({ limit: fc.constant(null), stop: price }),
      fc.record({ limit: price, stop: price }),
    ),
    activeFromSeq: fc.bigInt({ min: 0n, max: 30n }),
    expires: fc.option(moment, { nil: null }),
  }),
  learnedAt: moment,
});
const anyQuote = fc.record({
  bid: fc.bigInt({ min: 90n, max: 108n }),
  spread: fc.bigInt({ min: 0n, max: 3n }),
  flagged: fc.nat(5).map((n) => n === 0),
});
// Mostly long enough to trigger something; fast-check alone would mostly try a handful.
const anyOrders = fc.oneof(fc.array(anyOrder, { maxLength: 5 }), fc.array(anyOrder, { minLength: 10, maxLength: 40 }));
const anyQuotes = fc.oneof(fc.array(anyQuote, { maxLength: 5 }), fc.array(anyQuote, { minLength: 10, maxLength: 30 }));
const second = (after: number): Date => new Date(at("12:00:00").getTime() + after * 1_000);

test("whoever learns of an order late finds the trigger that one who knew it at once found (property)", () => {
  let triggered = 0;
  fc.assert(
    fc.property(anyOrders, anyQuotes, (made, quotes) => {
      const stream = quotes.map(({ bid, spread, flagged }, place) =>
        aTriggerQuote(bid, bid + spread, {
          seq: BigInt(place + 1),
          receivedAt: second(place),
          flag: flagged ? "crossed" : null,
        }),
      );
      const orders = made.map(({ terms: { prices, expires, ...terms }, learnedAt }) => ({
        learnedAt: Math.min(learnedAt, stream.length),
        terms: aWaiting({ ...terms, ...prices, expiresAt: expires === null ? null : second(expires) }),
      }));
      const byTheBook = orders.map(({ terms }) => firstTrigger(terms, stream, isOpen));
      triggered += byTheBook.filter(({ quote }) => quote !== null).length;
      expect(live(orders, stream)).toEqual(byTheBook);
    }),
    { numRuns: 300 },
  );
  expect(triggered).toBeGreaterThan(100);
});
