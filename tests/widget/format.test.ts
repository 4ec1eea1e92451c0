import { describe, expect, test } from "@jest/globals";
import { localeOf, upDownOf } from "../../widget/format/culture.ts";
import { add, compare, percentOf, stepsBetween, subtract, times, wholeTimes } from "../../widget/format/decimal.ts";
import { directionOf, grouped, money, signed } from "../../widget/format/numbers.ts";
import { barTimeLeft, countdown, day, when } from "../../widget/format/time.ts";

describe("decimals of the wire", () => {
  test("are added and subtracted exactly where floats are not", () => {
    expect(add("0.10", "0.2")).toBe("0.30");
    expect(subtract("0.3", "0.1")).toBe("0.2");
    expect(add("9007199254740993.01", "0.01")).toBe("9007199254740993.02");
  });

  test("keep their scale when multiplied", () => {
    expect(times("1.25", -3n)).toBe("-3.75");
  });

  test("compare across scales", () => {
    expect(compare("1.50", "1.5")).toBe(0);
    expect(compare("-2", "1.00")).toBe(-1);
  });

  test("count whole parts, and none of what is not positive", () => {
    expect(wholeTimes("10000.00", "1320.62")).toBe(7n);
    expect(wholeTimes("-5.00", "1.00")).toBe(0n);
    expect(wholeTimes("5.00", "0.00")).toBe(0n);
  });

  test("give signed ticks between two prices", () => {
    expect(stepsBetween({ from: "5250.25", to: "5249.00", step: "0.25" })).toBe(-5n);
  });

  test("give a percentage of two digits, rounded half away from zero, and none of zero", () => {
    expect(percentOf("12.50", "5237.75")).toBe("0.24");
    expect(percentOf("-0.005", "100")).toBe("-0.01");
    expect(percentOf("1", "0.00")).toBeNull();
  });

  test("that are no decimals are not read as numbers", () => {
    expect(() => add("1e3", "1")).toThrow('"1e3" is no decimal');
  });
});

describe("figures for reading", () => {
  test("are grouped with the digits they came with", () => {
    expect(grouped("5250.25", "en")).toBe("5,250.25");
    expect(grouped("1.08235", "zh-CN")).toBe("1.08235");
  });

  test("of more than 15 digits lose none of them", () => {
    expect(grouped("12345678901234567.89", "en")).toBe("12,345,678,901,234,567.89");
  });

  test("carry a real minus and a plus only where asked", () => {
    expect(money("-1234567.89", "USD", "en")).toBe("−1,234,567.89\u00a0USD");
    expect(signed("12.50", "en")).toBe("+12.50");
    expect(signed("-0.00", "en")).toBe("0.00");
  });

  test("tell their direction without a float", () => {
    expect(["0.00", "-0.01", "3", null].map(directionOf)).toEqual(["flat", "down", "up", "flat"]);
  });
});

describe("times", () => {
  test("count down by begun seconds and never below zero", () => {
    expect(countdown(6_001)).toBe("0:07");
    expect(countdown(754_000)).toBe("12:34");
    expect(countdown(11_045_000)).toBe("3:04:05");
    expect(countdown(-5)).toBe("0:00");
  });

  test("of a bar that is over are not counted", () => {
    expect(barTimeLeft({ openedAtMs: 60_000, interval: "1m", nowMs: 90_000 })).toBe(30_000);
    expect(barTimeLeft({ openedAtMs: 60_000, interval: "1m", nowMs: 120_000 })).toBeNull();
  });

  test("name the zone they are shown in", () => {
    expect(when("2026-11-22T23:00:00.000Z", "en", "Asia/Shanghai")).toBe("Mon, Nov 23, 07:00 GMT+8");
    expect(when("2026-11-22T23:00:00.000Z", "zh-CN", "Asia/Shanghai")).toContain("07:00");
    expect(day("2027-03-22T23:00:00.000Z", "en", "Asia/Shanghai")).toBe("Mar 23, 2027");
    expect(day("2027-03-22T23:00:00.000Z", "zh-CN", "Asia/Shanghai")).toBe("2027年3月23日");
  });
});

describe("culture", () => {
  test.each([
    ["zh-CN", "red-up"],
    ["zh-TW", "red-up"],
    ["ja-JP", "red-up"],
    ["ko", "red-blue"],
    ["zh-HK", "green-up"],
    ["en-US", "green-up"],
  ])("%s reads colours as %s", (language, colours) => {
    expect(upDownOf("auto", language)).toBe(colours);
  });

  test("gives way to the reader's choice", () => {
    expect(upDownOf("green-up", "zh-CN")).toBe("green-up");
    expect(upDownOf("nonsense", "zh-CN")).toBe("red-up");
  });

  test("picks the nearest of our languages", () => {
    expect(["zh-CN", "zh", "zh-hant-HK", "en-GB", "fr"].map(localeOf)).toEqual(["zh-CN", "zh-CN", "zh-CN", "en", "en"]);
  });
});
