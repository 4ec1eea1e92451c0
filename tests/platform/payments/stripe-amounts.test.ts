import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { fromStripe, toStripe } from "../../../server/platform/payments/stripe-amounts.ts";

test.each([
  ["50.00", "USD", 5_000, "50.00"],
  ["0.01", "USD", 1, "0.01"],
  ["999999.99", "EUR", 99_999_999, "999999.99"],
  ["5000", "JPY", 5_000, "5000"],
  ["5000.00", "KRW", 5_000, "5000"],
  ["1.230", "KWD", 1_230, "1.230"],
  ["5", "ISK", 500, "5"],
  ["12", "UGX", 1_200, "12"],
])("%s %s is %d at Stripe", (amount, currency, atStripe, back) => {
  expect(toStripe(amount, currency)).toBe(atStripe);
  expect(fromStripe(atStripe, currency)).toBe(back);
});

test.each([
  ["1.005", "USD"],
  ["0.5", "JPY"],
  ["1.234", "KWD"],
  ["1.50", "ISK"],
  ["0", "USD"],
  ["-5.00", "USD"],
  ["1000000.00", "USD"],
  ["1e3", "USD"],
  ["", "USD"],
])("%s %s can't be charged", (amount, currency) => expect(toStripe(amount, currency)).toBeNull());

test.each([0.5, -1, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])("a count of %d is none", (count) => {
  expect(fromStripe(count, "USD")).toBeNull();
});

test("half a krona is no amount of Icelandic money", () => expect(fromStripe(550, "ISK")).toBeNull());

test("what is charged comes back to the last digit", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 99_999_999 }),
      fc.constantFrom("USD", "JPY", "KWD", "ISK"),
      (count, currency) => {
        const amount = fromStripe(count, currency);
        const again = amount === null ? null : toStripe(amount, currency);
        expect(again === null || again === count).toBe(true);
        if (currency === "USD" || currency === "JPY") expect(again).toBe(count);
      },
    ),
  );
});
