import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { withdrawalRefusalCodes } from "#contracts/names.ts";
import { channelFee, type FeeSchedule } from "#core/channel-fee.ts";
import { readIban } from "#core/iban.ts";
import { minorUnits } from "#core/units.ts";
import { decideWithdrawal, type WithdrawalContext, withdrawalRoom } from "#core/withdrawal.ts";

const hour = 3_600_000;
const usd = (amount: number): ReturnType<typeof minorUnits> => minorUnits(BigInt(Math.round(amount * 100)));

const fee: FeeSchedule = { fixed: usd(1), ppm: 5_000n, min: usd(2), max: usd(25) };
const context: WithdrawalContext = {
  account: { book: "live", state: "active", currencyScale: 2 },
  rules: {
    ...{ enabled: true, min: usd(20), max: usd(10_000), dayCount: 3n, dayMax: usd(12_000), monthMax: usd(50_000) },
    ...{ autoUpTo: usd(500), fourEyesAbove: usd(5_000), coolingMs: 24 * hour, sourceFirst: "review", fee },
  },
  before: { dayCount: 0n, day: usd(0), month: usd(0) },
  available: usd(20_000),
  fresh: usd(0),
  elsewhere: { all: usd(0), payable: usd(0) },
  debts: [],
  unmarked: [],
  payee: { name: "Ada Lovelace", trader: "Ada Lovelace" },
  targetAgeMs: 48 * hour,
  securityAgeMs: null,
};
const decide = (amount: number, more: Partial<WithdrawalContext> = {}) =>
  decideWithdrawal(usd(amount), { ...context, ...more });
const refusal = (amount: number, more: Partial<WithdrawalContext> = {}): string => {
  const decided = decide(amount, more);
  return decided.ok ? "taken" : decided.refusal.code;
};
const reviews = (amount: number, more: Partial<WithdrawalContext> = {}): number => {
  const decided = decide(amount, more);
  if (!decided.ok) throw new Error(decided.refusal.code);
  return decided.value.reviewsNeeded;
};
const rules = (more: Partial<WithdrawalContext["rules"]>) => ({ rules: { ...context.rules, ...more } });

describe("the fee", () => {
  test.each([
    [100, 2], // 1.00 + 0.50, but at least 2.00
    [300, 2.5],
    [1_000, 6],
    [10_000, 25], // 51.00, but at most 25.00
  ])("of %d is %d", (amount, expected) => expect(channelFee(usd(amount), fee)).toBe(usd(expected)));

  test("a share between two cents is rounded down: the remainder stays with the trader", () => {
    const share = { fixed: usd(0), ppm: 1_999n, min: usd(0), max: null };
    expect(channelFee(usd(9.99), share)).toBe(1n); // 1.997 cents
  });

  test("is never below its least nor above its most, and never falls as the amount rises", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 12n), fc.bigInt(0n, 10n ** 9n), (amount, more) => {
        const [low, high] = [channelFee(minorUnits(amount), fee), channelFee(minorUnits(amount + more), fee)];
        expect(low >= fee.min && low <= usd(25) && high >= low).toBe(true);
      }),
    );
  });
});

