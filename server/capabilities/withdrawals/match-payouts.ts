import type { Knex } from "knex";
import {
  judgePayoutLine,
  type LineOf,
  mayBePayout,
  type PayoutLine,
  payoutNamesOf,
  type SentPayout,
} from "#core/payout-line.ts";
import type { StatementLine } from "#core/statement.ts";

interface Row {
  id: string;
  reference: string;
  amount: bigint;
  currency: string;
  state: string;
  bank_account_id: string | null;
  is_paid: boolean;
  is_back: boolean;
}

/**
 * Says of each line of a statement which payout it is: money that left, and money that the bank calls returned; other lines are not in the
 * answer. The withdrawals are locked, so that no other statement takes the same one. Writes nothing.
 */
export async function matchPayouts(
  db: Knex,
  of: LineOf & { readonly tenantId: number },
  lines: readonly StatementLine[],
): Promise<ReadonlyMap<StatementLine, PayoutLine>> {
  const named = lines.filter(mayBePayout).map((line) => [line, payoutNamesOf(line)] as const);
  const known = await sentPayouts(db, of.tenantId, [...new Set(named.flatMap(([, names]) => names))]);
  const judged = new Map<StatementLine, PayoutLine>();
  for (const [line, names] of named) {
    const found = judgePayoutLine(
      line,
      of,
      names.flatMap((name) => known.get(name) ?? []),
    );
    judged.set(line, found);
    if (found.withdrawalId !== null) note(known, found.withdrawalId, line.amount < 0n);
  }
  return judged;
}

/** A second line of the same file is a second one, too. */
function note(known: Map<string, readonly SentPayout[]>, withdrawalId: string, isOut: boolean): void {
  for (const [name, payouts] of known)
    known.set(
      name,
      payouts.map((one) =>
        one.withdrawalId !== withdrawalId ? one : isOut ? { ...one, isPaid: true } : { ...one, isBack: true },
      ),
    );
}

const namedSql = "w.tenant_id = ? AND w.channel = 'bank' AND w.reference = ANY (?::text[])";

async function sentPayouts(
  db: Knex,
  tenantId: number,
  names: readonly string[],
): Promise<Map<string, readonly SentPayout[]>> {
  // Locked first, then read: what another statement has just taken is seen.
  await db.raw(`SELECT w.id FROM withdrawals w WHERE ${namedSql} ORDER BY w.id FOR UPDATE`, [tenantId, [...names]]);
  const { rows } = await db.raw<{ rows: Row[] }>(
    `SELECT w.id, w.reference, w.amount_minor - w.fee_minor AS amount, w.currency, w.state,
       (SELECT b.bank_account_id FROM bank_payouts p JOIN payout_batches b ON b.id = p.batch_id
        WHERE p.withdrawal_id = w.id AND p.state = 'released') AS bank_account_id,
       EXISTS (SELECT FROM statement_lines l WHERE l.withdrawal_id = w.id AND l.amount_minor < 0) AS is_paid,
       EXISTS (SELECT FROM statement_lines l WHERE l.withdrawal_id = w.id AND l.amount_minor > 0) AS is_back
     FROM withdrawals w WHERE ${namedSql} ORDER BY w.id`,
    [tenantId, [...names]],
  );
  const known = new Map<string, SentPayout[]>();
  for (const { id, reference, amount, currency, state, bank_account_id, is_paid, is_back } of rows) {
    const payout: SentPayout = {
      ...{ withdrawalId: id, reference, amount, currency, bankAccountId: bank_account_id },
      ...{ isPaid: is_paid, isBack: is_back, isReturned: state === "returned" },
    };
    known.set(reference, [...(known.get(reference) ?? []), payout]);
  }
  return known;
}
