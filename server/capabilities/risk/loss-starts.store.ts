import type { Book } from "#contracts/names.ts";
import { lastReset } from "#core/loss-period.ts";
import { minorUnits } from "#core/units.ts";
import type { LossStart, TriedLosses } from "#core/what-if-losses.ts";
import type { SnapshotReader } from "../../platform/db/copy-out.ts";
import { tradingCodes } from "./booked.store.ts";

interface AccountRow {
  account_id: string;
  currency_scale: number;
  paid_in: bigint;
  paid_out: bigint;
  /** What trading has booked until now. */
  booked: bigint;
}

/** What trading has booked on accounts since a moment. */
const bookedSinceSql = `SELECT a.id AS account_id, sum(t.amount)::bigint AS amount
  FROM accounts a CROSS JOIN LATERAL (
    SELECT amount FROM transfers WHERE credit_account = a.ledger_account_id AND code = ANY ($4::smallint[])
      AND book_date >= ($3::timestamptz - interval '1 day')::date AND posted_at >= $3
    UNION ALL
    SELECT -amount FROM transfers WHERE debit_account = a.ledger_account_id AND code = ANY ($4::smallint[])
      AND book_date >= ($3::timestamptz - interval '1 day')::date AND posted_at >= $3) t
  WHERE a.book = $1 AND a.trader_id = ANY ($2::uuid[]) GROUP BY a.id`;

/**
 * What the accounts of traders begin a period with: what trading had booked before it, and before the resets that its beginning lies behind. Payments are
 * those of now: they shift no result, and only per cent of the beginning are taken of them.
 */
export async function lossStarts(
  reader: SnapshotReader,
  { book, from }: { readonly book: Book; readonly from: Date },
  { traders, rules }: Pick<TriedLosses, "rules"> & { readonly traders: readonly string[] },
): Promise<(accountId: string) => LossStart> {
  const fromMs = from.getTime();
  const resets = traders.flatMap((id) => rules(id, fromMs).rules.map(({ rule }) => lastReset(rule.reset, fromMs)));
  const since = new Map<number, ReadonlyMap<string, bigint>>();
  for (const moment of new Set([fromMs, ...resets])) {
    const bound = [book, traders, new Date(moment), [...tradingCodes]];
    const rows = await reader.rows<{ account_id: string; amount: bigint }>(bookedSinceSql, bound);
    since.set(moment, new Map(rows.map(({ account_id, amount }) => [account_id, amount])));
  }
  const rows = await reader.rows<AccountRow>(
    `SELECT a.id AS account_id, a.currency_scale, p.paid_in, p.paid_out, b.posted - p.paid_in + p.paid_out AS booked
     FROM accounts a JOIN account_payments p ON p.ledger_account_id = a.ledger_account_id JOIN balances b ON b.ledger_account_id = a.ledger_account_id
     WHERE a.book = $1 AND a.trader_id = ANY ($2::uuid[])`,
    [book, traders],
  );
  const starts = new Map(rows.map((row): [string, LossStart] => [row.account_id, startOf(row, since, fromMs)]));
  return (accountId) => starts.get(accountId) ?? nothingBooked;
}

function startOf(row: AccountRow, since: ReadonlyMap<number, ReadonlyMap<string, bigint>>, fromMs: number): LossStart {
  const before = (moment: number) => minorUnits(row.booked - (since.get(moment)?.get(row.account_id) ?? 0n));
  return {
    ...{ paidIn: minorUnits(row.paid_in), paidOut: minorUnits(row.paid_out), scale: row.currency_scale },
    booked: before(fromMs),
    bookedAt: (atMs) => before(since.has(atMs) ? atMs : fromMs),
  };
}

const none = minorUnits(0n);
const nothingBooked: LossStart = { paidIn: none, paidOut: none, scale: 2, booked: none, bookedAt: () => none };
