import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { systemActor } from "../../../server/platform/db/unit-of-work.ts";
import { granted, type TestHouse, testHouse } from "../../support/house.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

test("a partner is there with its own fields, whatever else the caller's object holds", async () => {
  const partner = { code: "logged", name: "Logged", origins: [], traders: [{ name: "x" }] };
  const { id } = granted(await house.accounts.createPartner(systemActor, partner));
  const { after } = await house.db
    .app("audit_log")
    .where({ object_id: `${id}`, action: "create" })
    .first("after");
  expect(after).toEqual({ code: "logged", name: "Logged", origins: [] });
});
