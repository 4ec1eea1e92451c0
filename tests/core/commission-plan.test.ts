import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { commissionModels } from "#contracts/commission-names.ts";
import { rateUnit } from "#core/commission.ts";
import { inForce, planAt, uplineAt } from "#core/commission-history.ts";
import { settleRun } from "#core/commission-payout.ts";
import { checkRates, ratesFor, readRate, readRules, writeRate, writeRule } from "#core/commission-plan.ts";

const since = <Value>(...entries: [bigint, Value][]) => entries.map(([at, value]) => ({ since: at, value }));

describe("what was in force", () => {
  test("a value holds from its moment on, to the microsecond; of two at one moment the later counts", () => {
    const history = since([10n, "a"], [20n, "b"], [20n, "c"]);
    expect([9n, 10n, 19n, 20n, 99n].map((at) => inForce(history, at))).toEqual([undefined, "a", "a", "c", "c"]);
  });

  test("the line of an order is the tree at its moment: a later move changes nothing", () => {
    const tree = new Map([
      ["low", since<string | null>([0n, "mid"], [50n, "other"])],
      ["mid", since<string | null>([0n, "top"])],
      ["top", since<string | null>([0n, null])],
      ["other", since<string | null>([0n, null])],
    ]);
    expect(uplineAt(tree, "low", 49n)).toEqual(["low", "mid", "top"]);
    expect(uplineAt(tree, "low", 50n)).toEqual(["low", "other"]);
  });

  test("a circle in the history is an error, not an endless walk", () => {
    const tree = new Map([
      ["a", since<string | null>([0n, "b"])],
      ["b", since<string | null>([0n, "a"])],
    ]);
    expect(() => uplineAt(tree, "a", 1n)).toThrow("does not end");
  });

  test("the nearest agent's plan counts, then the partner's; a plan taken away falls back", () => {
    const assigned = {
      agents: new Map([["top", since<string | null>([10n, "special"], [30n, null])]]),
      partner: since<string | null>([0n, "standard"]),
    };
    expect([5n, 10n, 30n].map((at) => planAt(assigned, ["low", "top"], at))).toEqual([
      "standard",
      "special",
      "standard",
    ]);
    expect(planAt({ agents: new Map(), partner: [] }, ["low"], 5n)).toBeNull();
  });
});

describe("rates", () => {
  test("an instrument's own rates count before its class's, these before the default's", () => {
    const rules = readRules("ratio", ["30", "20", "10"], ["MES = 40, 10", "metal = 25"]);
    if (!rules.ok) throw new Error(rules.refusal);
    const rates = (id: string, assetClass: string) => ratesFor(rules.value, { id, assetClass });
    expect(rates("MES", "equity-index")).toEqual([400_000n, 100_000n]);
    expect(rates("MGC", "metal")).toEqual([250_000n]);
    expect(rates("MNQ", "equity-index")).toEqual([300_000n, 200_000n, 100_000n]);
  });

  test.each([
    ["ratio", ["60", "40"], "RATES_TOO_HIGH"],
    ["ratio", ["60", "30", "9.9999"], null],
    ["spread-share", ["50", "50"], "RATES_TOO_HIGH"],
    ["difference", ["30", "50", "99.9999"], null],
    ["difference", ["30", "100"], "RATES_TOO_HIGH"],
    ["override", ["80", "25"], "RATES_TOO_HIGH"],
    ["override", ["80", "20"], null],
    ["chain", ["90", "101"], "RATES_TOO_HIGH"],
    ["chain", ["90", "100"], null],
    ["per-lot", ["10000"], "RATES_TOO_HIGH"],
    ["per-lot", ["2.00", "0.50", "0.25"], null],
    ["ratio", ["1", "1", "1", "1"], "RATES_MISSING"],
    ["ratio", [], "RATES_MISSING"],
  ] as const)("%s with %j: %s", (model, texts, refusal) => {
    const rates = texts.map((text) => readRate(model, text) ?? -1n);
    const checked = checkRates(model, rates);
    expect(checked.ok ? null : checked.refusal).toBe(refusal);
  });

  test.each([
    [["MES 30"], "RATE_UNREADABLE"],
    [["MES = "], "RATE_UNREADABLE"],
    [["MES = 30, x"], "RATE_UNREADABLE"],
    [["MES = 30.00001"], "RATE_UNREADABLE"],
    [["MES = 99, 1"], "RATES_TOO_HIGH"],
    [["MES = 1", "MES = 2"], "RATE_RULE_TWICE"],
  ])("the lines %j are refused: %s", (lines, refusal) => {
    expect(readRules("ratio", ["30"], lines)).toEqual({ ok: false, refusal });
  });

  test("what is written is read again as the same", () => {
    const rates = fc.array(fc.bigInt({ min: 0n, max: 300_000n }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...commissionModels), rates, (model, own) => {
        const line = writeRule(model, { instrumentId: "MES", assetClass: null, rates: own });
        const read = readRules(model, ["0"], [line]);
        expect(read.ok && read.value[1]?.rates).toEqual(own);
        expect(readRate(model, writeRate(model, own[0] ?? 0n))).toBe(own[0]);
      }),
    );
    expect(writeRate("ratio", 300_000n)).toBe("30");
    expect(writeRate("per-lot", 2n * rateUnit)).toBe("2");
  });
});

describe("an agent's run", () => {
  test("without clawbacks all is paid", () => {
    expect(settleRun({ earned: 500n, clawedBack: 0n, carriedIn: 0n })).toEqual({
      earned: 500n,
      takenBack: 0n,
      paid: 500n,
      carriedOut: 0n,
    });
  });

  test("more taken back than earned is carried to the next run, and nothing is taken from elsewhere", () => {
    const first = settleRun({ earned: 100n, clawedBack: 350n, carriedIn: 0n });
    expect(first).toEqual({ earned: 100n, takenBack: 100n, paid: 0n, carriedOut: -250n });
    const second = settleRun({ earned: 300n, clawedBack: 0n, carriedIn: first.carriedOut });
    expect(second).toEqual({ earned: 300n, takenBack: 250n, paid: 50n, carriedOut: 0n });
  });

  test("over any number of runs, paid plus carried is earned less taken back, and nobody pays in", () => {
    const run = fc.record({
      earned: fc.bigInt({ min: 0n, max: 1_000n }),
      clawedBack: fc.bigInt({ min: 0n, max: 1_000n }),
    });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 30 }), (runs) => {
        let [carried, paid, due] = [0n, 0n, 0n];
        for (const { earned, clawedBack } of runs) {
          const settled = settleRun({ earned, clawedBack, carriedIn: carried });
          expect([settled.paid >= 0n, settled.carriedOut <= 0n]).toEqual([true, true]);
          expect(settled.paid === 0n || settled.carriedOut === 0n).toBe(true);
          carried = settled.carriedOut;
          paid += settled.paid;
          due += earned - clawedBack;
        }
        expect(paid + carried).toBe(due);
      }),
    );
  });
});
