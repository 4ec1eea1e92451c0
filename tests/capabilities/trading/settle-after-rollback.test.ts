import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { settleOrders } from "../../../server/capabilities/trading/index.ts";
import type { Transact } from "../../../server/platform/db/unit-of-work.ts";
import { acceptedId, anOrderRequest, brokenBooks, type TestDesk, testDesk } from "../../support/trading.ts";

let house: TestDesk;
beforeAll(async () => {
  house = await testDesk();
  house.market.quote("MES", "5000.00", "5000.25");
});
afterAll(() => house.close());

test("a worker whose first settlement of a partner was rolled back settles the next one", async () => {
  const account = await house.openAccount(1_000_000n);
  const id = acceptedId(await house.desk.place(account.trader, anOrderRequest(account)));
  let isFirst = true;
  const losesItsConnection: Transact = (actor, run) =>
    house.ports.transact(actor, async (work) => {
      const value = await run(work);
      if (!isFirst) return value;
      isFirst = false;
      throw new Error("the connection was lost");
    });
  // A shard of its own: its house accounts are made by the very transaction that is rolled back.
  const settle = settleOrders({ transact: losesItsConnection, announce: () => {}, shard: 7, maxQueueMs: 600_000 });
  await expect(settle([id])).rejects.toThrow("the connection was lost");
  expect(await settle([id])).toEqual({ filled: 1, rejected: 0 });
  expect(await brokenBooks(house.db)).toEqual([]);
});
