import { describe, expect, test } from "@jest/globals";
import type { LossRuleFault, LossSlot } from "#contracts/loss-names.ts";
import { lossRuleCell } from "#contracts/loss-rule.ts";
import { lastReset, nextReset, resetsBetween } from "#core/loss-period.ts";
import { type LossRuleCell, parseLossRule, readLossRule, writeLossRule } from "#core/loss-rule.ts";
import { aCell } from "./loss-builders.ts";

describe("a rule as it is written", () => {
  test("is read and written back as it was", () => {
    const cells: [LossSlot, LossRuleCell][] = [
      ["daily-loss", aCell()],
      ["daily-loss", aCell({ amount: "5", unit: "percent-of-initial", base: "higher-at-reset" })],
      ["daily-loss-alert", aCell({ amount: "2.5", unit: "percent-of-base", action: "alert" })],
      ["weekly-loss", aCell({ resetWeekday: 0, measure: "realized" })],
      ["trailing-drawdown", aCell({ trailing: "end-of-day", lockAt: "0.00", action: "flatten-until-lifted" })],
      ["weekly-profit", aCell({ resetWeekday: 1, amount: "150", unit: "percent-of-base" })],
    ];
    for (const [slot, cell] of cells) {
      expect(lossRuleCell.parse(cell)).toEqual(cell);
      expect(writeLossRule(readLossRule(slot, cell))).toEqual(cell);
    }
  });

  test("is one text however it was written", () => {
    const rule = readLossRule("daily-loss", aCell({ amount: "500" }));
    expect(writeLossRule(rule).amount).toBe("500.00");
    expect(writeLossRule(readLossRule("daily-loss", aCell({ amount: "0.001" }))).amount).toBe("0.001");
  });

  test.each<[LossSlot, Partial<LossRuleCell>, keyof LossRuleCell, LossRuleFault]>([
    ["daily-loss", { amount: "five" }, "amount", "not-a-decimal"],
    ["daily-loss", { amount: "-500.00" }, "amount", "not-above-zero"],
    ["daily-loss", { amount: "0" }, "amount", "not-above-zero"],
    ["daily-loss", { amount: "1.000000001" }, "amount", "too-many-digits"],
    ["daily-loss", { amount: "100000000000000000000" }, "amount", "too-many-digits"],
    ["daily-loss", { amount: "100.01", unit: "percent-of-base" }, "amount", "percent-over-100"],
    ["daily-profit", { amount: "1000.01", unit: "percent-of-base" }, "amount", "percent-over-1000"],
    ["daily-loss", { amount: "5.001", unit: "percent-of-base" }, "amount", "too-many-digits"],
    ["daily-loss", { resetTime: "24:00" }, "resetTime", "not-a-time"],
    ["daily-loss", { resetZone: "Europe/Atlantis" }, "resetZone", "unknown-zone"],
    ["daily-loss", { resetZone: "+08:00" }, "resetZone", "unknown-zone"],
    ["weekly-loss", {}, "resetWeekday", "weekday-missing"],
    ["weekly-loss", { resetWeekday: 7 }, "resetWeekday", "not-a-weekday"],
    ["daily-loss", { resetWeekday: 0 }, "resetWeekday", "weekday-without-week"],
    ["trailing-drawdown", { action: "reduce-only" }, "trailing", "trailing-missing"],
    ["daily-loss", { trailing: "real-time", base: "equity-at-reset" }, "trailing", "trailing-elsewhere"],
    ["daily-loss", { lockAt: "0" }, "lockAt", "lock-without-trailing"],
    ["trailing-drawdown", { trailing: "end-of-day", lockAt: "-1", action: "alert" }, "lockAt", "negative"],
    ["trailing-drawdown", { trailing: "end-of-day", base: "initial", action: "alert" }, "base", "base-does-not-fit"],
    ["trailing-drawdown", { trailing: "real-time", action: "alert" }, "base", "base-does-not-fit"],
    ["daily-loss", { measure: "realized", base: "equity-at-reset" }, "base", "base-does-not-fit"],
    ["daily-loss-alert", {}, "action", "action-does-not-fit"],
    ["trailing-drawdown", { trailing: "end-of-day" }, "action", "action-does-not-fit"],
  ])("of %s with %j is refused for its %s: %s", (slot, more, field, fault) => {
    expect(parseLossRule(slot, aCell(more))).toEqual({ ok: false, refusal: [{ field, fault }] });
  });

  test("is told all that is wrong with it at once", () => {
    const parsed = parseLossRule("weekly-loss", aCell({ amount: "-1", resetZone: "Nowhere", resetTime: "5 pm" }));
    expect(parsed.ok ? [] : parsed.refusal.map(({ field }) => field)).toEqual([
      "amount",
      "resetTime",
      "resetZone",
      "resetWeekday",
    ]);
  });

  test("has no fields of its own making", () => {
    expect(lossRuleCell.safeParse({ ...aCell(), floor: "1" }).success).toBe(false);
  });
});

describe("a reset", () => {
  const chicago = { time: "17:00", zone: "America/Chicago", weekday: null };
  const prague = { time: "00:00", zone: "Europe/Prague", weekday: null };
  const ms = (time: string): number => Date.parse(time);

  test("keeps its local time over the spring change: the days between are 24, 23 and 24 hours", () => {
    const resets = resetsBetween(chicago, ms("2026-03-06T12:00:00Z"), ms("2026-03-10T12:00:00Z"), 10);
    expect(resets.map((at) => new Date(at).toISOString())).toEqual([
      "2026-03-06T23:00:00.000Z",
      "2026-03-07T23:00:00.000Z",
      "2026-03-08T22:00:00.000Z",
      "2026-03-09T22:00:00.000Z",
    ]);
  });

  test("keeps it over the autumn change, at midnight too", () => {
    const resets = resetsBetween(prague, ms("2026-10-24T12:00:00Z"), ms("2026-10-27T12:00:00Z"), 10);
    expect(resets.map((at) => new Date(at).toISOString())).toEqual([
      "2026-10-24T22:00:00.000Z",
      "2026-10-25T23:00:00.000Z",
      "2026-10-26T23:00:00.000Z",
    ]);
  });

  test("at a time that the clock skips is the moment as much later, at one that comes twice the first", () => {
    const at = (time: string) => ({ time, zone: "America/New_York", weekday: null });
    expect(new Date(lastReset(at("02:30"), ms("2026-03-08T12:00:00Z"))).toISOString()).toBe("2026-03-08T07:30:00.000Z");
    expect(new Date(lastReset(at("01:30"), ms("2026-11-01T12:00:00Z"))).toISOString()).toBe("2026-11-01T05:30:00.000Z");
    expect(new Date(nextReset(at("01:30"), ms("2026-11-01T05:30:00Z"))).toISOString()).toBe("2026-11-02T06:30:00.000Z");
  });

  test("of a week comes on its weekday in its zone", () => {
    const sunday = { ...chicago, weekday: 0 };
    expect(new Date(lastReset(sunday, ms("2026-11-22T22:59:59Z"))).toISOString()).toBe("2026-11-15T23:00:00.000Z");
    expect(new Date(lastReset(sunday, ms("2026-11-22T23:00:00Z"))).toISOString()).toBe("2026-11-22T23:00:00.000Z");
    expect(new Date(nextReset(sunday, ms("2026-11-22T23:00:00Z"))).toISOString()).toBe("2026-11-29T23:00:00.000Z");
  });

  test("that was missed for years is made up for as far back as is asked", () => {
    expect(resetsBetween(chicago, 0, ms("2026-11-22T12:00:00Z"), 3)).toHaveLength(3);
  });
});
