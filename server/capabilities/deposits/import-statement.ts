import { createHash } from "node:crypto";
import type { StatementFormat, StatementReply } from "#contracts/bank-api.ts";
import { findReferences } from "#core/payment-reference.ts";
import type { PayoutLine } from "#core/payout-line.ts";
import { assert, ok, type Result, refuse } from "#core/result.ts";
import { checkStatement, type RawStatement, type Statement, type StatementLine } from "#core/statement.ts";
import { formatDecimal, minorUnits } from "#core/units.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import { matchPayouts } from "../withdrawals/index.ts";
import type { DepositDeps } from "./ports.ts";
import { recordFact } from "./record-fact.ts";
import { silentChannel } from "./silent-channel.ts";

export interface StatementFile {
  readonly bankAccountId: string;
  readonly format: StatementFormat;
  readonly bytes: Uint8Array;
  readonly raw: RawStatement;
  /** Everything is looked at and nothing is written. */
  readonly isDryRun: boolean;
}

export type ImportRefusal = "NO_PERSON" | "UNKNOWN_BANK_ACCOUNT" | "STATEMENT_KNOWN" | "TOO_MANY_LINES";

/** They are taken in one transaction. */
const linesMax = 5_000;

interface BankAccount {
  id: string;
  tenant_id: number;
  iban: string;
  currency: string;
}

/**
 * Takes a bank's statement: once, only where the last one of the account ended, only when its balances and lines add up. Each payment
 * that came becomes a fact of the bank, with the deposit that its reference names or one that is nobody's, due to be settled at once. What
 * left, and what the bank calls returned, is the payout that it names; the rest of what left stands as it is, for a person to look at.
 * With any error nothing is written; the report names them all.
 */
export async function importStatement(
  work: Work,
  announce: DepositDeps["announce"],
  actor: Actor,
  file: StatementFile,
): Promise<Result<StatementReply, ImportRefusal>> {
  if (actor.id === null) return refuse("NO_PERSON");
  const { db } = work;
  const bank: BankAccount | undefined = await db("bank_accounts").where({ id: file.bankAccountId }).forUpdate().first();
  if (bank === undefined) return refuse("UNKNOWN_BANK_ACCOUNT");
  const { scale } = await db("currencies").where({ code: bank.currency }).first("scale");
  const fileHash = createHash("sha256").update(file.bytes).digest();
  const known = await db("bank_statements").where({ bank_account_id: bank.id, file_hash: fileHash }).first("id");
  if (known !== undefined) return refuse("STATEMENT_KNOWN");
  if (file.raw.lines.length > linesMax) return refuse("TOO_MANY_LINES");
  const last = await db("bank_statements").where({ bank_account_id: bank.id }).orderBy("place", "desc").first();
  const lastClosing = last === undefined ? null : minorUnits(last.closing_minor);
  const { iban, currency } = bank;
  const { statement, errors } = checkStatement(file.raw, { iban, currency, scale, lastClosing });
  const references = await referencesOf(work, bank, statement);
  const of = { tenantId: bank.tenant_id, bankAccountId: bank.id, currency };
  // A file that can't be taken locks nobody's withdrawal.
  const payouts =
    errors.length > 0 ? new Map<StatementLine, PayoutLine>() : await matchPayouts(db, of, statement.lines);
  const report = { ...countsOf(statement, { references, payouts }), errors };
  if (file.isDryRun || errors.length > 0) return ok({ ...report, statementId: null });
  const id = newId();
  await db("bank_statements").insert({
    ...{ id, tenant_id: bank.tenant_id, bank_account_id: bank.id, place: (last?.place ?? 0) + 1 },
    ...{ format: file.format, file_hash: fileHash, file: Buffer.from(file.bytes), currency, currency_scale: scale },
    ...{ opening_minor: statement.opening.toString(), closing_minor: statement.closing.toString() },
    ...{ lines: statement.lines.length, imported_by_id: actor.id, imported_by: actor.name },
  });
  await writeLines(work, bank, { id, scale, statement, references, payouts });
  const money = (minor: bigint): string => formatDecimal(minor, scale);
  work.audit({
    ...{ action: "import", resource: "bank-statements", objectId: id, tenantId: bank.tenant_id },
    after: { ...report, opening: money(statement.opening), closing: money(statement.closing), currency, iban },
  });
  work.afterCommit(() => announce({ kind: "changed", resource: "bank-statements", id }));
  return ok({ ...report, statementId: id });
}

type Matches = Pick<Taken, "references" | "payouts">;

