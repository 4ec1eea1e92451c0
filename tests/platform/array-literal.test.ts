import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { arrayLiteral } from "../../server/platform/db/array-literal.ts";
import { prepared } from "../../server/platform/db/prepared.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

test("texts come back as they were, whatever is in them", async () => {
  const texts = [
    ...["", "plain", "NULL", "null", "Null", "a,b", "{}", "{a}", '"', '\\"', "\\", "\\\\", "a b", " ", "\n", "\t"],
    ...["'", "$1", "?", "ü", "微合约", "🙂", "0190-ab", "+1.5e3", "a:b", '{"MES":{"seq":"2"}}', "stop-out:0190"],
  ];
  expect(await prepared(db.app, "SELECT ?::text[] AS texts", [texts])).toEqual([{ texts }]);
});

test("numbers, truth and no elements come back as they were", async () => {
  const found = await prepared(
    db.app,
    "SELECT ?::int[] AS ints, ?::bigint[]::text[] AS bigs, ?::boolean[] AS truths, ?::uuid[] AS none",
    [[1, -2], ["9223372036854775807", "-1"], [true, false], []],
  );
  expect(found).toEqual([{ ints: [1, -2], bigs: ["9223372036854775807", "-1"], truths: [true, false], none: [] }]);
});

test("what is not flat text, number or truth is left to the driver", async () => {
  for (const values of [[null], [undefined], [["a"]], [new Date(0)], [Buffer.from("a")], [{}]])
    expect(arrayLiteral(values)).toBeNull();
  const [row] = await prepared(db.app, "SELECT ?::text[] AS texts", [["a", null]]);
  expect(row).toEqual({ texts: ["a", null] });
});
