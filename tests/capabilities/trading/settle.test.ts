import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
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
  house.market.quote("MES", "5000.00", "5000.25");
});
afterAll(() => house.close());

const place = async (account: TestAccount, more = {}): Promise<string> =>
  acceptedId(await house.desk.place(account.trader, anOrderRequest(account, more)));
const stateOf = async (id: string) => house.db.owner("orders").where({ id }).first("state", "rejection_code");

test("a replayed job settles nothing", async () => {
  const account = await house.openAccount(1_000_000n);
  const ids = [await place(account), await place(account), await place(account)];
  expect(await house.settler()(ids)).toEqual({ filled: 3, rejected: 0 });
  expect(await house.settler()(ids)).toEqual({ filled: 0, rejected: 0 });
});

test("two workers settling the same orders at once fill each order once", async () => {
  const accounts = await Promise.all(Array.from({ length: 8 }, () => house.openAccount(10_000_000n)));
  const ids = (
    await Promise.all(accounts.flatMap((account) => Array.from({ length: 12 }, () => place(account))))
  ).flat();
  const workers = [0, 1, 2, 3].map((shard) => house.settler({ shard }));
  const done = await Promise.all(workers.map((settle, index) => settle(index % 2 === 0 ? ids : [...ids].reverse())));
  expect(done.reduce((sum, one) => sum + one.filled, 0)).toBe(96);
  const { rows } = await house.db.owner.raw(
    "SELECT count(*)::int AS fills, count(DISTINCT order_id)::int AS orders FROM fills WHERE order_id = ANY (?::uuid[])",
    [ids],
  );
  expect(rows).toEqual([{ fills: 96, orders: 96 }]);
  for (const { trader, accountId } of accounts) {
    const [position] = (await house.reads.positions(trader, accountId)) ?? [];
    expect(position).toMatchObject({ side: "long", lots: "12", marginHeld: "1200.00" });
  }
});

test("one job for more accounts than fit in a transaction, run twice at once, leaves none behind", async () => {
  const accounts = [];
  for (let opened = 0; opened < 230; opened++) accounts.push(await house.openAccount(1_000_000n));
  const ids = await Promise.all(accounts.map((account) => place(account)));
  const done = await Promise.all([house.settler()(ids), house.settler({ shard: 1 })([...ids].reverse())]);
  expect(done.reduce((sum, one) => sum + one.filled, 0)).toBe(230);
  const { rows } = await house.db.owner.raw("SELECT DISTINCT state FROM orders WHERE id = ANY (?::uuid[])", [ids]);
  expect(rows).toEqual([{ state: "filled" }]);
});

test("a job takes all accepted orders of its accounts, in the order of acceptance", async () => {
  const account = await house.openAccount(1_000_000n);
  const first = await place(account, { lots: "2" });
  const second = await place(account, { side: "sell", lots: "2" });
  expect(await house.settler()([second])).toEqual({ filled: 2, rejected: 0 });
  const after = await house.db
    .owner("fills")
    .whereIn("order_id", [first, second])
    .orderBy("id")
    .select("position_lots_after");
  expect(after.map((row) => row.position_lots_after)).toEqual([2n, 0n]);
});

test("a fill names the quote of its acceptance, whatever the price is when it is settled", async () => {
  const account = await house.openAccount(1_000_000n);
  house.market.quote("MES", "5001.00", "5001.25");
  const id = await place(account);
  house.market.quote("MES", "5100.00", "5100.25");
  await house.settler()([id]);
  const fills = (await house.reads.settled(new Map([[account.accountId, [id]]]))).get(account.accountId)?.fills;
  expect(fills).toMatchObject([{ price: "5001.25", quote: { bid: "5001.00", ask: "5001.25" } }]);
  house.market.quote("MES", "5000.00", "5000.25");
});

describe("rejections", () => {
  test("an order that waited too long is rejected and its money released", async () => {
    const account = await house.openAccount(100_000n);
    const id = await place(account);
    expect(await house.settler({ maxQueueMs: -1 })([id])).toEqual({ filled: 0, rejected: 1 });
    expect(await stateOf(id)).toEqual({ state: "rejected", rejection_code: "QUEUED_TOO_LONG" });
    expect(await house.reads.account(account.trader, account.accountId)).toMatchObject({
      balance: "1000.00",
      held: "0.00",
    });
  });
  test("of an account disabled meanwhile only exits are filled", async () => {
    const account = await house.openAccount(100_000n);
    await house.settler()([await place(account)]);
    const [position] = (await house.reads.positions(account.trader, account.accountId)) ?? [];
    const close = await house.desk.close(account.trader, position?.id ?? "", { clientOrderId: randomUUID() });
    const more = await place(account);
    await house.db.owner("accounts").where({ id: account.accountId }).update({ state: "disabled" });
    await house.settler()([more]);
    expect(await stateOf(acceptedId(close))).toMatchObject({ state: "filled" });
    expect(await stateOf(more)).toEqual({ state: "rejected", rejection_code: "ACCOUNT_DISABLED" });
  });
});

test("after the commit each account is told of its orders, once", async () => {
  const account = await house.openAccount(1_000_000n);
  const ids = [await place(account), await place(account)];
  await house.settler()(ids);
  await house.settler()(ids);
  const told = house.announced.filter(
    (one) => one.kind === "settled" && one.accountId === account.accountId && one.orderIds.length > 0,
  );
  expect(told).toEqual([{ kind: "settled", accountId: account.accountId, orderIds: ids }]);
});

test("lists are paged newest first without gap or repetition", async () => {
  const account = await house.openAccount(10_000_000n);
  const placed = [];
  for (let index = 0; index < 7; index++) placed.push(await place(account));
  await house.settler()(placed);
  const seen: string[] = [];
  const filled: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = await house.reads.orders(account.trader, account.accountId, { limit: 3, after });
    seen.push(...(page?.orders.map((order) => order.id) ?? []));
    after = page?.next ?? null;
    if (after === null) break;
  }
  for (let after: string | null = null; ; ) {
    const page = await house.reads.fills(account.trader, account.accountId, { limit: 3, after });
    filled.push(...(page?.fills.map((fill) => fill.orderId) ?? []));
    after = page?.next ?? null;
    if (after === null) break;
  }
  expect(seen).toEqual([...placed].reverse());
  expect(filled).toEqual([...placed].reverse());
});

test("after all this the books balance", async () => {
  expect(await brokenBooks(house.db)).toEqual([]);
});
