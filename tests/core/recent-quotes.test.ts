import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { advanceLoss, type LossFacts } from "#core/loss-state.ts";
import { recentQuotes, resultsAt } from "#core/recent-quotes.ts";
import { lots, minorUnits, ticks } from "#core/units.ts";
import { aRule } from "./loss-builders.ts";

const atMs = Date.parse("2026-11-16T15:00:00Z");
const quote = (instrumentId: string, seq: bigint, bid: bigint) => ({
  ...{ instrumentId, seq, bid: ticks(bid), ask: ticks(bid + 1n), receivedAt: new Date(atMs) },
});

test("places count on when quotes are forgotten, and a forgotten one is place 0", () => {
  const recent = recentQuotes(3);
  for (let seq = 1n; seq <= 7n; seq++) recent.push(quote(seq % 2n === 0n ? "A" : "B", seq, seq));
  expect(recent.place()).toBe(7);
  expect(recent.since(5).map(({ seq }) => seq)).toEqual([6n, 7n]);
  expect(recent.placeAfter("A", 5n)).toBe(4);
  expect(recent.placeAfter("A", 1n)).toBe(0);
  expect(recent.lastBefore("B", 6)?.seq).toBe(5n);
});

test("turning points find the same breach and the same peak as all quotes, whichever the rule and side", () => {
  const rules = [
    aRule("daily-loss", { amount: "1.00" }),
    aRule("trailing-drawdown", { amount: "1.00", base: "equity-at-reset", trailing: "real-time", action: "alert" }),
  ];
  const walk = fc.array(fc.bigInt(-40n, 40n), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(walk, fc.constantFrom(3n, -3n), fc.constantFrom(...rules), (steps, size, rule) => {
      const slot = rule.trailing === null ? "daily-loss" : "trailing-drawdown";
      const recent = recentQuotes(100);
      let bid = 1_000n;
      steps.forEach((step, place) => {
        bid += step;
        recent.push(quote("A", BigInt(place + 1), bid));
      });
      const mark = quote("A", 0n, 1_000n);
      const position = { lots: lots(size), cost: size * (size > 0n ? 1_000n : 1_001n) };
      const open = [{ instrumentId: "A", position, tickValue: minorUnits(1n), mark, filledSeq: 0n }];
      const found = (quotes: ReturnType<typeof recent.since>) => {
        const last = quotes.at(-1);
        const facts: LossFacts = {
          ...{ atMs, paidIn: minorUnits(0n), paidOut: minorUnits(0n), scale: 2, balance: minorUnits(0n) },
          ...{
            equities: [...resultsAt([open], quotes), ...resultsAt([open], last ? [last] : [])].map(
              ({ atMs: ms, results: [result = minorUnits(0n)] }) => ({ atMs: ms, result }),
            ),
            balanceAt: () => minorUnits(0n),
          },
        };
        const step = advanceLoss(slot, rule, null, facts);
        return { isFound: step.found !== null, peak: step.found === null ? step.state.peak : null };
      };
      const turns = recent.turns("A", size > 0n ? "long" : "short", 0);
      expect(turns.length).toBeLessThanOrEqual(steps.length);
      const end = recent.since(steps.length - 1);
      expect(found([...turns, ...end])).toEqual(found([...recent.since(0), ...end]));
    }),
  );
});
