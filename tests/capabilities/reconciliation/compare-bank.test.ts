import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { bankDetails, importStatement } from "../../../server/capabilities/deposits/index.ts";
import { compareBank } from "../../../server/capabilities/reconciliation/index.ts";
import { readCamt053 } from "../../../server/platform/payments/camt053.ts";
import { camt053 } from "../../support/bank-files.ts";
import type { TestAccount } from "../../support/trading.ts";
import { person, type TestDeposits, testDeposits } from "../deposits/support.ts";

const iban = "DE89370400440532013000";
/** Lines are booked on this date; the payments are credited on the day the test runs, which is later or the same. */
const bookedOn = "2026-01-05";
const farAhead = "2100-01-04";
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
const compared = async (bookDate = farAhead) => {
  const banks = await compareBank(cashier.house.db.app, { tenantId: cashier.house.tenantId, bookDate });
  return banks.find(({ currency }) => currency === "USD");
};

test("a payment is only theirs until it is booked, and matched from then on", async () => {
  await takeStatement();
  expect(await compared()).toMatchObject({ ours: 0n, theirs: 55_000n, opening: 50_000n, matched: 0n, openCount: 2n });
  await cashier.settle();
  const after = await compared();
  expect(after).toMatchObject({ ours: 10_000n, theirs: 55_000n, opening: 50_000n, matched: 1n, openCount: 1n });
  expect(after?.open).toMatchObject([{ foundIn: "only-theirs", ours: 0n, theirs: -5_000n, ageDays: 27_027 }]);
});

test("what was credited after the date is not ours on the date yet", async () => {
  await takeStatement();
  await cashier.settle();
  const then = await compared(bookedOn);
  expect(then).toMatchObject({ ours: 0n, theirs: 55_000n, matched: 0n, openCount: 2n });
  expect(then?.open.map(({ foundIn, ageDays }) => [foundIn, ageDays])).toEqual([
    ["only-theirs", 0],
    ["only-theirs", 0],
  ]);
  expect(await compared("2026-01-04")).toBeUndefined();
});

test("money that somebody booked past the bank is only ours, and on top of a deposit it differs", async () => {
  await takeStatement();
  await cashier.settle();
  const { owner } = cashier.house.db;
  const deposit = await owner("deposits").where({ channel: "bank" }).first("id");
  const [past, onTop] = [randomUUID(), deposit.id];
  for (const [group, amount, leg] of [
    [past, 777, 0],
    [onTop, 1, 90],
  ])
    await owner.raw(
      `INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg)
       SELECT t.tenant_id, t.book, t.currency, t.debit_account, t.credit_account, ?, t.code, ?, ?
       FROM transfers t WHERE t.group_id = ? AND t.leg = (SELECT min(leg) FROM transfers WHERE group_id = ?)`,
      [amount, group, leg, deposit.id, deposit.id],
    );
  const after = await compared();
  expect(after).toMatchObject({ ours: 10_778n, matched: 0n, openCount: 3n });
  const found = after?.open.map(({ payment, foundIn, ours, theirs }) => ({ payment, foundIn, ours, theirs }));
  expect(found).toContainEqual({ payment: past, foundIn: "only-ours", ours: 777n, theirs: 0n });
  expect(found).toContainEqual({ payment: onTop, foundIn: "differs", ours: 10_001n, theirs: 10_000n });
});
