import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { minorUnits } from "#core/units.ts";
import { mes, mesTerms } from "../../core/trading-builders.ts";
import { acceptedId, anOrderRequest, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";

let desk: TestDesk;
let account: TestAccount;
beforeAll(async () => {
  const terms = { ...mesTerms, initialMargin: minorUnits(242_000n), feePerSide: minorUnits(62n) };
  desk = await testDesk([{ ...mes, terms }]);
  account = await desk.openAccount(1_000_000n);
});
afterAll(() => desk.close());

const money = async () => {
  const row = await desk.db
    .app("balances as b")
    .join("accounts as a", "a.ledger_account_id", "b.ledger_account_id")
    .where("a.id", account.accountId)
    .first("b.posted", "b.held");
  const journal = await desk.db
    .app("transfers as t")
    .join("ledger_accounts as d", "d.id", "t.debit_account")
    .join("ledger_accounts as c", "c.id", "t.credit_account")
    .whereNot("t.code", 40)
    .orderBy(["t.id"])
    .select("t.code", "d.kind as from", "c.kind as to", "t.amount");
  const line = await desk.db.app("positions").where({ account_id: account.accountId }).first("lots", "margin_minor");
  return { posted: row.posted, held: row.held, journal: journal.slice(seen.length), line };
};
const seen: unknown[] = [];
const step = async () => {
  const now = await money();
  seen.push(...now.journal);
  return now;
};

test("the trade of LEDGER.md is booked leg by leg as it says there", async () => {
  desk.market.quote("MES", "5250.00", "5250.25");
  const bought = acceptedId(await desk.desk.place(account.trader, anOrderRequest(account)));
  expect(await step()).toEqual({
    posted: 1_000_000n,
    held: 242_062n,
    journal: [],
    line: { lots: 0n, margin_minor: 242_062n },
  });

  await desk.settler()([bought]);
  expect(await step()).toEqual({
    posted: 999_938n,
    held: 242_000n,
    journal: [{ code: 11, from: "trader.cash", to: "house.fee", amount: 62n }],
    line: { lots: 1n, margin_minor: 242_000n },
  });

  desk.market.quote("MES", "5260.00", "5260.25");
  const sold = acceptedId(await desk.desk.place(account.trader, anOrderRequest(account, { side: "sell" })));
  expect(await step()).toEqual({
    posted: 999_938n,
    held: 242_000n,
    journal: [],
    line: { lots: 1n, margin_minor: 242_000n },
  });

  await desk.settler()([sold]);
  expect(await step()).toEqual({
    posted: 1_004_751n,
    held: 0n,
    journal: [
      { code: 10, from: "house.pnl", to: "trader.cash", amount: 4_875n },
      { code: 11, from: "trader.cash", to: "house.fee", amount: 62n },
    ],
    line: { lots: 0n, margin_minor: 0n },
  });
});
