import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type MarginDesk, marginDesk } from "../../support/margin-desk.ts";
import { acceptedId, anOrderRequest, brokenBooks, type TestAccount } from "../../support/trading.ts";
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

const stopOuts = (account: TestAccount) => async (): Promise<number> => {
  const orders = desk.house.db.owner("orders").where({ account_id: account.accountId, origin: "stop-out" });
  return (await orders.select("id")).length;
};

test("an account that was closed is told of once, and watched again when it trades again", async () => {
  const account = await desk.holding(60_000n, 4n);
  await desk.watch();
  const heard = desk.heard.length;
  await desk.stream.quote({ bid: 19_921n, ask: 19_922n });
  await until(stopOuts(account), (count) => count === 1);
  await until(
    () => desk.stageOf(account),
    (stage) => stage === "ok",
  );
  const told = () =>
    desk.heard.slice(heard).filter((one) => one.kind === "settled" && one.accountId === account.accountId);
  await until(
    async () => told(),
    (news) => news.length > 0,
  );
  expect(told()).toHaveLength(1);
  desk.house.market.quote("MES", "4980.25", "4980.50", desk.stream.seq());
  const again = await desk.house.desk.place(account.trader, anOrderRequest(account, { side: "buy", lots: "1" }));
  await desk.house.settler()([acceptedId(again)]);
  await desk.stream.quote({ bid: 19_800n, ask: 19_801n });
  await until(stopOuts(account), (count) => count === 2);
});
