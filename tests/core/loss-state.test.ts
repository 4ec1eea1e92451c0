import { describe, expect, test } from "@jest/globals";
import { lossChecks } from "#core/loss-checks.ts";
import type { EffectiveLossRule, LossRuleCell } from "#core/loss-rule.ts";
import { isLocked, type LossState, liftLoss } from "#core/loss-state.ts";
import { minorUnits } from "#core/units.ts";
import { aRule, facts, inForce, story, type Told } from "./loss-builders.ts";

describe("payments", () => {
  const rule = aRule("daily-loss");
  const start: Told = { at: "2026-11-16T15:00:00Z", paidIn: 1_000, balance: 1_000 };
  const later = (paidIn: number, paidOut: number, balance: number): Told => ({
    ...{ at: "2026-11-16T16:00:00Z", paidIn, paidOut, balance },
  });

  test("a deposit hides no loss: 500 lost breach although 2,000 came in", () => {
    expect(story("daily-loss", rule, [start, later(3_000, 0, 2_500)])[1]?.found?.result).toBe(-50_000n);
  });

  test("a withdrawal makes no loss: 600 paid out and nothing lost breach nothing", () => {
    expect(story("daily-loss", rule, [start, later(1_000, 600, 400)])[1]?.found).toBeNull();
  });

  test("shift the peak of a drawdown too", () => {
    const trailing = { base: "equity-at-reset", trailing: "real-time", action: "flatten-until-lifted" } as const;
    const drawdown = aRule("trailing-drawdown", trailing);
    const steps = story("trailing-drawdown", drawdown, [start, later(9_000, 0, 9_000), later(9_000, 0, 8_500)]);
    expect(steps.map(({ found }) => found !== null)).toEqual([false, false, true]);
  });

  test("per cent of the start are of what was paid in and not paid out again, profit aside", () => {
    const amounts = (told: Told): string | null =>
      lossChecks(
        [
          {
            slot: "daily-loss",
            rule: inForce("daily-loss", { amount: "10", unit: "percent-of-initial" }),
            state: null,
          },
        ],
        facts(told),
        minorUnits(0n),
      )[0]?.limit ?? null;
    expect(amounts({ ...start, paidIn: 1_000, paidOut: 100, balance: 500 })).toBe("90.00");
    expect(amounts({ ...start, paidIn: 1_000, paidOut: 1_500, balance: 1_500 })).toBe("100.00");
    expect(amounts({ ...start, paidIn: 1_000, paidOut: 2_500, balance: 500 })).toBe("50.00");
  });
});

describe("resets", () => {
  test("several missed ones are made up for: the peak takes the highest close among them", () => {
    const rule = aRule("trailing-drawdown", { trailing: "end-of-day", action: "alert" });
    const balanceAt = { "2026-11-17T23:00:00Z": 1_700, "2026-11-18T23:00:00Z": 1_200 };
    const [, last] = story("trailing-drawdown", rule, [
      { at: "2026-11-17T15:00:00Z", paidIn: 1_000, balance: 1_000 },
      { at: "2026-11-19T15:00:00Z", paidIn: 1_000, balance: 1_100, equity: 1_200, balanceAt },
    ]);
    expect(last?.state.peak).toBe(70_000n);
    expect(last?.state.balanceAtReset).toBe(20_000n);
    expect(last?.found?.edge).toBe(20_000n);
  });

  test("a rule whose reset is moved back counts on until its next one", () => {
    const [first] = story("daily-loss", aRule("daily-loss"), [
      { at: "2026-11-16T23:30:00Z", paidIn: 1_000, balance: 1_000 },
    ]);
    const earlier = aRule("daily-loss", { resetTime: "16:00" });
    const [moved] = story(
      "daily-loss",
      earlier,
      [{ at: "2026-11-17T15:00:00Z", paidIn: 1_000, balance: 600 }],
      first?.state ?? null,
    );
    expect(moved?.state.since).toBe(Date.parse("2026-11-16T23:00:00Z"));
    expect(moved?.state.balanceAtReset).toBe(0n);
  });

  test("end what lasts until the reset, not what must be lifted", () => {
    const until = (action: LossRuleCell["action"]): boolean[] => {
      const rule = aRule("daily-loss", { action });
      const steps = story("daily-loss", rule, [
        { at: "2026-11-16T15:00:00Z", paidIn: 1_000, balance: 1_000 },
        { at: "2026-11-16T16:00:00Z", paidIn: 1_000, balance: 400, equity: [400, 1_000] },
        { at: "2026-11-17T15:00:00Z", paidIn: 1_000, balance: 400 },
      ]);
      return steps.map(({ state }) => isLocked(state, Date.parse("2026-11-17T15:00:00Z")));
    };
    expect(until("flatten-until-reset")).toEqual([false, false, false]);
    expect(until("reduce-only")).toEqual([false, false, false]);
    expect(until("flatten-until-lifted")).toEqual([false, true, true]);
  });
});

