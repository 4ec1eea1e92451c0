import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { verifyBooks } from "../../../server/capabilities/ledger/index.ts";
import { aBook } from "../../support/ledger.ts";
import { acceptedId, anOrderRequest, type TestDesk, testDesk } from "../../support/trading.ts";

/** A desk with a bit of everything: an open position, a closed one, a rejected order and one that still waits. */
let desk: TestDesk;
/** Values that the tampering statements below name. */
let names: Record<string, string>;

beforeAll(async () => {
  desk = await testDesk();
  const { market } = desk;
  market.quote("MES", "5250.00", "5250.25");
  market.quote("MNQ", "18000.00", "18000.25");
  const account = await desk.openAccount(1_000_000n);
  const place = async (request: Parameters<typeof anOrderRequest>[1]): Promise<string> =>
    acceptedId(await desk.desk.place(account.trader, anOrderRequest(account, request)));
  const settled = [await place({ lots: "3" }), await place({ instrument: "MNQ", side: "sell" })];
  await desk.settler()(settled);
  market.quote("MES", "5260.00", "5260.25");
  const sold = await place({ side: "sell", lots: "1" });
  await desk.settler()([sold]);
  const waiting = await place({ lots: "1" });
  const other = await aBook(desk.db.app);
  const cash = await desk.db.app("accounts").where({ id: account.accountId }).first("ledger_account_id");
  const house = await desk.db.app("ledger_accounts").where({ tenant_id: desk.tenantId, kind: "house.pnl" }).first("id");
  const fee = await desk.db.app("ledger_accounts").where({ tenant_id: desk.tenantId, kind: "house.fee" }).first("id");
  names = {
    cash: `${cash.ledger_account_id}`,
    house: `${house.id}`,
    fee: `${fee.id}`,
    other: `${other.house.pnl}`,
    tenant: `${desk.tenantId}`,
    filled: settled[0] ?? "",
    waiting,
    group: randomUUID(),
  };
  // A superuser who means harm begins so; nothing below could be written otherwise.
  for (const table of ["transfers", "holds", "fills", "orders", "positions", "ledger_accounts"])
    await desk.db.owner.raw("ALTER TABLE ?? DISABLE TRIGGER USER", [table]);
});
afterAll(() => desk.close());

const broken = async () => (await verifyBooks(desk.db.app)).map((one) => one.invariant);
const run = async (statements: readonly string[]) => {
  for (const statement of statements) await desk.db.owner.raw(statement, names);
};

test("untouched books have no broken rule", async () => {
  expect(await verifyBooks(desk.db.app)).toEqual([]);
});

const move = (columns: string, from: string, amount: number) =>
  `UPDATE balances SET ${columns} = ${columns} + ${amount} WHERE ledger_account_id = :${from}::bigint`;
const post = (debit: string, credit: string, code: number) =>
  `INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg)
   VALUES (:tenant::int, 'live', 'USD', :${debit}::bigint, :${credit}::bigint, 7, ${code}, :group::uuid, 9)`;
const unpost = "DELETE FROM transfers WHERE group_id = :group::uuid";
const line = (change: string) =>
  `UPDATE positions SET margin_minor = margin_minor ${change} WHERE instrument_id = 'MES' AND account_id = (SELECT account_id FROM orders WHERE id = :waiting::uuid)`;
const part = (lots: number) =>
  `INSERT INTO open_lots (book, tenant_id, instrument_id, long, short) SELECT book, tenant_id, instrument_id, ${lots}, 0 FROM positions WHERE lots > 0`;
const filledOf = (table: string) => `${table} WHERE order_id = :filled::uuid`;

