import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { lots } from "#core/units.ts";
import {
  type HouseOrder,
  lockAccounts,
  openCancelling,
  openSettlement,
} from "../../../server/capabilities/trading/index.ts";
import { systemActor } from "../../../server/platform/db/unit-of-work.ts";
import {
  acceptedId,
  anOrderRequest,
  brokenBooks,
  type TestAccount,
  type TestDesk,
  testDesk,
} from "../../support/trading.ts";

let house: TestDesk;
beforeAll(async () => {
  house = await testDesk();
  house.market.quote("MES", "5000.00", "5000.00");
});
afterAll(() => house.close());

const place = async (account: TestAccount, more = {}): Promise<string> =>
  acceptedId(await house.desk.place(account.trader, anOrderRequest(account, more)));
const exit = (account: TestAccount, size: bigint): HouseOrder => {
  const quote = house.ports.market.latestTradable("MES");
  if (quote === undefined) throw new Error("no price");
  const { accountId } = account;
  return {
    accountId,
    instrumentId: "MES",
    termsVersion: 1,
    side: "sell",
    lots: lots(size),
    origin: "stop-out",
    reduceOnly: true,
    quote,
  };
};
const ports = () => ({ announce: house.ports.announce, shard: 0, maxQueueMs: 600_000 });

test("an order that waits is announced, and no settlement is promised for it", async () => {
  const account = await house.openAccount(100_000n);
  const before = house.promised.length;
  const id = await place(account, { type: "limit", limitPrice: "4990.00" });
  expect(house.announced).toContainEqual({ kind: "working", orderIds: [id] });
  expect(house.promised.slice(before)).toEqual([]);
  const row = await house.db.owner("orders").where({ id }).first("state", "due_seq", "active_from_seq", "quote_seq");
  expect(row).toMatchObject({ state: "working", due_seq: null, active_from_seq: row.quote_seq });
});

test("the house's own order is made and settled in the caller's transaction, behind what was due already", async () => {
  const account = await house.openAccount(100_000n);
  await house.settler()([await place(account, { lots: "3", stopLossPrice: "4000.00" })]);
  const sold = await place(account, { side: "sell" });
  const settle = openSettlement(ports());
  const results = await house.ports.transact(systemActor, async (work) =>
    settle(work, await lockAccounts(work.db, [account.accountId]), [exit(account, 5n)]),
  );
  expect(results[0]?.settlement.outcomes).toMatchObject([
    { kind: "filled", order: { id: sold }, positionLotsAfter: 2n },
    { kind: "filled", order: { origin: "stop-out" }, lots: 2n, positionLotsAfter: 0n },
  ]);
  const orders = await house.db.owner("orders").where({ account_id: account.accountId }).orderBy("seq");
  expect(orders.map(({ origin, state, cancel_code: code }) => [origin, state, code])).toEqual([
    ["trader", "filled", null],
    ["stop-loss", "cancelled", "POSITION_GONE"],
    ["trader", "filled", null],
    ["stop-out", "cancelled", "POSITION_GONE"],
  ]);
});

test("a caller that rolls back leaves nothing of it, and nobody is told", async () => {
  const account = await house.openAccount(100_000n);
  await house.settler()([await place(account, { lots: "2" })]);
  const told = house.announced.length;
  const settle = openSettlement(ports());
  const failing = house.ports.transact(systemActor, async (work) => {
    await settle(work, await lockAccounts(work.db, [account.accountId]), [exit(account, 2n)]);
    throw new Error("the caller fails");
  });
  await expect(failing).rejects.toThrow("the caller fails");
  expect(house.announced).toHaveLength(told);
  expect(await house.reads.positions(account.trader, account.accountId)).toMatchObject([{ lots: "2" }]);
});

test("only waiting orders that use margin are cancelled when asked so, and what they held is free", async () => {
  const account = await house.openAccount(100_000n);
  await house.settler()([await place(account, { lots: "2", takeProfitPrice: "5100.00" })]);
  const opening = await place(account, { type: "limit", limitPrice: "4990.00", lots: "3" });
  const closing = await place(account, {
    type: "limit",
    limitPrice: "5090.00",
    side: "sell",
    lots: "2",
    reduceOnly: true,
  });
  const ended = await house.ports.transact(systemActor, async (work) =>
    openCancelling(ports()).cancelWorking(work, await lockAccounts(work.db, [account.accountId]), {
      code: "STOP_OUT",
      usingMargin: true,
    }),
  );
  expect(ended.map(({ id }) => id)).toEqual([opening]);
  expect(await house.reads.order(account.trader, closing)).toMatchObject({ state: "working" });
  expect(await house.reads.order(account.trader, opening)).toMatchObject({
    state: "cancelled",
    cancelCode: "STOP_OUT",
  });
  expect(await house.reads.account(account.trader, account.accountId)).toMatchObject({ held: "200.00" });
});

test("after all this the books balance", async () => {
  expect(await brokenBooks(house.db)).toEqual([]);
});
