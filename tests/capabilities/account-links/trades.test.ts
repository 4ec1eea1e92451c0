import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { noteTrades, rescoreTrader } from "../../../server/capabilities/account-links/index.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { acceptedId, anOrderRequest, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";

let house: TestDesk;
beforeAll(async () => {
  house = await testDesk();
  house.market.quote("MES", "5000.00", "5000.00");
});
afterAll(() => house?.close());

const trade = async (account: TestAccount, side: "buy" | "sell"): Promise<void> => {
  const placed = await house.desk.place(account.trader, anOrderRequest(account, { side }));
  await house.settler()([acceptedId(placed)]);
};
/** As if every fill had been so many seconds ago, and the ones before it as much earlier. */
const secondsPass = (seconds: number): Promise<unknown> =>
  house.db.owner.raw(
    `BEGIN; ALTER TABLE fills DISABLE TRIGGER fills_append_only;
     UPDATE fills SET filled_at = filled_at - make_interval(secs => ${seconds});
     ALTER TABLE fills ENABLE ALWAYS TRIGGER fills_append_only; COMMIT`,
  );
const trades = (): Promise<unknown[]> => house.db.app("link_trades").select("signal", "times");

test("two who take each other's side again and again are found, and each fill is counted once", async () => {
  const [one, other] = [await house.openAccount(10_000_000n), await house.openAccount(10_000_000n)];
  const note = () => noteTrades({ transact: transactor(house.db.app) });
  for (let round = 0; round < 5; round++) {
    await trade(one, round % 2 === 0 ? "buy" : "sell");
    await trade(other, round % 2 === 0 ? "sell" : "buy");
    await secondsPass(30);
  }
  await note();
  expect(await trades()).toEqual([{ signal: "opposite-trades", times: 4n }]);
  await secondsPass(60);
  await note();
  await note();
  expect(await trades()).toEqual([{ signal: "opposite-trades", times: 5n }]);
  const deps = { db: house.db.app, readDb: house.db.reads, transact: transactor(house.db.app) };
  await rescoreTrader(deps, one.trader.traderId);
  const [link] = await house.db.app("account_links");
  expect([Number(link.score), link.evidence[0].signal, link.evidence[0].shown]).toEqual([
    ...[0.6, "opposite-trades", "5 / 5"],
  ]);
});
