import { expect } from "@jest/globals";
import type { CsvMapping } from "#core/statement.ts";
import { bankDetails, importStatement } from "../../server/capabilities/deposits/index.ts";
import { readCamt053 } from "../../server/platform/payments/camt053.ts";
import { readCsvStatement } from "../../server/platform/payments/csv-statement.ts";
import { readMt940 } from "../../server/platform/payments/mt940.ts";
import { camt053, mt940 } from "../support/bank-files.ts";
import { ann, ben, type Month, type Person } from "./house.ts";

const typed = (minor: bigint): string => {
  const digits = String(minor < 0n ? -minor : minor).padStart(3, "0");
  return `${minor < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/** A transfer to the house's bank account with the account's standing reference, or with none that means anything. */
export async function payToBank(month: Month, { account }: Person, amount: bigint, named = true): Promise<void> {
  const [details] = (await bankDetails(month.cards.deps)(account.trader, account.accountId)) ?? [];
  const bankReference = `IN${month.facts.payments.length}`;
  const text = named ? `${details?.reference}` : "for my account";
  month.bank.coming.push({ amount, bankReference, text });
  const fact = { channel: "bank", paymentNo: bankReference, amount, state: "credited" } as const;
  month.facts.came(fact, account, amount);
}

const mapping: CsvMapping = {
  ...{ delimiter: ";", decimalPoint: ".", dateOrder: "YMD" },
  ...{ date: "Date", amount: "Amount", text: "Text", name: "Name", reference: "Reference" },
};

/** The bank's file of a day in one of its three forms, as it would be read. */
function statementOf({ bank }: Month, day: string, closing: bigint) {
  const lines = bank.coming.map(({ amount, ...line }) => ({
    ...{ ...line, bookedOn: day, amount: typed(amount), partyName: "One SOME" },
  }));
  const file = { iban: bank.iban, currency: "USD", opening: typed(bank.balance), closing: typed(closing), lines };
  const form = (["camt053", "mt940", "csv"] as const)[bank.statements % 3] ?? "camt053";
  if (form === "camt053") return { format: form, text: camt053(file), read: readCamt053 };
  if (form === "mt940") return { format: form, text: mt940(file), read: readMt940 };
  const rows = lines.map((one) => [one.bookedOn, one.amount, one.text, one.partyName, one.bankReference].join(";"));
  const text = ["Date;Amount;Text;Name;Reference", ...rows].join("\n");
  return { format: form, text, read: (given: string) => readCsvStatement(given, mapping, file) };
}

/** Imports the bank's day: tried first, refused while its sums are wrong, taken once, and not again. */
export async function bankDay(month: Month, day: string, isWrongFirst: boolean): Promise<void> {
  const { bank, cards } = month;
  if (bank.coming.length === 0) return;
  const closing = bank.coming.reduce((sum, { amount }) => sum + amount, bank.balance);
  const take = ({ format, text, read }: ReturnType<typeof statementOf>, isDryRun = false) => {
    const raw = read(text);
    if (raw === null) throw new Error("the bank's file can't be read");
    const file = { bankAccountId: bank.id, format, bytes: Buffer.from(text), raw, isDryRun };
    return cards.deps.transact(ann, (work) => importStatement(work, cards.deps.announce, ann, file));
  };
  if (isWrongFirst) {
    const wrong = await take(statementOf(month, day, closing + 1n));
    expect(wrong).toMatchObject({ ok: true, value: { statementId: null, errors: [{ code: "SUM_DIFFERS" }] } });
  }
  const file = statementOf(month, day, closing);
  expect(await take(file, true)).toMatchObject({ ok: true, value: { statementId: null, errors: [] } });
  const five = await Promise.all(Array.from({ length: 3 }, () => take(file)));
  expect(five.filter(({ ok }) => ok)).toHaveLength(1);
  bank.coming.splice(0);
  bank.balance = closing;
  bank.statements += 1;
  await cards.settle();
  const large: string[] = await month.house.db
    .app("deposits")
    .where({ channel: "bank", state: "in-review" })
    .pluck("id");
  for (const id of large) await matchOne(month, id);
}

/** By as many different people as it takes. */
async function matchOne({ cards }: Month, id: string, accountId?: string): Promise<void> {
  const { state } = await cards.row(id);
  for (const person of [ann, ben])
    if ((await cards.row(id)).state === state)
      await cards.decide(person, { id, decision: "match", ...(accountId === undefined ? {} : { accountId }) });
  expect(await cards.row(id)).toMatchObject({ state: "credited" });
}

/** What came without a reference is given to whom it is from. */
export async function matchByHand(month: Month, { account }: Person, amount: bigint): Promise<void> {
  const row = await month.house.db
    .app("deposits")
    .where({ channel: "bank", state: "unmatched", received_minor: amount.toString() })
    .first();
  await matchOne(month, row.id, account.accountId);
}
