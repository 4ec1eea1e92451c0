import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type MarginDesk, marginDesk } from "../../support/margin-desk.ts";
import { acceptedId, anOrderRequest, brokenBooks } from "../../support/trading.ts";
import { until } from "../../support/until.ts";

let desk: MarginDesk;
beforeAll(async () => {
  desk = await marginDesk();
  await desk.stream.quote({ bid: 20_000n, ask: 20_001n });
});
afterAll(async () => {
  await desk.stopAll();
  expect(await brokenBooks(desk.house.db)).toEqual([]);
  await desk.house.close();
});

test("what is due fills before the ladder decides: who closed in time is not stopped out, his neighbour is", async () => {
  const inTime = await desk.holding(30_000n, 2n);
  const neighbour = await desk.holding(30_000n, 2n);
  await desk.watch();
  desk.house.market.quote("MES", "5000.00", "5000.25", desk.stream.seq());
  const closing = await desk.house.desk.place(inTime.trader, anOrderRequest(inTime, { side: "sell", lots: "2" }));
  const stops = (accountId: string) =>
    desk.house.db.owner("orders").where({ account_id: accountId, origin: "stop-out" });
  await desk.stream.quote({ bid: 19_921n, ask: 19_922n });
  await until(
    () => stops(neighbour.accountId),
    (orders) => orders.length === 1,
  );
  const order = await until(
    () =>
      desk.house.db
        .owner("orders")
        .where({ id: acceptedId(closing) })
        .first(),
    ({ state }) => state === "filled",
  );
  expect(order).toMatchObject({ average_fill_ticks: "20000.00000000" });
  expect(await stops(inTime.accountId)).toEqual([]);
  expect(await desk.eventsOfAccount(inTime)).toEqual([]);
});
