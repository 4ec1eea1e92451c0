import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type CommissionModel, commissionModels } from "#contracts/commission-names.ts";
import { apportion } from "#core/apportion.ts";
import { type CommissionedFill, type CommissionTerms, shareCommission, type UplineAgent } from "#core/commission.ts";

const aFill = (given: Partial<CommissionedFill> = {}): CommissionedFill => ({
  lots: 1n,
  fee: 1_000n,
  spread: 0n,
  currencyScale: 2,
  exclusion: null,
  ...given,
});
/** Percent per level, in percent. */
const percent = (model: CommissionModel, ...rates: bigint[]): CommissionTerms => ({
  model,
  rates: rates.map((rate) => rate * 10_000n),
  cap: null,
  isCappedAtFee: false,
});
const perLot = (...cents: bigint[]): CommissionTerms => ({
  model: "per-lot",
  rates: cents.map((rate) => rate * 10_000n),
  cap: null,
  isCappedAtFee: false,
});
const line = (...names: string[]): UplineAgent[] => names.map((agentId) => ({ agentId, isOwn: false }));
const three = line("one", "two", "three");

/** What the levels got, and the house. */
function shared(fill: CommissionedFill, terms: CommissionTerms | null, upline: readonly UplineAgent[]) {
  const { levels, house } = shareCommission(fill, terms, upline);
  return [levels.map(({ amount }) => amount), house];
}
const whys = (fill: CommissionedFill, terms: CommissionTerms | null, upline: readonly UplineAgent[]) =>
  shareCommission(fill, terms, upline).levels.map(({ why }) => why);

describe("published vectors", () => {
  test("ratio: of a fee of 10, 30 % and 20 % are 3 and 2, and 5 stay with the house (ChainUp)", () => {
    expect(shared(aFill({ fee: 1_000n }), percent("ratio", 30n, 20n), line("direct", "above"))).toEqual([
      [300n, 200n],
      500n,
    ]);
  });

  test("difference: ranks of 30, 50 and 50 % earn 30, 20 and 0", () => {
    expect(shared(aFill({ fee: 10_000n }), percent("difference", 30n, 50n, 50n), three)).toEqual([
      [3_000n, 2_000n, 0n],
      5_000n,
    ]);
    expect(whys(aFill(), percent("difference", 30n, 50n, 50n), three)).toEqual([null, null, "rank-not-above"]);
  });

  test("chain: $5 handed up by 20, 10 and 10 % leaves 4.00, 0.90, 0.09 and 0.01 (CPlugin)", () => {
    const chain = percent("chain", 100n, 20n, 10n, 10n);
    expect(shared(aFill({ fee: 500n }), chain, line("a", "b", "c", "d"))).toEqual([[400n, 90n, 9n, 1n], 0n]);
  });

  test("chain: 3 handed up as 1, then as 0.3, leaves 2.0, 0.7 and 0.3", () => {
    const terms = { ...percent("chain"), rates: [1_000_000n, 333_333n, 300_000n] };
    expect(shared(aFill({ fee: 300n }), terms, three)).toEqual([[200n, 70n, 30n], 0n]);
  });

  test("split: of 10 a sub-agent keeps 70 %, his master the rest: 7 and 3 (Brokeret)", () => {
    expect(shared(aFill({ fee: 1_000n }), percent("chain", 100n, 30n), line("sub", "master"))).toEqual([
      [700n, 300n],
      0n,
    ]);
  });

  test("override: 20 % on top of a sub-agent's 10 are 2, paid by the house (FBS)", () => {
    expect(shared(aFill({ fee: 2_000n }), percent("override", 50n, 20n), line("sub", "master"))).toEqual([
      [1_000n, 200n],
      800n,
    ]);
  });

  test("per lot: 10 lots at $2 are 20 (B2Core), and where the fee was 6.20 the house adds 13.80", () => {
    expect(shared(aFill({ lots: 10n, fee: 620n }), perLot(200n), line("one"))).toEqual([[2_000n], -1_380n]);
  });

  test("percent of commission: 10 % of 70 are 7 (B2Core)", () => {
    expect(shared(aFill({ fee: 7_000n }), percent("ratio", 10n), line("one"))).toEqual([[700n], 6_300n]);
  });

  test("spread share: 30 % of 5 lots x 13.6 are 20.4 (B2Core)", () => {
    expect(shared(aFill({ lots: 5n, spread: 5n * 1_360n }), percent("spread-share", 30n), line("one"))).toEqual([
      [2_040n],
      4_760n,
    ]);
  });

  test("cap: all levels together get at most the maximum, cut in proportion (B2Core)", () => {
    const capped = { ...perLot(200n, 100n, 100n), cap: 1_000n };
    expect(shared(aFill({ lots: 10n, fee: 5_000n }), capped, three)).toEqual([[500n, 250n, 250n], 4_000n]);
  });

  test("cap: levels may be held to the fee that was charged, so the house never adds", () => {
    const capped = { ...perLot(200n, 100n), isCappedAtFee: true };
    expect(shared(aFill({ lots: 10n, fee: 620n }), capped, line("one", "two"))).toEqual([[413n, 207n], 0n]);
  });

  test("warning case: two traders of one agent with fees of 10 and 5 earn him 3 at 20 %, never 5", () => {
    const earned = [1_000n, 500n].map((fee) =>
      shareCommission(aFill({ fee }), percent("ratio", 20n), line("referrer")),
    );
    expect(earned.map(({ levels }) => levels[0]?.amount)).toEqual([200n, 100n]);
    expect(earned.reduce((sum, { levels }) => sum + (levels[0]?.amount ?? 0n), 0n)).toBe(300n);
  });
});

