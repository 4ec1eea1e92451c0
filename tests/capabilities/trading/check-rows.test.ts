import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { orderRefusalCodes } from "#contracts/order-names.ts";
import type { OrderCheck } from "#core/order.ts";
import { writeChecks } from "../../../server/capabilities/trading/check-rows.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const readBack = async (text: string): Promise<unknown> =>
  (await db.owner.raw("SELECT passed_checks(?) AS checks", [text])).rows[0].checks;
const told = (checks: readonly OrderCheck[]): unknown[] =>
  checks.map((check) =>
    Object.fromEntries(Object.entries(check).filter(([, value]) => value !== null && value !== undefined)),
  );

const figure = fc.oneof(
  fc.bigInt(-(10n ** 20n), 10n ** 20n).map(String),
  fc
    .tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 0, max: 99 }))
    .map(([whole, part]) => `${whole}.${`${part}`.padStart(2, "0")}`),
);
const words = fc.constantFrom(
  "5000 ms",
  "sun-sat 00:00-24:00 UTC; mon 09:00-10:00 Europe/Berlin",
  "full",
  "equity-index, MES",
);
const check = fc.record({
  code: fc.constantFrom(...orderRefusalCodes),
  passed: fc.constant(true),
  limit: fc.oneof(fc.constant(null), figure, words),
  value: fc.oneof(fc.constant(null), figure, words),
  headroom: fc.oneof(fc.constant(null), figure),
  source: fc.constantFrom(null, "terms", "default", "agent:A:1", "group:Größe 10", "trader", "account"),
  version: fc.constantFrom(undefined, 1, 27),
});

test("what the database tells of an order's checks is what was written", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(check, { maxLength: 12 }), async (checks) => {
      expect(await readBack(writeChecks(checks))).toEqual(told(checks));
    }),
    { numRuns: 150 },
  );
});

test("a headroom that is limit less value is not written, and told all the same, to the last digit", async () => {
  const of = (limit: string, value: string, headroom: string): OrderCheck => ({
    ...{ code: "MARGIN_LIMIT", passed: true, limit, value, headroom, source: "default", version: 3 },
  });
  const checks = [
    of("900000000000.00", "36000.50", "899999963999.50"),
    of("0.05", "0.10", "-0.05"),
    of("3", "4", "-1"),
  ];
  expect(
    writeChecks(checks)
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t")[3]),
  ).toEqual(["=", "=", "="]);
  expect(await readBack(writeChecks(checks))).toEqual(told(checks));
  // Beyond what numbers tell exactly it is written.
  const large = of("9007199254740993", "1", "9007199254740992");
  expect(writeChecks([large])).toContain("\t9007199254740992\t");
  expect(await readBack(writeChecks([large]))).toEqual(told([large]));
});

test("rows of JSON from before are read as they were, and no name breaks a line", async () => {
  expect(
    await readBack('[["LOTS_MAX_ORDER","40","1","39","default",1],["MARKET_CLOSED",null,null,null,"instrument",null]]'),
  ).toEqual([
    { code: "LOTS_MAX_ORDER", passed: true, limit: "40", value: "1", headroom: "39", source: "default", version: 1 },
    { code: "MARKET_CLOSED", passed: true, source: "instrument" },
  ]);
  const named: OrderCheck = {
    ...{ code: "LOTS_MAX_ORDER", passed: true, limit: "4", value: "1", headroom: "3" },
    source: "group:a\tb\nc\x1ed",
    version: 1,
  };
  expect(await readBack(writeChecks([named]))).toEqual([{ ...named, source: "group:a b c d" }]);
});
