import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { down, up } from "../../migrations/0024_margin_lines.ts";
import { acceptedId, anOrderRequest, brokenBooks, type TestDesk, testDesk } from "../support/trading.ts";

let house: TestDesk;
beforeAll(async () => {
  house = await testDesk();
  house.market.quote("MES", "5000.00", "5000.00");
  house.market.quote("MNQ", "18000.00", "18000.00");
});
afterAll(() => house.close());

const held = () =>
  house.db.owner("balances").where("held", ">", 0).orderBy("ledger_account_id").select("ledger_account_id", "held");
const openHolds = () => house.db.owner("holds").where({ state: "open" }).orderBy("amount").select("kind", "amount");
const lines = () =>
  house.db.owner("positions").orderBy(["account_id", "instrument_id"]).select("instrument_id", "lots", "margin_minor");

test("positions' holds become lines and lines become holds, and no balance moves", async () => {
  const account = await house.openAccount(100_000n);
  const place = async (more: object): Promise<string> =>
    acceptedId(await house.desk.place(account.trader, anOrderRequest(account, more)));
  await house.settler()([await place({ lots: "2" }), await place({ instrument: "MNQ", side: "sell" })]);
  const [before, linesBefore] = [await held(), await lines()];
  await house.db.owner.transaction(down);
  expect(await openHolds()).toEqual([
    { kind: "position", amount: 20_000n },
    { kind: "position", amount: 20_000n },
  ]);
  expect(await held()).toEqual(before);
  await house.db.owner.transaction(up);
  expect(await openHolds()).toEqual([]);
  expect([await held(), await lines()]).toEqual([before, linesBefore]);
  expect(await brokenBooks(house.db)).toEqual([]);
});

test("an order's hold becomes a line of its own", async () => {
  const account = await house.openAccount(100_000n);
  await house.db.owner.transaction(down);
  const ledger = await house.db.owner("accounts").where({ id: account.accountId }).first("ledger_account_id");
  await house.db.owner.raw(
    `INSERT INTO orders (id, tenant_id, trader_id, account_id, book, client_order_id, body_hash, instrument_id, terms_version, side,
       type, lots, quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at)
     SELECT gen_random_uuid(), tenant_id, trader_id, id, book, 'old', '', 'MES', 1, 'buy', 'market', 3, 1, 20000, 20000, now(), now()
     FROM accounts WHERE id = ?`,
    [account.accountId],
  );
  await house.db.owner.raw(
    "INSERT INTO holds (ledger_account_id, kind, ref_id, amount) SELECT ?, 'order', id, 30186 FROM orders WHERE client_order_id = 'old'",
    [ledger.ledger_account_id.toString()],
  );
  await house.db.owner.transaction(up);
  expect(
    await house.db.owner("positions").where({ account_id: account.accountId }).select("lots", "margin_minor"),
  ).toEqual([{ lots: 0n, margin_minor: 30_186n }]);
  expect(await brokenBooks(house.db)).toEqual([]);
  await expect(house.db.owner.transaction(down)).rejects.toThrow("orders are open");
});
