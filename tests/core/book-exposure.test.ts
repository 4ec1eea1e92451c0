import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { BookAccount, BookHolding } from "#core/book-account.ts";
import { bookExposure, type ExposureQuestion } from "#core/book-exposure.ts";
import { minorUnits, ticks } from "#core/units.ts";
import { aPosition } from "./trading-builders.ts";

const marks = new Map([
  ["MES", { bid: ticks(20_000n), ask: ticks(20_002n), last: null }],
  ["MGC", { bid: ticks(1_000n), ask: ticks(1_001n), last: ticks(1_001n) }],
]);
const classes = { MES: "equity-index", MGC: "metal", NEW: "crypto" } as const;

const held = (
  instrumentId: keyof typeof classes,
  size: bigint,
  entry: bigint,
  more: Partial<BookHolding> = {},
): BookHolding => ({
  ...{ instrumentId, assetClass: classes[instrumentId], position: aPosition(size, entry), tickValue: minorUnits(125n) },
  ...{ required: minorUnits(10_000n * (size < 0n ? -size : size)), working: 0 },
  ...more,
});
const account = (accountId: string, holdings: BookHolding[], more: Partial<BookAccount> = {}): BookAccount => ({
  ...{
    accountId,
    traderId: `trader of ${accountId}`,
    tenantId: 1,
    line: [],
    book: "live",
    currency: "USD",
    currencyScale: 2,
  },
  ...{ stage: "ok", balance: minorUnits(100_000n), stopOut: 50n, holdings },
  ...more,
});
const looked = (
  accounts: readonly BookAccount[],
  question: Partial<ExposureQuestion> = {},
  most = { rows: 100, worst: 5 },
) => {
  const sums = bookExposure(
    { book: "live", by: "instrument", worst: "level", ...question },
    (id) => marks.get(id),
    most,
  );
  for (const one of accounts) sums.add(one);
  return sums.result();
};

const root = ["root"];
const low = ["root", "low"];
const tree = [
  account("a", [held("MES", 2n, 20_000n), held("MGC", -1n, 1_000n, { working: 3 })], { line: low }),
  account("b", [held("MES", -5n, 20_000n)], { line: root }),
  account("c", [held("MES", 1n, 20_100n)]),
  account("d", [held("MES", 7n, 20_000n)], { tenantId: 2, line: ["other"] }),
  account("e", [held("MES", 9n, 20_000n)], { book: "demo" }),
];

test("longs are marked at the bid and shorts at the ask; the notional is taken at the middle or the last trade", () => {
  const { rows } = looked([tree[0], tree[1]].flatMap((one) => one ?? []));
  expect(rows).toEqual([
    {
      ...{ group: "MES", currency: "USD", scale: 2, long: 2n, short: 5n, working: 0, accounts: 2, unpriced: 0 },
      ...{ notional: -3n * 20_001n * 125n, gross: 7n * 20_001n * 125n, unrealized: -5n * 2n * 125n, required: 70_000n },
    },
    {
      ...{ group: "MGC", currency: "USD", scale: 2, long: 0n, short: 1n, working: 3, accounts: 1, unpriced: 0 },
      ...{ notional: -1_001n * 125n, gross: 1_001n * 125n, unrealized: -125n, required: 10_000n },
    },
  ]);
});

describe("is grouped", () => {
  const groups = (question: Partial<ExposureQuestion>) =>
    Object.fromEntries(looked(tree, question).rows.map(({ group, long, short }) => [group, [long, short]]));
  test("by partner", () => expect(groups({ by: "partner" })).toEqual({ "1": [3n, 6n], "2": [7n, 0n] }));
  test("by class", () => expect(groups({ by: "class" })).toEqual({ "equity-index": [10n, 5n], metal: [0n, 1n] }));
  test("by the agents at the top, with their whole lines; who has none is by itself", () =>
    expect(groups({ by: "agent", tenantId: 1 })).toEqual({ root: [2n, 6n], "": [1n, 0n] }));
  test("by the agents below one, and his own traders", () =>
    expect(groups({ by: "agent", agentId: "root" })).toEqual({ low: [2n, 1n], "": [0n, 5n] }));
  test("by trader, of those right below an agent alone", () =>
    expect(groups({ by: "trader", agentId: "root", direct: true })).toEqual({ "trader of b": [0n, 5n] }));
  test("by trader, of the partner's own alone", () =>
    expect(groups({ by: "trader", tenantId: 1, direct: true })).toEqual({ "trader of c": [1n, 0n] }));
  test("within an instrument or a class", () => {
    expect(groups({ by: "partner", instrumentId: "MGC" })).toEqual({ "1": [0n, 1n] });
    expect(groups({ by: "instrument", assetClass: "metal" })).toEqual({ MGC: [0n, 1n] });
  });
  test("in the demo book by itself", () => expect(groups({ book: "demo" })).toEqual({ MES: [9n, 0n] }));
});

