import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { bankDetails, importStatement } from "../../../server/capabilities/deposits/index.ts";
import { readCamt053 } from "../../../server/platform/payments/camt053.ts";
import { type BankFile, camt053 } from "../../support/bank-files.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";
import { person, type TestDeposits, testDeposits } from "./support.ts";

const iban = "DE89370400440532013000";
const ann = person("Ann");
let cashier: TestDeposits;
let account: TestAccount;
let bankAccountId: string;

beforeAll(async () => {
  cashier = await testDeposits();
  await cashier.house.db.app("payment_channels").insert({
    ...{ channel: "bank", currency: "USD", deposits_enabled: true, deposit_min_minor: 100 },
    ...{ deposit_four_eyes_above_minor: 100_000 },
  });
});
afterAll(() => cashier?.close());
beforeEach(async () => {
  account = await cashier.house.openAccount(0n);
  bankAccountId = randomUUID();
  const { tenantId } = cashier.house;
  // One account a test: each begins with a first statement of its own.
  await cashier.house.db.owner("bank_accounts").update({ is_offered: false });
  await cashier.house.db
    .app("bank_accounts")
    .insert({ id: bankAccountId, tenant_id: tenantId, holder: "House", iban: aDigitOf(iban), currency: "USD" });
});

let made = 0;
/** Another valid IBAN of the same length: account numbers that count up, with their own check digits. */
function aDigitOf(pattern: string): string {
  made += 1;
  const body = `${pattern.slice(4, -4)}${String(made).padStart(4, "0")}`;
  const check = 98n - (BigInt(`${body}131400`) % 97n);
  return `DE${String(check).padStart(2, "0")}${body}`;
}

const standing = async (of: TestAccount): Promise<string> => {
  const details = await bankDetails(cashier.deps)(of.trader, of.accountId);
  return details?.[0]?.reference ?? "";
};
const line = (amount: string, text: string, more: Partial<BankFile["lines"][number]> = {}) => ({
  ...{ bookedOn: "2026-11-20", amount, bankReference: randomUUID().slice(0, 8), partyName: "One SOME", text, ...more },
});
async function fileOf(opening: string, closing: string, lines: BankFile["lines"]): Promise<string> {
  const bank = await cashier.house.db.app("bank_accounts").where({ id: bankAccountId }).first();
  return camt053({ iban: bank.iban, currency: "USD", opening, closing, lines });
}
function take(text: string, isDryRun = false) {
  const raw = readCamt053(text);
  if (raw === null) throw new Error("unreadable");
  const file = { bankAccountId, format: "camt053", bytes: Buffer.from(text), raw, isDryRun } as const;
  return cashier.deps.transact(ann, (work) => importStatement(work, cashier.deps.announce, ann, file));
}
const balanced = async (): Promise<void> => expect(await brokenBooks(cashier.house.db)).toEqual([]);

