import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { minorUnits } from "#core/units.ts";
import { systemActor } from "../../../server/platform/db/unit-of-work.ts";
import { aPartner, aTrader, granted, type TestHouse, testHouse } from "../../support/house.ts";

/** What the audit log keeps of accounts and partners is what a person can read. */
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

test("a funding is there in decimals of its currency", async () => {
  const { id: traderId } = await aTrader(house, (await aPartner(house)).id);
  const opening = { traderId, book: "live", currency: "USD" } as const;
  const { id: accountId } = granted(await house.accounts.openAccount(systemActor, opening));
  const funding = { accountId, amount: minorUnits(10_000_050n), reason: "a goodwill payment" };
  granted(await house.accounts.fundAccount(systemActor, funding));
  const { before, after } = await house.db.app("audit_log").where({ object_id: accountId, action: "fund" }).first();
  expect(before).toEqual({ balance: "0.00", currency: "USD" });
  expect(after).toMatchObject({ balance: "100000.50", amount: "100000.50", currency: "USD" });
});
