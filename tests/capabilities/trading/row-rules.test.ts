import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { acceptedId, anOrderRequest, type TestDesk, testDesk } from "../../support/trading.ts";

/** Rules of orders, fills and transfers that a statement trigger keeps, for the owner of the tables too. */
let house: TestDesk;
let orderId: string;
let otherAccount: string;
beforeAll(async () => {
  house = await testDesk();
  house.market.quote("MES", "5000.00", "5000.25");
  const account = await house.openAccount(100_000_000n);
  otherAccount = (await house.openAccount(100_000_000n)).accountId;
  orderId = acceptedId(await house.desk.place(account.trader, anOrderRequest(account)));
  await house.settler()([orderId]);
});
afterAll(() => house.close());

const orderColumns = [
  "tenant_id, trader_id, account_id, book, body_hash, instrument_id, terms_version, side, type, lots, quote_seq",
  "quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at",
].join(", ");

/** The order once more, with one column other than it was. */
function copyOrder(column: string, value: string | number): Promise<unknown> {
  const columns = orderColumns.split(", ");
  const values = columns.map((name) => (name === column ? "?" : name));
  return house.db.owner.raw(
    `INSERT INTO orders (id, client_order_id, ${columns.join(", ")}) SELECT ?::uuid, ?, ${values.join(", ")} FROM orders WHERE id = ?`,
    [randomUUID(), randomUUID(), value, orderId],
  );
}

test.each([
  ["tenant", "tenant_id", 999_999, "orders_account_same_tenant"],
  ["trader", "trader_id", randomUUID(), "orders_account_same_tenant"],
  ["book", "book", "demo", "orders_account_same_tenant"],
  ["account", "account_id", randomUUID(), "orders_account_same_tenant"],
  ["terms", "terms_version", 99, "orders_terms"],
])(
  "an order with another %s than its account's or instrument's is refused",
  async (_what, column, value, constraint) => {
    await expect(copyOrder(column, value)).rejects.toMatchObject({ code: "23503", constraint });
  },
);

test.each([
  ["order that does not exist", "order_id", () => randomUUID()],
  ["order of another account", "account_id", () => otherAccount],
  ["order of the other side", "side", () => "sell"],
])("a fill of an %s is refused", async (_what, column, value) => {
  const [fill] = await house.db.owner("fills").where({ order_id: orderId });
  const { id: _number, filled_at: _at, ...rest } = fill;
  const sell = column === "side" ? { price_ticks: rest.quote_bid_ticks } : {};
  const copy = { ...rest, ...sell, group_id: randomUUID(), leg: 7, [column]: value() };
  await expect(house.db.owner("fills").insert(copy)).rejects.toMatchObject({
    code: "23503",
    constraint: "fills_order_id_fkey",
  });
});

test("a transfer of an unknown code is refused", async () => {
  const [transfer] = await house.db.owner("transfers").limit(1);
  const { id: _number, xid: _xid, posted_at: _at, book_date: _date, ...rest } = transfer;
  const copy = { ...rest, code: 77, group_id: randomUUID() };
  await expect(house.db.owner("transfers").insert(copy)).rejects.toMatchObject({
    code: "23503",
    constraint: "transfers_code_known",
  });
});
