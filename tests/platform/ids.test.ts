import { expect, test } from "@jest/globals";
import { newId } from "../../server/platform/ids.ts";

test("an id is a UUID of version 7 that begins with the time, and none comes twice", () => {
  const before = Date.now();
  const ids = Array.from({ length: 2_000 }, newId);
  const after = Date.now();
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const ms = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
    expect(ms >= before && ms <= after).toBe(true);
  }
});

test("the random half of ids made in a row has nothing in common", () => {
  const halves = Array.from({ length: 1_000 }, () => newId().slice(-12));
  expect(new Set(halves).size).toBe(halves.length);
});
