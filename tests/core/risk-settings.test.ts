import { describe, expect, test } from "@jest/globals";
import type { RiskDirection, RiskSetting } from "#contracts/risk-names.ts";
import { directionOf, looseningOf, needsSecond } from "#core/risk-change.ts";
import { readSettings, type WrittenSettings, writeSetting } from "#core/risk-settings.ts";

describe("settings", () => {
  test("are written as they are read", () => {
    const written: WrittenSettings = {
      ...{ maxExposure: "1000.5", maxMarginUsed: "0.00000001", maxLotsPerOrder: "7", maxWorkingOrders: 3 },
      ...{ isStopLossMandatory: false, allowed: ["MES"], flattenTime: "16:55 America/Chicago" },
    };
    const read = readSettings(written);
    if (!read.ok) throw new Error("unreadable");
    const again = Object.fromEntries(
      Object.entries(read.value).map(([name, value]) => [name, writeSetting(name as "maxExposure", value)]),
    );
    expect(again).toEqual({ ...written, maxExposure: "1000.50" });
  });

  test.each<[before: WrittenSettings, after: WrittenSettings, loosening: bigint | "fully"]>([
    [{}, { maxLotsPerOrder: "5" }, 0n],
    [{ maxLotsPerOrder: "5" }, { maxLotsPerOrder: "4" }, 0n],
    [{ maxLotsPerOrder: "5" }, { maxLotsPerOrder: "6" }, 20n],
    [{ maxLotsPerOrder: "3" }, { maxLotsPerOrder: "4" }, 34n],
    [{ maxLotsPerOrder: "5" }, {}, "fully"],
    [{ maxLotsPerOrder: "0" }, { maxLotsPerOrder: "1" }, "fully"],
    [{ marginPercent: 150 }, { marginPercent: 100 }, 50n],
    [{ marginPercent: 100 }, { marginPercent: 150 }, 0n],
    [{ isStopLossMandatory: true }, { isStopLossMandatory: false }, "fully"],
    [{ tradingWindows: ["mon 09:00-10:00 UTC"] }, { tradingWindows: ["mon 09:00-11:00 UTC"] }, "fully"],
  ])("from %j to %j are loosened by %s", (before, after, loosening) => {
    const [was, is] = [readSettings(before), readSettings(after)];
    if (!was.ok || !is.ok) throw new Error("unreadable");
    expect(looseningOf(was.value, is.value)).toBe(loosening);
  });

  test.each<[setting: RiskSetting, before: unknown, after: unknown, direction: RiskDirection]>([
    ["maxLotsPerOrder", "5", "4", "tighter"],
    ["maxLotsPerOrder", "5", "6", "looser"],
    ["maxLotsPerOrder", "5", "5", "same"],
    ["maxLotsPerOrder", null, "0", "tighter"],
    ["maxLotsPerOrder", "0", null, "looser"],
    ["marginPercent", 100, 150, "tighter"],
    ["minHoldingSeconds", 60, 30, "looser"],
    ["isStopLossMandatory", false, true, "tighter"],
    ["isStopLossMandatory", true, false, "looser"],
    ["tradingWindows", ["mon 09:00-10:00 UTC"], ["mon 09:00-11:00 UTC"], "other"],
    ["allowed", ["MES"], ["MES"], "same"],
  ])("%s from %j to %j is %s", (name, before, after, direction) => {
    const [was, is] = [readSettings({ [name]: before }), readSettings({ [name]: after })];
    if (!was.ok || !is.ok) throw new Error("unreadable");
    expect(directionOf(name, was.value[name], is.value[name])).toBe(direction);
  });

  test("a second person is asked for only above the threshold, if there is one", () => {
    expect([
      needsSecond(20n, 20n),
      needsSecond(21n, 20n),
      needsSecond("fully", 1_000n),
      needsSecond("fully", null),
    ]).toEqual([false, true, true, false]);
  });
});