function countsOf({ lines }: Statement, { references, payouts }: Matches) {
  const isPayout = (line: StatementLine): boolean => (payouts.get(line)?.withdrawalId ?? null) !== null;
  const [came, out] = [lines.filter(({ amount }) => amount > 0n), lines.filter(({ amount }) => amount < 0n)];
  const [returned, paid] = [came.filter(isPayout).length, out.filter(isPayout).length];
  const matched = came.filter((line) => !isPayout(line) && references.has(line)).length;
  return {
    ...{ lines: lines.length, matched, unmatched: came.length - returned - matched, returned },
    ...{ paid, out: out.length - paid },
  };
}

/** The reference of each payment that names one of ours: a deposit's or an account's. */
async function referencesOf(
  { db }: Work,
  { tenant_id }: BankAccount,
  { lines }: Statement,
): Promise<ReadonlyMap<StatementLine, string>> {
  const named = lines
    .filter(({ amount }) => amount > 0n)
    .map((line) => [line, findReferences(`${line.text} ${line.bankReference}`)] as const);
  const all = [...new Set(named.flatMap(([, references]) => references))];
  const { rows } = await db.raw<{ rows: { reference: string }[] }>(
    `SELECT reference FROM deposits WHERE tenant_id = ? AND channel = 'bank' AND reference = ANY (?::text[])
     UNION SELECT reference FROM payment_references WHERE tenant_id = ? AND reference = ANY (?::text[])`,
    [tenant_id, all, tenant_id, all],
  );
  const ours = new Set(rows.map(({ reference }) => reference));
  return new Map(
    named.flatMap(([line, references]) => {
      const known = references.filter((reference) => ours.has(reference));
      // Two references of ours in one text say nothing: a person decides.
      const [only] = known;
      return only === undefined || known.length > 1 ? [] : [[line, only] as const];
    }),
  );
}

interface Taken {
  readonly id: string;
  readonly scale: number;
  readonly statement: Statement;
  readonly references: ReadonlyMap<StatementLine, string>;
  readonly payouts: ReadonlyMap<StatementLine, PayoutLine>;
}

async function writeLines(work: Work, bank: BankAccount, taken: Taken): Promise<void> {
  const { id, scale, statement, references, payouts } = taken;
  const { db } = work;
  const keys = keysOf(bank, statement.lines);
  const deposits: string[] = [];
  for (const [place, line] of statement.lines.entries()) {
    const lineKey = keys[place] ?? "";
    const payout = payouts.get(line) ?? { withdrawalId: null, problem: null };
    const isDeposit = line.amount > 0n && payout.withdrawalId === null;
    const depositId = isDeposit ? await recordLine(work, bank, line, lineKey, scale, references) : null;
    if (depositId !== null) deposits.push(depositId);
    await db("statement_lines").insert({
      ...{ tenant_id: bank.tenant_id, bank_account_id: bank.id, statement_id: id, row_no: line.row },
      ...{ line_key: lineKey, booked_on: line.bookedOn, amount_minor: line.amount.toString(), currency: bank.currency },
      ...{ currency_scale: scale, bank_reference: line.bankReference, party_name: line.partyName, text: line.text },
      ...{ end_to_end_id: line.endToEndId, return_reason: line.returnReason, deposit_id: depositId },
      ...{ withdrawal_id: payout.withdrawalId, problem: payout.problem },
    });
  }
  await db("deposits")
    .whereIn("id", deposits)
    .update({ next_poll_at: db.raw("clock_timestamp()") });
}

async function recordLine(
  work: Work,
  bank: BankAccount,
  line: StatementLine,
  lineKey: string,
  scale: number,
  references: Taken["references"],
): Promise<string> {
  const recorded = await recordFact(work, silentChannel("bank", bank.tenant_id), {
    ...{ externalId: `statement:${lineKey}`, paymentNo: lineKey, status: "paid", source: "statement" },
    ...{ reference: references.get(line) ?? null, payerName: line.partyName, currency: bank.currency },
    amount: formatDecimal(line.amount, scale),
    body: Buffer.from(JSON.stringify({ ...line, amount: formatDecimal(line.amount, scale) })),
  });
  assert(recorded.ok, `line ${line.row} of a checked statement was refused`);
  assert(recorded.value.isNew, `line ${line.row} is a payment that is known: ${lineKey}`);
  return recorded.value.depositId;
}

/** What names a line, with its number among those of its file that are alike: two equal payments of a day are two. */
function keysOf({ iban }: BankAccount, lines: readonly StatementLine[]): readonly string[] {
  const alike = new Map<string, number>();
  return lines.map(({ bookedOn, amount, bankReference, partyName, text }) => {
    const name = JSON.stringify([iban, bookedOn, amount.toString(), bankReference, partyName, text]);
    const nth = (alike.get(name) ?? 0) + 1;
    alike.set(name, nth);
    return createHash("sha256").update(`${name}#${nth}`).digest("hex");
  });
}
