import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { datesOver, lotsHeldSince, markPriceBy, markToPrice } from "#core/daily-mark.ts";
import { applyFill, flat, type Position } from "#core/position.ts";
import type { SessionCalendar } from "#core/session-calendar.ts";
import { type Lots, lots, ticks } from "#core/units.ts";
import { aPosition } from "./trading-builders.ts";

/** Sunday to Friday 17:00-16:00 Chicago, a trade date begins at 17:00; closed on Thanksgiving's Friday, early on Christmas Eve. */
const chicago: SessionCalendar = {
  id: "cme",
  zone: "America/Chicago",
  tradeDateCut: "17:00",
  sessions: ([0, 1, 2, 3, 4] as const).map((weekday) => ({
    validFrom: "2020-01-01",
    validTo: null,
    open: { weekday, time: "17:00" },
    close: { weekday: (weekday + 1) as 1 | 2 | 3 | 4 | 5, time: "16:00" },
  })),
  holidays: [
    { date: "2026-11-27", name: "closed", closesAt: null },
    { date: "2026-12-24", name: "early", closesAt: "12:15" },
  ],
};

const over = (after: string, now: string) =>
  datesOver(chicago, after, new Date(now)).map(({ tradeDate, from, cutAt }) => [
    tradeDate,
    from.toISOString(),
    cutAt.toISOString(),
  ]);

describe("trade dates that are over", () => {
  test("a date is over at the cut, not a millisecond before", () => {
    expect(over("2026-11-23", "2026-11-24T22:59:59.999Z")).toEqual([]);
    expect(over("2026-11-23", "2026-11-24T23:00:00.000Z")).toEqual([
      ["2026-11-24", "2026-11-23T23:00:00.000Z", "2026-11-24T23:00:00.000Z"],
    ]);
  });

  test("a weekend has none; Monday reaches from Friday's cut to Monday's", () => {
    expect(over("2026-11-20", "2026-11-22T12:00:00Z")).toEqual([]);
    expect(over("2026-11-20", "2026-11-23T23:00:00Z")).toEqual([
      ["2026-11-23", "2026-11-20T23:00:00.000Z", "2026-11-23T23:00:00.000Z"],
    ]);
  });

  test("a full holiday has none, a short day ends at its ordinary cut", () => {
    expect(over("2026-11-25", "2026-12-01T00:00:00Z").map(([date]) => date)).toEqual(["2026-11-26", "2026-11-30"]);
    expect(over("2026-12-23", "2026-12-25T00:00:00Z")).toEqual([
      ["2026-12-24", "2026-12-23T23:00:00.000Z", "2026-12-24T23:00:00.000Z"],
    ]);
  });

  test("the cut stays at 17:00 Chicago when the clocks change", () => {
    expect(over("2026-03-05", "2026-03-10T00:00:00Z").map(([date, , cut]) => [date, cut])).toEqual([
      ["2026-03-06", "2026-03-06T23:00:00.000Z"],
      ["2026-03-09", "2026-03-09T22:00:00.000Z"],
    ]);
    expect(over("2026-10-29", "2026-11-03T00:00:00Z").map(([date, , cut]) => [date, cut])).toEqual([
      ["2026-10-30", "2026-10-30T22:00:00.000Z"],
      ["2026-11-02", "2026-11-02T23:00:00.000Z"],
    ]);
  });

  test("a job that comes a week late finds each date it missed, in order", () => {
    expect(over("2026-11-13", "2026-11-21T00:00:00Z").map(([date]) => date)).toEqual([
      "2026-11-16",
      "2026-11-17",
      "2026-11-18",
      "2026-11-19",
      "2026-11-20",
    ]);
  });

  test("where the trade date is the calendar date it ends at midnight of the zone", () => {
    const daily: SessionCalendar = {
      id: "daily",
      zone: "UTC",
      tradeDateCut: "00:00",
      sessions: [
        {
          validFrom: "2020-01-01",
          validTo: null,
          open: { weekday: 0, time: "00:00" },
          close: { weekday: 0, time: "00:00" },
        },
      ],
      holidays: [],
    };
    expect(datesOver(daily, "2026-11-21", new Date("2026-11-23T00:00:00Z"))).toEqual([
      {
        tradeDate: "2026-11-22",
        from: new Date("2026-11-22T00:00:00Z"),
        cutAt: new Date("2026-11-23T00:00:00Z"),
      },
    ]);
  });
});

