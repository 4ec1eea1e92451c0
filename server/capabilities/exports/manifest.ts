import { assert } from "#core/result.ts";
import { parseDecimal } from "#core/units.ts";
import type { SnapshotReader } from "../../platform/db/copy-out.ts";
import type { ExportRow } from "./exports.store.ts";

/** Control totals of one currency: how many rows, and the sum of each figure in major units. */
export interface Totals {
  readonly currency: string;
  readonly rows: string;
  readonly [figure: string]: string;
}

/** Balances by kind of account: opening − debit + credit = closing, each by itself and all together. */
export interface KindBalance {
  readonly kind: string;
  readonly currency: string;
  readonly opening: string;
  readonly debit: string;
  readonly credit: string;
  readonly closing: string;
}

export interface Manifest {
  readonly version: 1;
  readonly exportId: string;
  readonly requestedBy: string;
  readonly report: string;
  readonly partner: string;
  readonly book: string;
  readonly fromDate: string;
  readonly toDate: string;
  /** Whether the whole period is closed: the books of it, and with them this file, can't change any more. */
  readonly isClosed: boolean;
  readonly profile: string;
  readonly separator: string;
  readonly timeZone: string;
  readonly file: { readonly name: string; readonly rows: string; readonly bytes: string; readonly sha256: string };
  readonly totals: readonly Totals[];
  readonly balances: readonly KindBalance[];
}

/** The partner's code, and whether his books are closed through the last date. */
export async function periodFacts(
  reader: SnapshotReader,
  { tenant_id, to_date }: ExportRow,
): Promise<{ readonly partner: string; readonly isClosed: boolean }> {
  const [facts] = await reader.rows<{ partner: string; isClosed: boolean }>(
    `SELECT p.code AS partner, coalesce(b.closed_through >= $1::date, false) AS "isClosed"
     FROM partners p LEFT JOIN closed_books b ON b.tenant_id = p.id WHERE p.id = $2`,
    [to_date, tenant_id],
  );
  assert(facts !== undefined, `there is no partner ${tenant_id}`);
  return facts;
}

/** Opening and closing are each summed from the journal's beginning, so that they check the movement between them. */
export async function balancesByKind(reader: SnapshotReader, asked: ExportRow): Promise<readonly KindBalance[]> {
  const { tenant_id, book, from_date, to_date } = asked;
  return reader.rows(
    `SELECT l.kind, e.currency,
       to_major(coalesce(sum(e.amount) FILTER (WHERE e.book_date < $3::date), 0)::bigint, c.scale)::text AS opening,
       to_major(coalesce(-sum(e.amount) FILTER (WHERE e.book_date >= $3::date AND e.amount < 0), 0)::bigint, c.scale)::text AS debit,
       to_major(coalesce(sum(e.amount) FILTER (WHERE e.book_date >= $3::date AND e.amount > 0), 0)::bigint, c.scale)::text AS credit,
       to_major(coalesce(sum(e.amount), 0)::bigint, c.scale)::text AS closing
     FROM entries e JOIN ledger_accounts l ON l.id = e.ledger_account_id JOIN currencies c ON c.code = e.currency
     WHERE e.tenant_id = $1 AND e.book = $2 AND e.book_date <= $4::date
     GROUP BY l.kind, e.currency, c.scale ORDER BY e.currency, l.kind`,
    [tenant_id, book, from_date, to_date],
  );
}

const digits = 18;
const exact = (decimal: string | undefined): bigint => {
  const value = parseDecimal(decimal ?? "", digits);
  assert(value !== null, `a control total is ${decimal}`);
  return value;
};

/** Refuses to hand out a file whose figures contradict each other. */
export function checkTotals({ report }: ExportRow, totals: readonly Totals[], balances: readonly KindBalance[]): void {
  for (const { kind, opening, debit, credit, closing } of balances)
    assert(
      exact(opening) - exact(debit) + exact(credit) === exact(closing),
      `${kind}: ${opening} − ${debit} + ${credit} is not ${closing}`,
    );
  if (report === "agent-statements") checkStatements(totals);
  if (report !== "ledger" && report !== "trial-balance") return;
  for (const { currency, debit, credit, opening, closing } of totals) {
    assert(exact(debit) === exact(credit), `${currency}: debits ${debit} are not credits ${credit}`);
    const ofKinds = (figure: "debit" | "credit"): bigint =>
      balances.filter((one) => one.currency === currency).reduce((sum, one) => sum + exact(one[figure]), 0n);
    assert(ofKinds("debit") === exact(debit), `${currency}: the file's debits are not the kinds'`);
    if (report === "trial-balance")
      assert(exact(opening) === 0n && exact(closing) === 0n, `${currency}: the balances do not add up to zero`);
  }
}

function checkStatements(totals: readonly Totals[]): void {
  for (const { currency, opening, earned, takenBack, paid, closing } of totals)
    assert(
      exact(opening) + exact(earned) - exact(takenBack) - exact(paid) === exact(closing),
      `${currency}: ${opening} + ${earned} − ${takenBack} − ${paid} is not ${closing}`,
    );
}
