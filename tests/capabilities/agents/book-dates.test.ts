import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type TestDatabase, testDatabase } from "../../support/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db?.drop());

test.each([
  ["2026-11-24", "2026-11-23T23:00:00.000Z"],
  ["2026-11-23", "2026-11-20T23:00:00.000Z"],
  ["2026-11-22", "2026-11-20T23:00:00.000Z"],
  ["2026-03-09", "2026-03-06T23:00:00.000Z"],
  ["2026-03-10", "2026-03-09T22:00:00.000Z"],
])("book date %s began at %s, to the microsecond", async (day, began) => {
  const { rows } = await db.app.raw(
    `SELECT book_date_began(?::date) AS began, book_date_of(book_date_began(?::date)) >= ?::date AS inside,
       book_date_of(book_date_began(?::date) - interval '1 microsecond') < ?::date AS outside`,
    [day, day, day, day, day],
  );
  expect(rows).toEqual([{ began: new Date(began), inside: true, outside: true }]);
});