describe("who gets nothing", () => {
  const terms = percent("ratio", 30n, 20n, 10n);

  test("the share of a missing agent stays with the house, and the others get no more", () => {
    expect(shared(aFill(), terms, line("one"))).toEqual([[300n, 0n, 0n], 700n]);
    expect(whys(aFill(), terms, line("one"))).toEqual([null, "no-agent", "no-agent"]);
  });

  test("an agent earns nothing on himself or a linked account; whoever is above him gets what he would", () => {
    const own = three.map((agent, index) => ({ ...agent, isOwn: index === 0 }));
    expect(shared(aFill(), terms, own)).toEqual([[0n, 200n, 100n], 700n]);
    expect(shared(aFill(), percent("difference", 30n, 50n), own)).toEqual([[0n, 200n], 800n]);
    expect(whys(aFill(), terms, own)).toEqual(["own-account", null, null]);
  });

  test("a tree deeper than the plan pays the plan's levels only", () => {
    expect(shared(aFill(), percent("ratio", 30n), three)).toEqual([[300n], 700n]);
  });

  test.each(["demo", "liquidation-fee-only", "bonus-funded"] as const)("%s: nobody earns, whatever the plan", (why) => {
    for (const model of commissionModels) {
      const fill = aFill({ lots: 10n, spread: 500n, exclusion: why });
      expect(shareCommission(fill, percent(model, 50n, 10n), three)).toMatchObject({
        levels: [
          { amount: 0n, why },
          { amount: 0n, why },
        ],
      });
    }
  });

  test("without a plan in force the house keeps all, and every agent is told why", () => {
    expect(shared(aFill(), null, line("one", "two"))).toEqual([[0n, 0n], 1_000n]);
    expect(whys(aFill(), null, line("one", "two"))).toEqual(["no-plan", "no-plan"]);
  });

  test("a fill without a fee has nothing to share, except per lot", () => {
    expect(shared(aFill({ fee: 0n }), terms, three)).toEqual([[0n, 0n, 0n], 0n]);
    expect(whys(aFill({ fee: 0n }), percent("ratio", 30n, 0n), line("one", "two"))).toEqual([
      "below-one-unit",
      "no-rate",
    ]);
    expect(shared(aFill({ fee: 0n }), perLot(50n), line("one"))).toEqual([[50n], -50n]);
  });
});

describe("rounding", () => {
  test("three levels at 10 % of 0.62 share 18 of 62 cents: the exact 18.6 rounded down, none forgotten", () => {
    expect(shared(aFill({ fee: 62n }), percent("ratio", 10n, 10n, 10n), three)).toEqual([[6n, 6n, 6n], 44n]);
  });

  test("a cent that the fractions make up together goes to the largest", () => {
    expect(shared(aFill({ fee: 62n }), percent("ratio", 30n, 20n, 10n), three)).toEqual([[19n, 12n, 6n], 25n]);
    expect(apportion([5n, 5n], 10n)).toEqual([1n, 0n]);
  });
});

const anyTerms = fc.record({
  model: fc.constantFrom(...commissionModels),
  rates: fc.array(fc.bigInt({ min: 0n, max: 330_000n }), { minLength: 1, maxLength: 3 }),
  cap: fc.option(fc.bigInt({ min: 0n, max: 5_000n })),
  isCappedAtFee: fc.boolean(),
});
const anyFill = fc.record({
  lots: fc.bigInt({ min: 1n, max: 1_000n }),
  fee: fc.bigInt({ min: 0n, max: 1_000_000n }),
  spread: fc.bigInt({ min: 0n, max: 1_000_000n }),
  currencyScale: fc.constantFrom(0, 2, 6),
  exclusion: fc.constantFrom(null, null, null, "demo" as const, "bonus-funded" as const),
});
const anyLine = fc.array(fc.record({ agentId: fc.uuid(), isOwn: fc.boolean() }), { maxLength: 5 });
const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

describe("properties", () => {
  test("levels and house are the basis, no level is negative, and nothing is without a reason", () => {
    fc.assert(
      fc.property(anyFill, anyTerms, anyLine, (fill, terms, upline) => {
        const { levels, house, basis } = shareCommission(fill, terms, upline);
        expect(sumOf(levels.map(({ amount }) => amount)) + house).toBe(basis);
        for (const { amount, why } of levels) expect([amount >= 0n, amount === 0n]).toEqual([true, why !== null]);
        if (terms.model !== "per-lot" && terms.model !== "override") expect(house >= 0n).toBe(true);
        if (terms.isCappedAtFee && terms.model !== "spread-share") expect(house >= 0n).toBe(true);
        if (terms.cap !== null) expect(basis - house <= terms.cap).toBe(true);
      }),
    );
  });

  test("what a level gets does not depend on who else is there", () => {
    fc.assert(
      fc.property(anyFill, anyTerms, anyLine, (fill, terms, upline) => {
        const all = shareCommission(fill, terms, three).levels;
        const some = shareCommission(fill, terms, upline).levels;
        for (const [index, { amount, why }] of some.entries())
          if (why === null) expect(amount).toBe(all[index]?.amount);
      }),
    );
  });

  test("fills may come in any order, and twice: each has its own shares", () => {
    fc.assert(
      fc.property(fc.array(anyFill, { maxLength: 20 }), anyTerms, anyLine, (fills, terms, upline) => {
        const once = fills.map((fill) => shareCommission(fill, terms, upline));
        const again = [...fills].reverse().map((fill) => shareCommission(fill, terms, upline));
        expect(again.reverse()).toEqual(once);
      }),
    );
  });
});
