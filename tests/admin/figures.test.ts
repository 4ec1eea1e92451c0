import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { figure, shortId, signOf } from "../../admin/format/figures.ts";
import { dateText, fromWallTime, toWallTime, utcText } from "../../admin/format/times.ts";
import { decimalDifference } from "../../admin/pages/dashboard/decimal-difference.ts";

describe("figures on screen", () => {
  test("are grouped with a true minus, and keep every digit", () => {
    expect(figure("-1234567.89")).toBe("−1,234,567.89");
    expect(figure("0.00000001")).toBe("0.00000001");
    expect(figure("9007199254740993.10")).toBe("9,007,199,254,740,993.10");
    expect(figure("999")).toBe("999");
    expect(figure(60000)).toBe("60,000");
  });

  test("that are no plain decimals are left as they came", () => {
    expect(figure("1e3")).toBe("1e3");
    expect(figure("10000 ms")).toBe("10000 ms");
  });

  test("are zero whatever their digits", () => {
    expect([signOf("0.00"), signOf("-0.00"), signOf("-0.01"), signOf("12")]).toEqual([0, 0, -1, 1]);
  });

  test("an id is shortened only where it is long", () => {
    expect(shortId("cme-equity-index")).toBe("cme-equity-index");
    expect(shortId("2e2eed7a-1878-441f-81b2-b70c7be76bd6")).toBe("2e2e…e76bd6");
  });
});

describe("the spread of a quote", () => {
  test("is exact", () => {
    expect(decimalDifference("5250.25", "5250.00")).toBe("0.25");
    expect(decimalDifference("1.08345", "1.0834")).toBe("0.00005");
    expect(decimalDifference("1", "1.5")).toBe("-0.5");
    expect(decimalDifference("-37.60", "-37.63")).toBe("0.03");
  });

  test("added to the bid gives the ask", () => {
    const ticks = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
    const decimal = (value: bigint) =>
      `${value < 0n ? "-" : ""}${String(value < 0n ? -value : value)
        .padStart(3, "0")
        .replace(/(\d\d)$/, ".$1")}`;
    fc.assert(
      fc.property(ticks, ticks, (bid, spread) => {
        expect(decimalDifference(decimal(bid + spread), decimal(bid))).toBe(decimal(spread));
      }),
    );
  });
});

describe("times on screen", () => {
  test("a date without a time does not move with the reader's zone", () => {
    expect(dateText("2026-11-22", "zh-CN")).toBe("2026/11/22");
    expect(dateText("2026-11-22", "en")).toBe("22 Nov 2026");
  });

  test("UTC is said as the logs say it", () => {
    expect(utcText("2026-11-22T17:50:30.123Z")).toBe("2026-11-22 17:50:30 UTC");
  });

  test("what is typed as wall time comes back as the same instant", () => {
    expect(fromWallTime(toWallTime("2026-11-22T17:50:00.000Z"))).toBe("2026-11-22T17:50:00.000Z");
  });
});