describe("each rule names its own breach, and only that", () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    [
      "I1 trial balance",
      "money was moved to another partner",
      [post("house", "other", 40), move("posted", "house", -7), move("posted", "other", 7)],
      [unpost, move("posted", "house", 7), move("posted", "other", -7)],
    ],
    [
      "I2 balance is its journal",
      "a balance was changed against another",
      [move("posted", "cash", 1), move("posted", "house", -1)],
      [move("posted", "cash", -1), move("posted", "house", 1)],
    ],
    [
      "I2 balance is its journal",
      "a journal row was changed",
      ["UPDATE transfers SET amount = amount + 5 WHERE code = 40"],
      ["UPDATE transfers SET amount = amount - 5 WHERE code = 40"],
    ],
    [
      "I3 held is the lines and holds",
      "more is held than the lines say",
      [move("held", "cash", 1)],
      [move("held", "cash", -1)],
    ],
    [
      "I4 line is no more than needed",
      "a line holds more than its position and orders need",
      [line("+ 5"), move("held", "cash", 5)],
      [line("- 5"), move("held", "cash", -5)],
    ],
    [
      "I5 line is covered",
      "the line of a waiting order was let go while there is money",
      [line("- 5"), move("held", "cash", -5)],
      [line("+ 5"), move("held", "cash", 5)],
    ],
    [
      "I6 fill has its legs",
      "a fill's fee was changed",
      [`UPDATE fills SET fee_minor = fee_minor + 1 WHERE order_id = :filled::uuid`],
      [`UPDATE fills SET fee_minor = fee_minor - 1 WHERE order_id = :filled::uuid`],
    ],
    [
      "I6 fill has its legs",
      "a fill's profit was changed",
      [`UPDATE fills SET realized_pnl_minor = realized_pnl_minor + 1 WHERE order_id = :filled::uuid`],
      [`UPDATE fills SET realized_pnl_minor = realized_pnl_minor - 1 WHERE order_id = :filled::uuid`],
    ],
    [
      "I6 fill has its legs",
      "a fee was taken without a fill",
      [post("cash", "fee", 11), move("posted", "cash", -7), move("posted", "fee", 7)],
      [unpost, move("posted", "cash", 7), move("posted", "fee", -7)],
    ],
    [
      "I6 fill has its legs",
      "a fill got a leg of another kind",
      [
        post("house", "cash", 40).replace(":group::uuid", `(SELECT group_id FROM ${filledOf("fills")})`),
        move("posted", "cash", 7),
        move("posted", "house", -7),
      ],
      ["DELETE FROM transfers WHERE leg = 9", move("posted", "cash", -7), move("posted", "house", 7)],
    ],
    [
      "I7 position is its fills",
      "a position got a lot more",
      ["UPDATE positions SET lots = lots + 1 WHERE lots > 0", part(1), line("+ 10000"), move("held", "cash", 10_000)],
      ["UPDATE positions SET lots = lots - 1 WHERE lots > 0", part(-1), line("- 10000"), move("held", "cash", -10_000)],
    ],
    ["I24 open lots are the positions", "what all traders hold was made less", [part(-1)], [part(1)]],
    [
      "I8 bracket is its position's",
      "an order was made a stop loss that would add to the position",
      ["UPDATE orders SET origin = 'stop-loss' WHERE id = :waiting::uuid"],
      ["UPDATE orders SET origin = 'trader' WHERE id = :waiting::uuid"],
    ],
    [
      "I9 order is its fills",
      "an order says it was filled for less",
      ["UPDATE orders SET filled_lots = 1 WHERE id = :waiting::uuid"],
      ["UPDATE orders SET filled_lots = 0 WHERE id = :waiting::uuid"],
    ],
    [
      "I10 mark has its legs",
      "a daily settlement was booked without a mark",
      [post("house", "cash", 14), move("posted", "cash", 7), move("posted", "house", -7)],
      [unpost, move("posted", "cash", -7), move("posted", "house", 7)],
    ],
    [
      "I11 result is explained",
      "a position's cost was changed",
      ["UPDATE positions SET cost_ticks = cost_ticks + 1 WHERE lots > 0"],
      ["UPDATE positions SET cost_ticks = cost_ticks - 1 WHERE lots > 0"],
    ],
  ])("%s: %s", async (invariant, _breach, tamper, mend) => {
    await run(tamper);
    const found = await broken();
    await run(mend);
    expect(found).toEqual([invariant]);
    expect(await broken()).toEqual([]);
  });
});

test("an account whose balance row is gone is found", async () => {
  await run(["CREATE TABLE gone AS SELECT * FROM balances WHERE ledger_account_id = :cash::bigint"]);
  await run(["DELETE FROM balances WHERE ledger_account_id = :cash::bigint"]);
  expect(await broken()).toContain("I2 balance is its journal");
  await run(["INSERT INTO balances SELECT * FROM gone", "DROP TABLE gone"]);
});

test("the report says the rule in a sentence and shows the rows", async () => {
  await run([move("held", "cash", 3)]);
  const [report] = await verifyBooks(desk.db.app);
  await run([move("held", "cash", -3)]);
  expect(report).toMatchObject({
    says: "What is held on an account equals the sum of its margin lines and of its open holds.",
    rows: [{ ledger_account_id: BigInt(names.cash ?? "0") }],
  });
});
