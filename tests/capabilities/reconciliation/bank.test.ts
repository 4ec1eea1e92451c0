import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { bankDetails, importStatement } from "../../../server/capabilities/deposits/index.ts";
import { readCamt053 } from "../../../server/platform/payments/camt053.ts";
import { camt053 } from "../../support/bank-files.ts";
import type { TestAccount } from "../../support/trading.ts";
import { person, type TestDeposits, testDeposits } from "../deposits/support.ts";
import { compareNow, tasksOf } from "./support.ts";

const iban = "DE89370400440532013000";
/** Lines are booked on this date; the payments are credited on the day the test runs, which is later or the same. */
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const bookedOn = daysAgo(30);
const ann = person("Ann");
let cashier: TestDeposits;
let account: TestAccount;
let bankAccountId: string;

beforeEach(async () => {
  cashier = await testDeposits();
  const { db, tenantId } = cashier.house;
  await db.app("payment_channels").insert({
    ...{ channel: "bank", currency: "USD", deposits_enabled: true, deposit_min_minor: 100 },
    ...{ deposit_four_eyes_above_minor: 100_000 },
  });
  account = await cashier.house.openAccount(0n);
  bankAccountId = randomUUID();
  await db
    .app("bank_accounts")
    .insert({ id: bankAccountId, tenant_id: tenantId, holder: "House", iban, currency: "USD" });
});
afterEach(() => cashier?.close());

/** Takes a statement that opens with 500.00: 100.00 for the account, 50.00 gone. */
async function takeStatement(): Promise<void> {
  const details = await bankDetails(cashier.deps)(account.trader, account.accountId);
  const line = { bookedOn, partyName: "One SOME" };
  const text = camt053({
    ...{ iban, currency: "USD", opening: "500.00", closing: "550.00" },
    lines: [
      { ...line, amount: "100.00", bankReference: "B1", text: details?.[0]?.reference ?? "" },
      { ...line, amount: "-50.00", bankReference: "B2", text: "rent" },
    ],
  });
  const raw = readCamt053(text);
  if (raw === null) throw new Error("unreadable");
  const file = { bankAccountId, format: "camt053", bytes: Buffer.from(text), raw, isDryRun: false } as const;
  const taken = await cashier.deps.transact(ann, (work) => importStatement(work, cashier.deps.announce, ann, file));
  expect(taken).toMatchObject({ ok: true, value: { errors: [] } });
}
const compare = (days = {}) =>
  compareNow(
    cashier.house.db.app,
    { tenantId: cashier.house.tenantId, channel: "bank", channels: [], chains: [] },
    { fromDate: bookedOn, ...days },
  );
const tasks = () => tasksOf(cashier.house.db.app);
const lineGone = async (): Promise<string> => {
  const { id } = await cashier.house.db.app("statement_lines").where({ bank_reference: "B2" }).first("id");
  return `line ${id}`;
};
const depositId = async (): Promise<string> =>
  (await cashier.house.db.app("deposits").where({ channel: "bank" }).first("id")).id;

test("a payment is only theirs until it is booked, and matched from then on", async () => {
  await takeStatement();
  const [deposit, gone] = [await depositId(), await lineGone()];
  const before = await compare();
  expect([...before.items].sort()).toEqual([`${deposit} only-theirs 0 10000`, `${gone} only-theirs 0 -5000`].sort());
  expect(before.totals).toMatchObject([
    { currency: "USD", ours_minor: 0n, theirs_minor: 55_000n, aside_minor: 50_000n, explained_minor: 5_000n },
  ]);
  await cashier.settle();
  const after = await compare();
  expect([...after.items].sort()).toEqual([`${deposit} matched 10000 10000`, `${gone} only-theirs 0 -5000`].sort());
  expect(after.totals).toMatchObject([{ ours_minor: 10_000n, theirs_minor: 55_000n, explained_minor: -5_000n }]);
  expect((await tasks()).sort()).toEqual([`${deposit} matched 0 10000`, `${gone} open 0 -5000`].sort());
});

test("a line that is handed in late is found by the day it came, and by the day it was booked", async () => {
  await takeStatement();
  expect((await compare({ fromDate: daysAgo(40), toDate: daysAgo(40) })).items).toEqual([]);
  expect((await compare({ toDate: bookedOn })).items).toHaveLength(2);
  const { rows } = await cashier.house.db.app.raw(
    "SELECT to_char(book_date_of(clock_timestamp()), 'YYYY-MM-DD') AS today",
  );
  expect((await compare({ fromDate: rows[0].today })).items).toHaveLength(2);
});

test("money that somebody booked past the bank is only ours, and on top of a deposit it differs", async () => {
  await takeStatement();
  await cashier.settle();
  const { owner } = cashier.house.db;
  const deposit = await depositId();
  const past = randomUUID();
  for (const [group, amount, leg] of [
    [past, 777, 0],
    [deposit, 1, 90],
  ] as const)
    await owner.raw(
      `INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg)
       SELECT t.tenant_id, t.book, t.currency, t.debit_account, t.credit_account, ?, t.code, ?, ?
       FROM transfers t WHERE t.group_id = ? AND t.leg = (SELECT min(leg) FROM transfers WHERE group_id = ?)`,
      [amount, group, leg, deposit, deposit],
    );
  const run = await compare();
  expect([...run.items].sort()).toEqual(
    [`${past} only-ours 777 0`, `${deposit} differs 10001 10000`, `${await lineGone()} only-theirs 0 -5000`].sort(),
  );
  expect(run.totals).toMatchObject([{ ours_minor: 10_778n, explained_minor: -5_778n }]);
});
