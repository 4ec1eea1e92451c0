import { describe, expect, test } from "@jest/globals";
import type { LossSlot } from "#contracts/loss-names.ts";
import { lossLimit } from "#core/loss-limit.ts";
import type { LossRule } from "#core/loss-rule.ts";
import type { Advanced } from "#core/loss-state.ts";
import { aRule, facts, story, type Told } from "./loss-builders.ts";

/** Where the floor is after each step, in major units of the account. */
const floors = (slot: LossSlot, rule: LossRule, told: readonly Told[], steps: readonly Advanced[]): number[] =>
  steps.map(({ state }, place) => {
    const one = told[place] as Told;
    const edge = lossLimit(slot, rule, state, facts(one)).edge;
    return Number(edge) / 100 + one.paidIn - (one.paidOut ?? 0);
  });

/** Rules and figures of the firms' own pages; see RISK.md for what each of them calls it. */
describe("FTMO, 2-step: maximum daily loss", () => {
  // Balance at midnight CE(S)T less 5 % of the initial capital; open results, commissions and swaps count.
  const rule = aRule("daily-loss", {
    ...{ amount: "5", unit: "percent-of-initial", base: "balance-at-reset" },
    ...{ resetTime: "00:00", resetZone: "Europe/Prague" },
  });

  test("the limit goes up and down with the balance at midnight", () => {
    const told: Told[] = [
      { at: "2026-11-16T10:00:00Z", paidIn: 100_000, balance: 100_000 },
      { at: "2026-11-17T10:00:00Z", paidIn: 100_000, balance: 102_000 },
      { at: "2026-11-18T10:00:00Z", paidIn: 100_000, balance: 99_000 },
    ];
    expect(floors("daily-loss", rule, told, story("daily-loss", rule, told))).toEqual([95_000, 97_000, 94_000]);
  });

  test("a loss that was legal at 23:59 breaches at 00:00, when the day's profit has become the base", () => {
    const steps = story("daily-loss", rule, [
      { at: "2026-11-16T10:00:00Z", paidIn: 100_000, balance: 100_000 },
      { at: "2026-11-16T22:59:59Z", paidIn: 100_000, balance: 104_000, equity: 98_500 },
      { at: "2026-11-16T23:00:00Z", paidIn: 100_000, balance: 104_000, equity: 98_500 },
    ]);
    expect(steps.map(({ found }) => found === null)).toEqual([true, true, false]);
    expect(steps[2]?.found?.breach.endsAt).toBe(Date.parse("2026-11-17T23:00:00Z"));
  });
});

describe("FTMO, 1-step: maximum loss", () => {
  test("highest end-of-day balance less 10 % of the initial: 100k, 104k, 103k give 90k, 94k, 94k", () => {
    const rule = aRule("trailing-drawdown", {
      ...{ amount: "10", unit: "percent-of-initial", base: "balance-at-reset", trailing: "end-of-day" },
      ...{ resetTime: "00:00", resetZone: "Europe/Prague", action: "flatten-until-lifted" },
    });
    const told: Told[] = [
      { at: "2026-11-16T10:00:00Z", paidIn: 100_000, balance: 100_000 },
      { at: "2026-11-17T10:00:00Z", paidIn: 100_000, balance: 104_000 },
      { at: "2026-11-18T10:00:00Z", paidIn: 100_000, balance: 103_000, equity: 94_000.01 },
      { at: "2026-11-18T10:00:01Z", paidIn: 100_000, balance: 103_000, equity: 94_000 },
    ];
    const steps = story("trailing-drawdown", rule, told);
    expect(floors("trailing-drawdown", rule, told, steps).slice(0, 3)).toEqual([90_000, 94_000, 94_000]);
    expect(steps.map(({ found }) => found !== null)).toEqual([false, false, false, true]);
    expect(steps[3]?.found?.breach.endsAt).toBeNull();
  });
});

describe("Topstep: maximum loss limit", () => {
  const rule = aRule("trailing-drawdown", {
    ...{ amount: "2000.00", base: "balance-at-reset", trailing: "end-of-day", lockAt: "0" },
    ...{ resetTime: "17:00", resetZone: "America/Chicago", action: "flatten-until-lifted" },
  });
  const day = (date: string, balance: number, equity = balance): Told => ({
    ...{ at: `${date}T23:30:00Z`, paidIn: 50_000, balance, equity },
  });

  test("$50k: a close at 50,500 puts it at 48,500, one at 52,500 at the starting balance, where it stays", () => {
    const told = [
      day("2026-11-16", 50_000),
      day("2026-11-17", 50_500),
      day("2026-11-18", 52_500),
      day("2026-11-19", 54_000),
    ];
    const steps = story("trailing-drawdown", rule, told);
    expect(floors("trailing-drawdown", rule, told, steps)).toEqual([48_000, 48_500, 50_000, 50_000]);
  });

  test("is tested at every price: to hit it is to breach it", () => {
    const steps = story("trailing-drawdown", rule, [
      day("2026-11-16", 50_000),
      { ...day("2026-11-16", 50_000), equity: [48_000.01, 48_000, 49_500] },
    ]);
    expect(steps[1]?.found?.result).toBe(-200_000n);
  });

  test("a high within the day does not raise it", () => {
    const told = [day("2026-11-16", 50_000), { ...day("2026-11-16", 50_000), equity: [53_000, 50_100] }];
    expect(floors("trailing-drawdown", rule, told, story("trailing-drawdown", rule, told))).toEqual([48_000, 48_000]);
  });
});

