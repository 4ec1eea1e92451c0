import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type MarginDesk, marginDesk } from "../../support/margin-desk.ts";
import type { TestAccount } from "../../support/trading.ts";
import { until } from "../../support/until.ts";

let desk: MarginDesk;
let closed: TestAccount;
let other: TestAccount;
beforeAll(async () => {
  desk = await marginDesk();
  await desk.stream.quote({ bid: 20_000n, ask: 20_001n });
  closed = await desk.holding(30_000n, 2n);
  other = await desk.holding(100_000n, 1n);
  await desk.watch();
  await desk.stream.quote({ bid: 19_921n, ask: 19_922n });
  await until(
    () => desk.eventsOfAccount(closed),
    (events) => events.length === 3,
  );
});
afterAll(async () => {
  await desk.stopAll();
  await desk.house.close();
});

/** Writes the account's event of the closing anew, with other words. */
const copy = async (changes: Record<string, unknown>): Promise<void> => {
  const { owner } = desk.house.db;
  const { id, ...event } = await owner("margin_events")
    .where({ account_id: closed.accountId, kind: "position-closed" })
    .first();
  await owner("margin_events").insert({ ...event, quotes: JSON.stringify(event.quotes), ...changes });
};

test("an event belongs to an account that is there, of its trader, book and currency", async () => {
  const { owner } = desk.house.db;
  const { trader_id } = await owner("accounts").where({ id: other.accountId }).first("trader_id");
  await copy({});
  const wrong = [
    { account_id: "00000000-0000-0000-0000-000000000000" },
    { trader_id },
    { book: "demo" },
    { currency: "EUR" },
  ];
  for (const changes of wrong)
    await expect(copy(changes)).rejects.toMatchObject({ code: "23503", constraint: "margin_events_account_id_fkey" });
});

test("an event names no order of another account, and none that is not there", async () => {
  const { owner } = desk.house.db;
  const { id } = await owner("orders").where({ account_id: other.accountId }).first("id");
  for (const order_id of [id, "00000000-0000-0000-0000-000000000000"])
    await expect(copy({ order_id })).rejects.toMatchObject({
      code: "23503",
      constraint: "margin_events_order_id_fkey",
    });
});
