import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { divideRounded, formatDecimal, formatPrice, parseDecimal, parsePrice, ticks } from "#core/units.ts";

describe("decimals", () => {
  test.each(["1e3", "NaN", "Infinity", " 1", "1,000", "0x10", "", "-", "01", "1.", ".5", "١", "9".repeat(41)])(
    "%p is not a plain decimal",
    (text) => {
      expect(parseDecimal(text, 2)).toBeNull();
    },
  );
  test("digits below the scale are refused, zeros there are not", () => {
    expect(parseDecimal("0.001", 2)).toBeNull();
    expect(parseDecimal("0.010", 2)).toBe(1n);
  });
  test("9007199254740993 cents survive the round trip that a float would not", () => {
    expect(formatDecimal(parseDecimal("90071992547409.93", 2) ?? 0n, 2)).toBe("90071992547409.93");
  });
  test("what is written is read back", () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 18n), 10n ** 18n), fc.integer({ min: 0, max: 8 }), (value, scale) => {
        expect(parseDecimal(formatDecimal(value, scale), scale)).toBe(value);
      }),
    );
  });
});

describe("prices", () => {
  const quarter = { tickSize: 25n, decimals: 2 };
  test("5250.25 is 21001 ticks of a quarter point", () => {
    expect(parsePrice("5250.25", quarter)).toBe(21_001n);
    expect(formatPrice(ticks(21_001n), quarter)).toBe("5250.25");
  });
  test("a price between two ticks is none", () => {
    expect(parsePrice("5250.30", quarter)).toBeNull();
  });
});

test.each([
  [7n, 2n, 4n],
  [-7n, 2n, -4n],
  [7n, -2n, -4n],
  [5n, 3n, 2n],
  [4n, 3n, 1n],
  [0n, 3n, 0n],
])("%p / %p rounds half away from zero to %p", (a, b, expected) => {
  expect(divideRounded(a, b)).toBe(expected);
});
