import { expect, test } from "@jest/globals";
import { apart } from "../../server/capabilities/trading/index.ts";
import { isOfTheAsked, isUnavailable } from "../../server/platform/db/unavailable.ts";

const withCode = (code: string): Error => Object.assign(new Error(code), { code });

test.each([
  withCode("57P01"),
  withCode("08006"),
  withCode("ECONNRESET"),
  new Error("Connection terminated unexpectedly"),
  new Error("Client has encountered a connection error and is not queryable"),
  new Error("timeout exceeded when trying to connect"),
])("%s tells of the database, not of what was asked", (error) => {
  expect([isUnavailable(error), isOfTheAsked(error)]).toEqual([true, false]);
});

test.each([
  withCode("23514"),
  withCode("22003"),
  withCode("P0001"),
  new TypeError("x"),
  new Error("assertion failed: x"),
])("%s is the fault of what was asked", (error) => {
  expect([isUnavailable(error), isOfTheAsked(error)]).toEqual([false, true]);
});

test("an error that nobody knows stops all, so that none is passed over", async () => {
  const broken: number[] = [];
  const run = (error: Error) =>
    apart(
      [1, 2],
      () => Promise.reject(error),
      (item) => void broken.push(item),
    );
  await expect(run(new Error("something new"))).rejects.toThrow("something new");
  expect(broken).toEqual([]);
  expect(await run(withCode("23514"))).toEqual([]);
  expect(broken).toEqual([1, 2]);
});
