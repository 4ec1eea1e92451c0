import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  type FailedSettlement,
  type SettleOrders,
  settleInBatches,
  settleOneByOne,
} from "../../../server/capabilities/trading/index.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import {
  acceptedId,
  anOrderRequest,
  brokenBooks,
  type TestAccount,
  type TestDesk,
  testDesk,
} from "../../support/trading.ts";

/** Orders that cannot be settled: the database refuses their fills, as a bug of ours would. */
let house: TestDesk;
let failures: FailedSettlement[];
beforeEach(async () => {
  house = await testDesk();
  house.market.quote("MES", "5000.00", "5000.25");
  failures = [];
  await house.db.owner.raw(`
    CREATE TABLE poison (order_id uuid PRIMARY KEY);
    GRANT SELECT ON poison TO truewick_app;
    CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF EXISTS (SELECT FROM poison WHERE order_id = NEW.order_id) THEN RAISE EXCEPTION 'a bug of ours'; END IF;
      RETURN NEW; END $$;
    CREATE TRIGGER poisoned BEFORE INSERT ON fills FOR EACH ROW EXECUTE FUNCTION refuse_poison();`);
});
afterEach(() => house.close());

const place = async (account: TestAccount): Promise<string> =>
  acceptedId(await house.desk.place(account.trader, anOrderRequest(account)));
const poison = async (orderId: string): Promise<void> =>
  void (await house.db.owner("poison").insert({ order_id: orderId }));

function aWorker(settle: SettleOrders = house.settler()) {
  const ports = {
    db: house.db.app,
    transact: transactor(house.db.app),
    announce: (announcement: (typeof house.announced)[number]) => void house.announced.push(announcement),
    settle,
    onFailed: (failure: FailedSettlement) => void failures.push(failure),
    restMs: 1,
  };
  return settleInBatches({ settle, settleOneByOne: (orderId) => settleOneByOne(ports, orderId) });
}

async function endsOf(ids: readonly string[]): Promise<string[]> {
  const rows = await house.db.owner("orders").whereIn("id", ids).select("id", "state", "rejection_code");
  const ends = new Map(rows.map((row) => [row.id, row.rejection_code ?? row.state]));
  return ids.map((id) => ends.get(id) ?? "missing");
}

test("an order that cannot be settled ends rejected after three tries; its neighbours and its account's others are filled", async () => {
  const [sick, well] = [await house.openAccount(100_000_000n), await house.openAccount(100_000_000n)];
  const ids = [await place(sick), await place(sick), await place(sick), await place(well)];
  const [, second = ""] = ids;
  await poison(second);
  await aWorker().settle(ids);
  expect(await endsOf(ids)).toEqual(["filled", "SETTLEMENT_FAILED", "filled", "filled"]);
  expect(failures.map(({ orderId, tries, isGivenUp }) => [orderId, tries, isGivenUp])).toEqual([
    [second, 1, false],
    [second, 2, false],
    [second, 3, true],
  ]);
  expect(await brokenBooks(house.db)).toEqual([]);
});

test("the rejected order's margin is released, its trader is told, and the back office sees what was said", async () => {
  const account = await house.openAccount(100_000_000n);
  const id = await place(account);
  await poison(id);
  await aWorker().settle([id]);
  const view = await house.reads.account(account.trader, account.accountId);
  expect([view?.held, view?.balance]).toEqual(["0.00", "1000000.00"]);
  expect(house.announced).toContainEqual({ kind: "settled", accountId: account.accountId, orderIds: [id] });
  expect(await house.db.app("admin_failed_settlements").select("id", "order_state", "tries", "last_error")).toEqual([
    { id, order_state: "rejected", tries: 3, last_error: expect.stringContaining("a bug of ours") },
  ]);
  expect(await house.db.app("order_events").select("order_id", "kind")).toEqual([{ order_id: id, kind: "rejected" }]);
});

test("tries are counted in the database: a worker that was killed after two leaves one", async () => {
  const account = await house.openAccount(100_000_000n);
  const id = await place(account);
  await poison(id);
  await house.db.owner("failed_settlements").insert({ order_id: id, tries: 2, last_error: "said to another worker" });
  await aWorker().settle([id]);
  expect(failures.map(({ tries }) => tries)).toEqual([3]);
  expect(await endsOf([id])).toEqual(["SETTLEMENT_FAILED"]);
});

test("a fault that passes rejects nothing: the order is filled at a later try", async () => {
  const account = await house.openAccount(100_000_000n);
  const id = await place(account);
  await poison(id);
  const settle = house.settler();
  const mended: SettleOrders = async (ids, options) => {
    if (failures.length === 2) await house.db.owner("poison").delete();
    return settle(ids, options);
  };
  await aWorker(mended).settle([id]);
  expect(await endsOf([id])).toEqual(["filled"]);
});

test("a database that is away blames no order", async () => {
  const account = await house.openAccount(100_000_000n);
  const id = await place(account);
  const away: SettleOrders = () => Promise.reject(Object.assign(new Error("closed"), { code: "57P01" }));
  await expect(aWorker(away).settle([id])).rejects.toThrow("closed");
  expect([failures, await endsOf([id])]).toEqual([[], ["accepted"]]);
});

test("an order due for longer than allowed is voided with its money back, never filled: by the database's clock", async () => {
  const account = await house.openAccount(100_000_000n);
  const [late, onTime] = [await place(account), await place(account)];
  await house.db
    .owner("orders")
    .where({ id: late })
    .update({ due_at: house.db.owner.raw("clock_timestamp() - interval '61 seconds'") });
  house.market.quote("MES", "4000.00", "4000.25");
  await house.settler({ maxQueueMs: 60_000 })([late, onTime]);
  expect(await endsOf([late, onTime])).toEqual(["QUEUED_TOO_LONG", "filled"]);
  expect(await house.db.app("fills").select("order_id", "price_ticks")).toEqual([
    { order_id: onTime, price_ticks: 20_001n },
  ]);
  expect(await brokenBooks(house.db)).toEqual([]);
});