describe("a withdrawal is refused", () => {
  test.each<[string, number, Partial<WithdrawalContext>]>([
    ["DEMO_ACCOUNT", 100, { account: { ...context.account, book: "demo" } }],
    ["ACCOUNT_DISABLED", 100, { account: { ...context.account, state: "disabled" } }],
    ["CHANNEL_CLOSED", 100, rules({ enabled: false })],
    ["AMOUNT_MIN", 19.99, {}],
    ["AMOUNT_MAX", 10_000.01, {}],
    ["FEE_EXCEEDS", 20, rules({ fee: { ...fee, min: usd(20) } })],
    ["DAY_COUNT", 100, { before: { ...context.before, dayCount: 3n } }],
    ["DAY_LIMIT", 100, { before: { ...context.before, day: usd(11_900.01) } }],
    ["MONTH_LIMIT", 100, { before: { ...context.before, month: usd(49_900.01) } }],
    ["DEBT_OWED", 100, { debts: [{ amount: usd(0.01), currency: "EUR", currencyScale: 2 }] }],
    ["DEPOSIT_TOO_NEW", 100, { available: usd(150), fresh: usd(50.01) }],
    [
      "SOURCE_FIRST",
      100,
      { ...rules({ sourceFirst: "refuse" }), available: usd(150), elsewhere: { all: usd(90), payable: usd(50.01) } },
    ],
    ["PRICE_UNKNOWN", 100, { unmarked: ["MES"] }],
    ["INSUFFICIENT_FUNDS", 100, { available: usd(99.99) }],
  ])("%s", (code, amount, more) => expect(refusal(amount, more)).toBe(code));

  test("exactly at every limit it is taken", () => {
    expect(refusal(20)).toBe("taken");
    expect(refusal(10_000)).toBe("taken");
    expect(refusal(100, { before: { dayCount: 2n, day: usd(11_900), month: usd(49_900) }, available: usd(100) })).toBe(
      "taken",
    );
    expect(refusal(100, { available: usd(150), fresh: usd(50) })).toBe("taken");
  });

  test("for the first reason in the order of precedence, with all checks told", () => {
    const decided = decide(20_001, { available: usd(1), account: { ...context.account, state: "disabled" } });
    expect(decided.ok).toBe(false);
    if (decided.ok) return;
    expect(decided.refusal.code).toBe("ACCOUNT_DISABLED");
    const failed = decided.refusal.checks.filter(({ passed }) => !passed).map(({ code }) => code);
    expect(failed).toEqual(["ACCOUNT_DISABLED", "AMOUNT_MAX", "DAY_LIMIT", "INSUFFICIENT_FUNDS"]);
    const order = decided.refusal.checks.map(({ code }) => (withdrawalRefusalCodes as readonly string[]).indexOf(code));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  test("a check names what was compared", () => {
    const decided = decide(100, { available: usd(99.99) });
    const checks = decided.ok ? [] : decided.refusal.checks;
    expect(checks).toContainEqual({ code: "INSUFFICIENT_FUNDS", passed: false, value: "100.00", limit: "99.99" });
  });
});

test("of a trader who owes in two currencies names both", () => {
  const debts = [
    { amount: usd(12.5), currency: "EUR", currencyScale: 2 },
    { amount: minorUnits(1_000n), currency: "JPY", currencyScale: 0 },
  ];
  const decided = decide(100, { debts });
  const told = decided.ok ? undefined : decided.refusal.checks.find(({ code }) => code === "DEBT_OWED");
  expect(told).toEqual({ code: "DEBT_OWED", passed: false, value: "12.50 EUR, 1000 JPY", limit: null });
});

describe("a withdrawal is looked at", () => {
  test("by nobody up to the automatic limit, by one person above it, by two above the four-eyes limit", () => {
    expect([500, 500.01, 5_000, 5_000.01].map((amount) => reviews(amount))).toEqual([0, 1, 1, 2]);
  });

  test("by a person, and sent only after the cooling time, when the target is new", () => {
    const decided = decide(100, { targetAgeMs: 20 * hour });
    expect(decided).toMatchObject({ ok: true, value: { reviewsNeeded: 1, waitMs: 4 * hour } });
  });

  test("the same after a change of password or second factor; the longer wait counts", () => {
    expect(decide(100, { securityAgeMs: 1 * hour, targetAgeMs: 20 * hour })).toMatchObject({
      value: { reviewsNeeded: 1, waitMs: 23 * hour },
    });
    expect(decide(100, { securityAgeMs: 24 * hour })).toMatchObject({ value: { reviewsNeeded: 0, waitMs: 0 } });
  });

  test("by a person when it goes to another name, however it is written", () => {
    const to = (name: string) => reviews(100, { payee: { name, trader: "Ada Lovelace" } });
    expect([to("LOVELACE  ada"), to("Ada King"), to("Ada")]).toEqual([0, 1, 1]);
  });

  test("by a person when some of it came another way; not when the operator does not mind, nor when what is left is enough", () => {
    const came = (all: number, more: Partial<WithdrawalContext> = {}) =>
      reviews(100, { available: usd(150), elsewhere: { all: usd(all), payable: usd(0) }, ...more });
    expect([came(50), came(50.01), came(50.01, rules({ sourceFirst: "off" }))]).toEqual([0, 1, 0]);
    // A channel that pays nothing out can't be paid back by: looked at, and not refused.
    expect(came(50.01, rules({ sourceFirst: "refuse" }))).toBe(1);
  });

  test("with the reasons told", () => {
    const decided = decide(6_000, { targetAgeMs: hour });
    const failed = decided.ok ? decided.value.checks.filter(({ passed }) => !passed).map(({ code }) => code) : [];
    expect(failed).toEqual(["NEW_TARGET", "ABOVE_AUTO", "FOUR_EYES"]);
  });
});

test("nothing is taken beyond what is available, and what is taken pays more than its fee", () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 3_000_000n), fc.bigInt(-10_000n, 3_000_000n), (amount, available) => {
      const decided = decideWithdrawal(minorUnits(amount), { ...context, available: minorUnits(available) });
      if (decided.ok) expect(amount <= available && amount > decided.value.fee).toBe(true);
    }),
  );
});