describe("a breach", () => {
  const rule = aRule("daily-loss", { action: "flatten-until-lifted" });
  const told = (equity: number | number[]): Told => ({
    ...{ at: "2026-11-16T15:00:00Z", paidIn: 1_000, balance: 1_000, equity },
  });

  test("that a later price took back stands all the same, and is found once", () => {
    const steps = story("daily-loss", rule, [told(1_000), told([499, 1_000]), told(400)]);
    expect(steps.map(({ found }) => found?.result ?? null)).toEqual([null, -50_100n, null]);
  });

  test("is found when a gap jumps over the limit, with the result there was", () => {
    expect(story("daily-loss", rule, [told(1_000), told(120)])[1]?.found).toMatchObject({
      edge: -50_000n,
      result: -88_000n,
    });
  });

  test("that is lifted leaves the whole limit again, from what is there", () => {
    const [, breached] = story("daily-loss", rule, [told(1_000), told(400)]);
    const lifted = liftLoss(breached?.state as LossState, rule, facts(told(400)));
    const steps = story("daily-loss", rule, [told(-99.99), told(-100)], lifted);
    expect(steps.map(({ found }) => found !== null)).toEqual([false, true]);
  });

  test("of a limit that comes to nothing needs a loss", () => {
    const none = aRule("daily-loss", { amount: "0.00000001" });
    expect(story("daily-loss", none, [told(1_000), told(999.99)]).map(({ found }) => found !== null)).toEqual([
      false,
      true,
    ]);
  });
});

describe("what an order is told", () => {
  const told: Told = { at: "2026-11-16T15:00:00Z", paidIn: 1_000, balance: 1_000, equity: 800 };
  const state = story("daily-loss", aRule("daily-loss"), [{ ...told, equity: 1_000 }])[0]?.state ?? null;
  const check = (cost: bigint, of: LossState | null = state, rule: EffectiveLossRule | null = inForce("daily-loss")) =>
    lossChecks([{ slot: "daily-loss", rule, state: of }], facts(told), minorUnits(cost));

  test("limit, what is used of it with what the order costs at once, and what is left", () => {
    expect(check(124n)).toEqual([
      ...[
        {
          code: "DAILY_LOSS",
          passed: true,
          limit: "500.00",
          value: "201.24",
          headroom: "298.76",
          source: "agent:A7",
          version: 3,
        },
      ],
    ]);
  });

  test("an order whose cost alone would use up the rest is refused", () => {
    expect([check(29_999n)[0]?.passed, check(30_000n)[0]?.passed]).toEqual([true, false]);
  });

  test("while a breach stands everything that opens is refused, though the price came back and the rule is gone", () => {
    const breach = { at: 0, action: "reduce-only", endsAt: null } as const;
    const locked = { ...(state as LossState), breach };
    expect(check(0n, locked)[0]?.passed).toBe(false);
    expect(check(0n, locked, null)).toEqual([
      { code: "DAILY_LOSS", passed: false, limit: null, value: null, headroom: null, source: "account" },
    ]);
    expect(check(0n, state, null)).toEqual([]);
    expect(check(0n, { ...locked, breach: { ...breach, action: "alert" } })[0]?.passed).toBe(true);
  });

  test("an alert refuses nothing", () => {
    const alert = inForce("daily-loss-alert", { action: "alert", amount: "1" });
    expect(lossChecks([{ slot: "daily-loss-alert", rule: alert, state }], facts(told), minorUnits(0n))).toEqual([]);
  });
});
