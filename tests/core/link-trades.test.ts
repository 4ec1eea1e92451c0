import { expect, test } from "@jest/globals";
import { type ComparedFill, type MatchedTrade, tradeMatcher } from "#core/link-trades.ts";

const fill = (traderId: string, atMs: number, more: Partial<ComparedFill> = {}): ComparedFill => ({
  ...{ traderId, atMs, market: "live MES", side: "buy", lots: 1n },
  ...more,
});
const matchesOf = (fills: readonly ComparedFill[]): MatchedTrade[] => {
  const { add } = tradeMatcher();
  return fills.flatMap((one) => add(one));
};

test("a sale within five seconds of another's purchase is opposite, later it is not", () => {
  expect(matchesOf([fill("a", 0), fill("b", 5_000, { side: "sell" })])).toEqual([
    { signal: "opposite-trades", a: "a", b: "b", atMs: 5_000 },
  ]);
  expect(matchesOf([fill("a", 0), fill("b", 5_001, { side: "sell" })])).toEqual([]);
});

test("the same lots on the same side within two seconds are copied, other lots or later ones are not", () => {
  expect(matchesOf([fill("b", 0), fill("a", 2_000)])).toEqual([
    { signal: "copied-trades", a: "a", b: "b", atMs: 2_000 },
  ]);
  expect(matchesOf([fill("a", 0), fill("b", 2_001)])).toEqual([]);
  expect(matchesOf([fill("a", 0), fill("b", 1_000, { lots: 2n })])).toEqual([]);
});

test("neither another market nor one's own fills are compared", () => {
  expect(matchesOf([fill("a", 0), fill("b", 1, { market: "demo MES" }), fill("a", 2, { side: "sell" })])).toEqual([]);
});

test("several fills of another within the seconds are one match", () => {
  expect(matchesOf([fill("a", 0), fill("a", 100), fill("b", 200, { side: "sell" })])).toHaveLength(1);
});

test("where more than twenty trade within the seconds nothing is said", () => {
  const crowd = Array.from({ length: 21 }, (_, n) => fill(`c${n}`, n, { lots: BigInt(n + 1) }));
  expect(matchesOf([...crowd, fill("z", 100, { side: "sell" })])).toEqual([]);
  expect(matchesOf([...crowd.slice(0, 19), fill("z", 100, { side: "sell" })])).toHaveLength(19);
});
