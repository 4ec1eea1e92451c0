import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { masked } from "#core/mask.ts";
import { maskedSql } from "../../server/resources/wire.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

test("a file masks as a page does", async () => {
  const names = [
    "Lena Wolf",
    "王小明",
    "王",
    "𠮷野家",
    "𠮷",
    "",
    "  ",
    "e\u0301va",
    "e\u0301",
    "\u1112\u1161\u11ab",
    "two\nlines",
  ];
  const addresses = ["bob@alpha.example", "b@alpha.example", "a@b@c.example", "@alpha.example", "@", "ann@"];
  const { rows } = await database.app.raw(
    `SELECT ${maskedSql('"n"')} AS shown FROM unnest(?::text[]) WITH ORDINALITY AS u (n, place) ORDER BY place`,
    [[...names, ...addresses]],
  );
  expect(rows.map(({ shown }: { shown: string }) => shown)).toEqual([...names, ...addresses].map(masked));
});