test("the room is exact: its largest amount is taken, one cent more is refused, and without room nothing is taken", () => {
  const orNull = fc.option(fc.bigInt(0n, 40_000n), { nil: null });
  const given = fc.record({
    ...{ available: fc.bigInt(-5_000n, 50_000n), min: fc.bigInt(0n, 9_000n), fixed: fc.bigInt(0n, 12_000n) },
    ...{ max: orNull, dayMax: orNull, monthMax: orNull, dayCount: fc.option(fc.bigInt(0n, 3n), { nil: null }) },
    ...{ day: fc.bigInt(0n, 30_000n), month: fc.bigInt(0n, 60_000n), count: fc.bigInt(0n, 3n) },
    ...{
      enabled: fc.boolean(),
      fresh: fc.bigInt(0n, 20_000n),
      payable: fc.bigInt(0n, 20_000n),
      sourceFirst: fc.constantFrom("off" as const, "review" as const, "refuse" as const),
      debt: fc.constantFrom(0n, 0n, 0n, 700n),
      amount: fc.bigInt(1n, 60_000n),
    },
  });
  const minor = (value: bigint | null) => (value === null ? null : minorUnits(value));
  fc.assert(
    fc.property(
      given,
      ({
        available,
        fresh,
        payable,
        sourceFirst,
        debt,
        min,
        fixed,
        max,
        dayMax,
        monthMax,
        dayCount,
        day,
        month,
        count,
        enabled,
        amount,
      }) => {
        const rules = {
          ...{ ...context.rules, sourceFirst, enabled, min: minorUnits(min), max: minor(max), dayCount },
          ...{ dayMax: minor(dayMax), monthMax: minor(monthMax) },
          fee: { fixed: minorUnits(fixed), ppm: 10_000n, min: minorUnits(0n), max: null },
        };
        const before = { dayCount: count, day: minorUnits(day), month: minorUnits(month) };
        const debts = debt === 0n ? [] : [{ amount: minorUnits(debt), currency: "USD", currencyScale: 2 }];
        const elsewhere = { all: minorUnits(payable), payable: minorUnits(payable) };
        const money = { available: minorUnits(available), fresh: minorUnits(fresh), elsewhere };
        const all = { ...context, rules, before, ...money, debts };
        const { largest } = withdrawalRoom(all);
        const isTaken = (of: bigint): boolean => decideWithdrawal(minorUnits(of), all).ok;
        if (largest > 0n) expect([isTaken(largest), isTaken(largest + 1n)]).toEqual([true, false]);
        else expect(isTaken(amount)).toBe(false);
      },
    ),
    { numRuns: 500 },
  );
});

describe("an IBAN", () => {
  test.each([
    ["GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"],
    ["de89370400440532013000", "DE89370400440532013000"],
    ["NO93 8601 1117 947", "NO9386011117947"],
  ])("%s is one", (text, iban) => expect(readIban(text)).toBe(iban));

  test.each(["GB82WEST12345698765423", "DE8937040044053201300", "DE89-3704", "", "XX00", "GB82WEST1234569876543Ü"])(
    "%s is none",
    (text) => expect(readIban(text)).toBeNull(),
  );

  test("no single wrong digit passes", () => {
    const iban = "DE89370400440532013000";
    for (let at = 2; at < iban.length; at++)
      for (const digit of "0123456789")
        if (iban[at] !== digit) expect(readIban(iban.slice(0, at) + digit + iban.slice(at + 1))).toBeNull();
  });
});