test("a position without a price is in the lots and in no money, and is counted", () => {
  const { rows, worst } = looked([account("a", [held("NEW", 4n, 10n)])]);
  expect(rows).toMatchObject([{ long: 4n, notional: 0n, unrealized: 0n, unpriced: 1 }]);
  expect(worst).toMatchObject([{ equity: 100_000n, room: null }]);
});

test("the worst come first: by level, by loss, or by the room to the stop-out", () => {
  const some = [
    account("thin", [held("MES", 1n, 20_000n)], { balance: minorUnits(12_000n) }),
    account("losing", [held("MES", 1n, 24_000n)], { balance: minorUnits(900_000n) }),
    account("large", [held("MES", 40n, 20_000n)], { balance: minorUnits(600_000n) }),
    account("well", [held("MES", 1n, 19_000n)], { balance: minorUnits(900_000n) }),
  ];
  const order = (worst: ExposureQuestion["worst"]) => looked(some, { worst }).worst.map((one) => one.account.accountId);
  expect(order("level")).toEqual(["thin", "large", "losing", "well"]);
  expect(order("loss")).toEqual(["losing"]);
  expect(order("room")).toEqual(["thin", "large", "losing", "well"]);
  // 120.00 less 50 % of 100.00 is 70.00; one lot is worth 20,001 ticks, 25,001.25: 0.27 % of it is 67.50, 0.28 % 70.00.
  expect(looked(some, { worst: "room" }).worst[0]).toMatchObject({ equity: 12_000n, required: 10_000n, room: 27n });
});

const anyAccount = fc
  .record({
    ...{ lots: fc.array(fc.bigInt({ min: -30n, max: 30n }), { minLength: 2, maxLength: 2 }) },
    ...{ entry: fc.bigInt({ min: 900n, max: 21_000n }), tenantId: fc.integer({ min: 1, max: 3 }), depth: fc.nat(3) },
    ...{ balance: fc.bigInt({ min: 0n, max: 500_000n }) },
  })
  .map(({ lots: [mes = 0n, mgc = 0n], entry, tenantId, depth, balance }) => ({
    holdings: [held("MES", mes, entry), held("MGC", mgc, entry)],
    more: {
      tenantId,
      balance: minorUnits(balance),
      line: ["x", "y", "z"].slice(0, depth).map((name) => `${name}${tenantId}`),
    },
  }));

test("whatever it is grouped by, the rows add up to the totals, and only the worst are kept, in their order", () => {
  fc.assert(
    fc.property(fc.array(anyAccount, { maxLength: 60 }), (some) => {
      const accounts = some.map(({ holdings, more }, at) => account(`a${at}`, holdings, more));
      const all = looked(accounts, {}, { rows: 1_000, worst: 1_000 });
      for (const by of ["instrument", "class", "partner", "agent", "trader"] as const) {
        const { rows, totals, worst } = looked(accounts, { by }, { rows: 1_000, worst: 2 });
        expect(totals).toEqual(all.totals);
        for (const sum of ["long", "short", "notional", "gross", "unrealized", "required"] as const)
          expect(rows.reduce((total, row) => total + row[sum], 0n)).toBe(all.totals[0]?.[sum] ?? 0n);
        expect(worst).toEqual(all.worst.slice(0, 2));
        const few = looked(accounts, { by }, { rows: 3, worst: 2 });
        expect([few.rows, few.more]).toEqual([rows.slice(0, 3), Math.max(0, rows.length - 3)]);
      }
    }),
  );
});