describe("the settlement price", () => {
  const quote = (bid: bigint, ask: bigint, last: bigint | null = null) => ({
    bid: ticks(bid),
    ask: ticks(ask),
    last: last === null ? null : ticks(last),
  });

  test("is the middle of the quote, up to a whole tick", () => {
    expect([markPriceBy("mid", quote(100n, 102n)), markPriceBy("mid", quote(100n, 101n))]).toEqual([101n, 101n]);
  });

  test("or the last trade; a venue that tells none has no price by this rule", () => {
    expect([markPriceBy("last", quote(100n, 102n, 99n)), markPriceBy("last", quote(100n, 102n))]).toEqual([99n, null]);
  });
});

describe("a daily settlement", () => {
  test("pays a long from 100 marked at 110 ten ticks a lot, and its cost is 110 from then on", () => {
    expect(markToPrice(aPosition(2n, 100n), lots(2n), ticks(110n))).toEqual({
      position: { lots: 2n, cost: 220n },
      costTaken: 200n,
      resultTicks: 20n,
    });
  });

  test("takes from a short what it gives to a long", () => {
    expect(markToPrice(aPosition(-2n, 100n), lots(-2n), ticks(110n)).resultTicks).toBe(-20n);
  });

  test("is about the lots that were open at the cut and still are", () => {
    const then = (...sizes: bigint[]): Lots[] => sizes.map(lots);
    expect(lotsHeldSince(lots(3n), then())).toBe(3n);
    expect(lotsHeldSince(lots(3n), then(5n))).toBe(3n);
    expect(lotsHeldSince(lots(3n), then(1n, 4n))).toBe(1n);
    expect(lotsHeldSince(lots(3n), then(0n, 4n))).toBe(0n);
    expect(lotsHeldSince(lots(-3n), then(-1n, -2n))).toBe(-1n);
    expect(lotsHeldSince(lots(-3n), then(2n))).toBe(0n);
    expect(lotsHeldSince(lots(0n), then(2n))).toBe(0n);
  });
});

const aStep = fc.oneof(
  fc.record({
    kind: fc.constant("fill" as const),
    side: fc.constantFrom("buy" as const, "sell" as const),
    lots: fc.bigInt({ min: 1n, max: 9n }),
    price: fc.bigInt({ min: 1n, max: 9_999n }),
  }),
  fc.record({
    kind: fc.constant("mark" as const),
    price: fc.bigInt({ min: 1n, max: 9_999n }),
    part: fc.bigInt({ min: 0n, max: 9n }),
  }),
);
type Step = typeof aStep extends fc.Arbitrary<infer T> ? T : never;

/** Everything a position brings when it is closed at the end, fills and marks apart. */
function totalOf(steps: readonly Step[], { isMarked, turned = false }: { isMarked: boolean; turned?: boolean }) {
  let position: Position = flat;
  let realized = 0n;
  let marked = 0n;
  for (const step of [...steps]) {
    if (step.kind === "fill") {
      const side = turned ? (step.side === "buy" ? "sell" : "buy") : step.side;
      const effect = applyFill(position, { side, lots: lots(step.lots), price: ticks(step.price) });
      position = effect.position;
      realized += effect.realizedTicks;
    } else if (isMarked) {
      const part = (position.lots * step.part) / 9n;
      const mark = markToPrice(position, lots(part), ticks(step.price));
      position = mark.position;
      marked += mark.resultTicks;
    }
  }
  const open = 5_000n * position.lots - position.cost;
  return { realized, marked, total: realized + marked + open };
}

describe("whatever is traded and marked", () => {
  const days = fc.array(aStep, { maxLength: 40 });

  test("marks and realized results together are what the trades alone would bring", () => {
    fc.assert(
      fc.property(days, (steps) => {
        expect(totalOf(steps, { isMarked: true }).total).toBe(totalOf(steps, { isMarked: false }).total);
      }),
    );
  });

  test("what the long side is paid, the short side pays", () => {
    fc.assert(
      fc.property(days, (steps) => {
        const long = totalOf(steps, { isMarked: true });
        const short = totalOf(steps, { isMarked: true, turned: true });
        expect([short.marked, short.realized]).toEqual([-long.marked, -long.realized]);
      }),
    );
  });
});
