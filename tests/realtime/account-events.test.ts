import { expect, test } from "@jest/globals";
import { accountEvents } from "../../server/platform/realtime/account-events.ts";
import type { Settled } from "../../server/platform/realtime/gateway-ports.ts";

/** Readings that wait until they are let go; an account named "broken" cannot be read. */
function aReader() {
  const readings: Record<string, readonly string[]>[] = [];
  const told: string[] = [];
  const errors: unknown[] = [];
  let letGo = (): void => {};
  const events = accountEvents(
    async (wanted) => {
      readings.push(Object.fromEntries(wanted));
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
      if (wanted.has("broken")) throw new Error("cannot be read");
      return new Map([...wanted.keys()].map((id) => [id, {} as Settled]));
    },
    (accountId) => void told.push(accountId),
    (error) => void errors.push(error),
  );
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const next = async (): Promise<void> => {
    await turn();
    letGo();
    await turn();
  };
  return { events, readings, told, errors, next };
}

test("what is heard together is read together, and what is heard meanwhile with the next reading", async () => {
  const { events, readings, told, next } = aReader();
  events.settled("a", ["1"]);
  events.settled("b", ["2"]);
  events.settled("a", ["3"]);
  await next();
  expect([readings, told]).toEqual([[{ a: ["1", "3"], b: ["2"] }], ["a", "b"]]);
  events.settled("a", ["4"]);
  await new Promise((resolve) => setImmediate(resolve));
  events.settled("a", ["5"]);
  events.settled("c", ["6"]);
  await next();
  await next();
  expect(readings.slice(1)).toEqual([{ a: ["4"] }, { a: ["5"], c: ["6"] }]);
  await events.idle();
  expect(told).toEqual(["a", "b", "a", "a", "c"]);
});

test("an account that cannot be read does not silence the others", async () => {
  const { events, told, errors, next } = aReader();
  for (const id of ["a", "broken", "b"]) events.settled(id, ["1"]);
  for (let reading = 0; reading < 4; reading++) await next();
  await events.idle();
  expect([told, errors]).toEqual([["a", "b"], [new Error("cannot be read")]]);
});
