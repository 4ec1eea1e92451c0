import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Knex } from "knex";
import type { PlaceOrderRequest } from "#contracts/order-requests.ts";
import { type OrderDesk, placeOrders } from "../../server/capabilities/trading/index.ts";
import { connectDatabase } from "../../server/platform/db/connect.ts";
import { transactor } from "../../server/platform/db/unit-of-work.ts";
import type { TcpProxy } from "../support/tcp-proxy.ts";
import { acceptedId, anOrderRequest, brokenBooks, type TestDesk, testDesk } from "../support/trading.ts";
import { until } from "../support/until.ts";
import { wireTo } from "./order-flow.ts";
import { afterAccepting } from "./runner/moments.ts";

/** Faults between an api and PostgreSQL (F13, F14, F15), at the command that both REST and socket end in. */
let house: TestDesk;
let wire: TcpProxy;
let db: Knex;
let desk: OrderDesk;
beforeAll(async () => {
  house = await testDesk();
  house.market.quote("MES", "5000.00", "5000.25");
  const over = await wireTo(house.db.appUrl, 5432);
  wire = over.wire;
  db = connectDatabase({ url: over.url, applicationName: "api", poolMax: 4, statementTimeoutMs: 5_000 });
  desk = placeOrders({ ...house.ports, readDb: db, transact: transactor(db) }, () => {});
}, 60_000);
afterAll(async () => {
  await db.destroy();
  await wire.close();
  await house.close();
});

const ordersOf = (accountId: string): Promise<unknown[]> =>
  house.db.owner("orders").where({ account_id: accountId }).select("id");

test("F15: the wire is cut after COMMIT was sent, before its answer: 503, and the same id gets the committed order", async () => {
  const account = await house.openAccount(1_000_000n);
  const request = anOrderRequest(account);
  let isSprung = false;
  wire.trap(afterAccepting, () => {
    isSprung = true;
  });
  expect(await desk.place(account.trader, request)).toMatchObject({ status: 503, code: "TRY_AGAIN" });
  expect(isSprung).toBe(true);
  const [stored] = await until(
    () => ordersOf(account.accountId),
    (orders) => orders.length === 1,
  );
  expect(await desk.place(account.trader, request)).toMatchObject({ status: 200, order: stored });
  expect(await ordersOf(account.accountId)).toHaveLength(1);
});

test.each([
  ["no space is left on the disk", "53100"],
  ["transactions are read-only", "25006"],
])("F14: %s: 503 without any effect, then orders are taken again", async (_fault, code) => {
  const account = await house.openAccount(1_000_000n);
  // The last statement of accepting is refused as the server would refuse it: what came before must leave no trace.
  await house.db.owner.raw(`CREATE FUNCTION refuse_outbox() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '${code}'; END $$`);
  await house.db.owner.raw(
    "CREATE TRIGGER refuse_outbox BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION refuse_outbox()",
  );
  const request = anOrderRequest(account);
  expect(await desk.place(account.trader, request)).toMatchObject({ status: 503, code: "TRY_AGAIN" });
  expect(await ordersOf(account.accountId)).toEqual([]);
  const view = await house.reads.account(account.trader, account.accountId);
  expect(view).toMatchObject({ held: "0.00", available: "10000.00" });
  await house.db.owner.raw("DROP FUNCTION refuse_outbox CASCADE");
  expect(await desk.place(account.trader, request)).toMatchObject({ status: 202 });
});

/** As the table of faults has it; much faster, and no transaction would ever come to its end. */
const terminateEveryMs = 100;

test("F13: sessions terminated every 100 ms: every order ends up placed once, by sending it again", async () => {
  const account = await house.openAccount(100_000_000n);
  const requests = Array.from({ length: 400 }, () => anOrderRequest(account));
  let terminated = 0;
  const terminating = setInterval(() => {
    void house.db.owner
      .raw(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'api' ORDER BY random() LIMIT 1`,
      )
      .then(({ rowCount }) => {
        terminated += rowCount;
      });
  }, terminateEveryMs);
  const placeSurely = async (request: PlaceOrderRequest): Promise<void> => {
    for (;;) {
      const answer = await desk.place(account.trader, request);
      if ("order" in answer) return;
      expect(answer).toMatchObject({ status: 503, code: "TRY_AGAIN" });
    }
  };
  try {
    for (let row = 0; row < requests.length; row += 20)
      await Promise.all(requests.slice(row, row + 20).map(placeSurely));
  } finally {
    clearInterval(terminating);
  }
  expect(terminated).toBeGreaterThan(0);
  const ids = requests.map((request) => request.clientOrderId);
  const stored = await house.db.owner("orders").where({ account_id: account.accountId }).pluck("client_order_id");
  expect(stored.sort()).toEqual(ids.sort());
}, 60_000);

test("after all this the books balance, and an order is taken", async () => {
  expect(await brokenBooks(house.db)).toEqual([]);
  const account = await house.openAccount(1_000_000n);
  expect(acceptedId(await desk.place(account.trader, anOrderRequest(account)))).toBeTruthy();
});