describe("Apex: intraday trailing drawdown", () => {
  const rule = aRule("trailing-drawdown", {
    ...{ amount: "2500.00", base: "equity-at-reset", trailing: "real-time", lockAt: "100.00" },
    action: "flatten-until-lifted",
  });
  const told = (...equity: number[]): Told => ({ at: "2026-11-16T15:00:00Z", paidIn: 50_000, balance: 50_000, equity });

  test("$50k: a peak of 51,500 in open profit puts it at 49,000; it stops at start + $100", () => {
    const all = [told(50_000), told(51_500, 50_200), told(52_600), told(60_000)];
    expect(floors("trailing-drawdown", rule, all, story("trailing-drawdown", rule, all))).toEqual([
      47_500, 49_000, 50_100, 50_100,
    ]);
  });

  test("peak and fall between two looks are found in their order", () => {
    const [, up, down] = story("trailing-drawdown", rule, [told(50_000), told(51_500, 49_000, 51_000), told(51_000)]);
    expect(up?.found?.result).toBe(-100_000n);
    expect(down?.found).toBeNull();
    const [, fine] = story("trailing-drawdown", rule, [told(50_000), told(49_000, 51_499, 49_000)]);
    expect(fine?.found).toBeNull();
  });
});

describe("Tradovate: daily and weekly loss, profit target", () => {
  test("net result with commissions from 17:00 in Chicago; locked until the next 17:00", () => {
    const rule = aRule("daily-loss", { amount: "250.00", base: "equity-at-reset" });
    const steps = story("daily-loss", rule, [
      { at: "2026-11-16T23:00:00Z", paidIn: 5_000, balance: 5_000 },
      // 240 lost in open positions and 10 in commissions.
      { at: "2026-11-17T15:00:00Z", paidIn: 5_000, balance: 4_990, equity: 4_750 },
      { at: "2026-11-17T22:59:59Z", paidIn: 5_000, balance: 5_100 },
      { at: "2026-11-17T23:00:00Z", paidIn: 5_000, balance: 5_100 },
    ]);
    expect(steps.map(({ state }) => state.breach !== null)).toEqual([false, true, true, false]);
  });

  test("the week's lock ends on Sunday at 17:00", () => {
    const rule = aRule("weekly-loss", { amount: "1000.00", resetWeekday: 0 });
    const [, breached] = story("weekly-loss", rule, [
      { at: "2026-11-16T15:00:00Z", paidIn: 5_000, balance: 5_000 },
      { at: "2026-11-19T15:00:00Z", paidIn: 5_000, balance: 4_000 },
    ]);
    expect(new Date(breached?.found?.breach.endsAt ?? 0).toISOString()).toBe("2026-11-22T23:00:00.000Z");
  });

  test("a profit target is reached at its very amount", () => {
    const rule = aRule("daily-profit", { amount: "300.00" });
    const [, short, there] = story("daily-profit", rule, [
      { at: "2026-11-16T15:00:00Z", paidIn: 5_000, balance: 5_000 },
      { at: "2026-11-16T16:00:00Z", paidIn: 5_000, balance: 5_000, equity: 5_299.99 },
      { at: "2026-11-16T16:00:01Z", paidIn: 5_000, balance: 5_000, equity: 5_300 },
    ]);
    expect([short?.found === null, there?.found?.result]).toEqual([true, 30_000n]);
  });
});

describe("MyFundedCapital: balance alone at 17:00 in New York, tested by equity", () => {
  const rule = aRule("daily-loss", { amount: "5", unit: "percent-of-base", resetZone: "America/New_York" });

  test("an open gain at the cut does not raise the floor", () => {
    const told: Told[] = [
      { at: "2026-11-16T15:00:00Z", paidIn: 100_000, balance: 100_000 },
      { at: "2026-11-16T22:00:00Z", paidIn: 100_000, balance: 101_000, equity: 104_000 },
    ];
    expect(floors("daily-loss", rule, told, story("daily-loss", rule, told))).toEqual([95_000, 95_950]);
    const higher = aRule("daily-loss", {
      ...{ amount: "5", unit: "percent-of-base", resetZone: "America/New_York", base: "higher-at-reset" },
    });
    expect(floors("daily-loss", higher, told, story("daily-loss", higher, told))).toEqual([95_000, 98_800]);
  });
});
