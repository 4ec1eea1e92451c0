import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type DepositContext, decideDepositRequest } from "#core/deposit.ts";
import { depositRoom } from "#core/deposit-room.ts";
import { minorUnits } from "#core/units.ts";

const usd = (amount: number) => minorUnits(BigInt(Math.round(amount * 100)));
const context: DepositContext = {
  account: { book: "live", state: "active", currencyScale: 2 },
  rules: {
    ...{ enabled: true, min: usd(10), max: usd(5_000), dayMax: usd(6_000), monthMax: usd(20_000) },
    ...{ fourEyesAbove: usd(1_000), withdrawableDays: 0 },
    fee: { fixed: usd(1), ppm: 10_000n, min: usd(1), max: null },
  },
  before: { day: usd(0), month: usd(0) },
  open: 0,
};
const room = (more: Partial<DepositContext> = {}) => depositRoom({ ...context, ...more });

test("the largest is what the tightest limit leaves", () => {
  expect(room().largest).toBe(usd(5_000));
  expect(room({ before: { day: usd(2_000), month: usd(2_000) } })).toMatchObject({
    ...{ largest: usd(4_000), dayLeft: usd(4_000), monthLeft: usd(18_000), refusal: null },
  });
  expect(room({ before: { day: usd(0), month: usd(19_500) } }).largest).toBe(usd(500));
});

test("without limits any amount is taken", () => {
  const rules = { ...context.rules, max: null, dayMax: null, monthMax: null };
  expect(room({ rules })).toEqual({ largest: null, dayLeft: null, monthLeft: null, refusal: null });
});

test("where nothing is taken it says why", () => {
  expect(room({ account: { ...context.account, book: "demo" } }).refusal).toBe("DEMO_ACCOUNT");
  expect(room({ account: { ...context.account, state: "disabled" } }).refusal).toBe("ACCOUNT_DISABLED");
  expect(room({ rules: { ...context.rules, enabled: false } }).refusal).toBe("CHANNEL_CLOSED");
  expect(room({ before: { day: usd(5_995), month: usd(5_995) } })).toMatchObject({ largest: 0n, refusal: "DAY_LIMIT" });
  expect(room({ before: { day: usd(0), month: usd(20_500) } })).toMatchObject({ largest: 0n, refusal: "MONTH_LIMIT" });
  expect(room({ open: 10 }).refusal).toBe("TOO_MANY_OPEN");
});

test("the room is exactly what the decision takes", () => {
  const amount = fc.bigInt({ min: 0n, max: 3_000n }).map(minorUnits);
  const limit = fc.option(amount, { nil: null });
  fc.assert(
    fc.property(
      fc.record({ min: amount, max: limit, dayMax: limit, monthMax: limit, fixed: amount, least: amount }),
      fc.record({ day: amount, month: amount }),
      fc.integer({ min: 8, max: 11 }),
      fc.boolean(),
      (given, before, open, enabled) => {
        const { fixed, least, ...limits } = given;
        const fee = { fixed, ppm: 20_000n, min: least, max: null };
        const all = { ...context, before, open, rules: { ...context.rules, ...limits, enabled, fee } };
        const { largest, refusal } = depositRoom(all);
        const isTaken = (of: bigint): boolean => decideDepositRequest(minorUnits(of), all).ok;
        if (refusal !== null) for (let of = 1n; of < 3_000n; of += 37n) expect(isTaken(of)).toBe(false);
        else if (largest === null) expect(isTaken(1_000_000n)).toBe(true);
        else expect([isTaken(largest), isTaken(largest + 1n)]).toEqual([true, false]);
      },
    ),
    { numRuns: 500 },
  );
});