describe("a statement", () => {
  test("credits what names an account's reference, keeps the rest apart, and books nothing for what left", async () => {
    const kept = await cashier.ofHouse("suspense.unmatched");
    const reference = await standing(account);
    expect(await standing(account)).toBe(reference);
    const typed = reference.toLowerCase().replace("-", " ").replace(/0/g, "o");
    const text = await fileOf("500.00", "580.00", [
      line("100.00", `for ${typed}, thank you`),
      line("30.00", "no reference at all"),
      line("-50.00", "rent"),
    ]);
    expect(await take(text)).toMatchObject({ value: { lines: 3, matched: 1, unmatched: 1, out: 1, errors: [] } });
    await cashier.settle();
    expect(await cashier.balance(account)).toBe(10_000n);
    expect(await cashier.ofHouse("suspense.unmatched")).toBe(kept + 3_000n);
    const unmatched = await cashier.house.db.app("deposits").where({ channel: "bank", received_minor: 3_000 }).first();
    expect(unmatched).toMatchObject({ state: "unmatched", account_id: null });
    await cashier.decide(ann, { id: unmatched.id, decision: "match", accountId: account.accountId });
    expect(await cashier.balance(account)).toBe(13_000n);
    await balanced();
  });

  test("taken twice, and five times at once, is taken once", async () => {
    const text = await fileOf("0.00", "100.00", [line("100.00", await standing(account))]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => take(text)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ refusal: "STATEMENT_KNOWN" });
    await cashier.settle();
    expect(await cashier.balance(account)).toBe(10_000n);
    await balanced();
  });

  test("tried first tells the same and writes nothing", async () => {
    const before = await cashier.house.db.app("statement_lines").count();
    const text = await fileOf("0.00", "100.00", [line("100.00", await standing(account))]);
    expect(await take(text, true)).toMatchObject({ value: { statementId: null, matched: 1, errors: [] } });
    expect(await cashier.house.db.app("statement_lines").count()).toEqual(before);
    expect(await take(text)).toMatchObject({ value: { statementId: expect.any(String), matched: 1 } });
  });

  test("that does not add up, has rows that can't be read, or is another account's, is refused with all its errors", async () => {
    const errorsOf = async (text: string): Promise<unknown[]> => {
      const taken = await take(text);
      if (!taken.ok) throw new Error(taken.refusal);
      expect(taken.value.statementId).toBeNull();
      return taken.value.errors.map(({ row, code }) => [row, code]);
    };
    const good = line("100.00", "x");
    expect(await errorsOf(await fileOf("0.00", "100.01", [good]))).toEqual([[null, "SUM_DIFFERS"]]);
    const bad = [good, { ...good, amount: "1.005" }, { ...good, bookedOn: "2026-02-30" }];
    expect(await errorsOf(await fileOf("0.00", "0.00", bad))).toEqual([
      [2, "AMOUNT_INVALID"],
      [3, "DATE_INVALID"],
    ]);
    const foreign = camt053({ iban: "GB82WEST12345698765432", currency: "EUR", opening: "0", closing: "0", lines: [] });
    expect(await errorsOf(foreign)).toEqual([
      [null, "ACCOUNT_DIFFERS"],
      [null, "CURRENCY_DIFFERS"],
    ]);
    expect(await cashier.house.db.app("bank_statements").where({ bank_account_id: bankAccountId })).toEqual([]);
  });

  test("must begin where the last one ended", async () => {
    await take(await fileOf("0.00", "10.00", [line("10.00", "a")]));
    const gap = await take(await fileOf("20.00", "30.00", [line("10.00", "b")]));
    expect(gap).toMatchObject({ value: { errors: [{ code: "NOT_CONTINUED", value: "20.00", expected: "10.00" }] } });
    expect(await take(await fileOf("10.00", "30.00", [line("20.00", "c")]))).toMatchObject({ value: { errors: [] } });
    await cashier.settle();
    await balanced();
  });

  test("with two payments alike has two", async () => {
    const one = line("10.00", await standing(account));
    await take(await fileOf("0.00", "20.00", [one, { ...one }]));
    await cashier.settle();
    expect(await cashier.balance(account)).toBe(2_000n);
    await balanced();
  });
});

describe("is looked at by a person before it is credited:", () => {
  test.each([
    ["a payment of another person", "100.00", { partyName: "Some Body" }, "NAME_DIFFERS"],
    ["a payment whose payer the bank does not name", "100.00", { partyName: "" }, "NAME_DIFFERS"],
    ["more than one person may credit", "1000.01", {}, "FOUR_EYES"],
    ["less than the least deposit", "0.99", {}, "AMOUNT_MIN"],
  ])("%s", async (_what, amount, more, code) => {
    await take(await fileOf("0.00", amount, [line(amount, await standing(account), more)]));
    await cashier.settle();
    const [row] = await cashier.house.db.app("deposits").where({ account_id: account.accountId });
    expect(row.state).toBe("in-review");
    expect(row.checks).toContainEqual(expect.objectContaining({ code, passed: false }));
    expect(await cashier.balance(account)).toBe(0n);
    await balanced();
  });
});

test("a deposit that was asked for is matched by its reference and amount", async () => {
  const answer = await cashier.request(account, "75.00", { channel: "bank" });
  if (!answer.ok) throw new Error(answer.refusal.code);
  const { id, reference } = answer.value;
  const other = await cashier.request(account, "60.00", { channel: "bank" });
  if (!other.ok) throw new Error(other.refusal.code);
  await take(
    await fileOf("0.00", "125.00", [line("75.00", `x ${reference}`), line("50.00", other.value.reference ?? "")]),
  );
  await cashier.settle();
  expect((await cashier.row(id)).state).toBe("credited");
  expect((await cashier.row(other.value.id)).state).toBe("underpaid");
  expect(await cashier.balance(account)).toBe(7_500n);
  await balanced();
});

test("a text with references of two accounts says nothing", async () => {
  const other = await cashier.house.openAccount(0n);
  const text = `${await standing(account)} ${await standing(other)}`;
  expect(await take(await fileOf("0.00", "10.00", [line("10.00", text)]))).toMatchObject({ value: { matched: 0 } });
  await cashier.settle();
  await balanced();
});
