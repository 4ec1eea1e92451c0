import type { Writable } from "node:stream";
import type { Knex } from "knex";
import pg from "pg";
import { copyOut } from "../../platform/db/copy-out.ts";

export interface JournalRequest {
  readonly tenantId: number;
  /** First and last book date, both included, as YYYY-MM-DD; null: from the beginning, to the end. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Signs that mean something in a journal: they would end the line or the description, or begin a comment. */
const cleaned = (text: string): string => `regexp_replace(${text}, '[[:cntrl:][:space:];|]+', ' ', 'g')`;

/**
 * A partner's transfers as a plain-text journal that hledger and ledger read, oldest first, one transaction a transfer: the account
 * that pays with minus, the one that receives with plus, so that balances there are balances here (credits less debits).
 * Accounts are named partner:book:kind, then the owner and his name for what is somebody's, the shard for what is the house's.
 * `open` is called with the first bytes.
 */
export const writeJournal = (db: Knex, request: JournalRequest, open: () => Writable): Promise<void> =>
  copyOut(db, journalSql(request), open);

/** One line of text a row. COPY would quote an empty text and whatever holds its quote, so both are signs no line has. */
const plainLines = `(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02', NULL '', ENCODING 'UTF8')`;

function journalSql({ tenantId, from, to }: JournalRequest): string {
  const within = [
    `t.tenant_id = ${Number(tenantId)}`,
    ...(from === null ? [] : [`t.book_date >= ${pg.escapeLiteral(from)}::date`]),
    ...(to === null ? [] : [`t.book_date <= ${pg.escapeLiteral(to)}::date`]),
  ];
  return `COPY (
    WITH named AS (
      SELECT l.id, concat_ws(':', p.code, l.book, l.kind, CASE WHEN l.owner_id IS NULL THEN l.shard::text ELSE l.owner_id::text END) AS name
      FROM ledger_accounts l JOIN partners p ON p.id = l.tenant_id WHERE l.tenant_id = ${Number(tenantId)})
    SELECT line.says
    FROM transfers t JOIN transfer_codes k ON k.code = t.code JOIN currencies c ON c.code = t.currency
      JOIN named d ON d.id = t.debit_account JOIN named r ON r.id = t.credit_account
      CROSS JOIN LATERAL (VALUES
        (1, format('%s (%s) %s%s', t.book_date, t.id, k.name, coalesce(': ' || ${cleaned("t.memo")}, ''))),
        (2, format('    ; group:%s, leg:%s, posted:%s', t.group_id, t.leg, to_char(t.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))),
        (3, format('    %s  -%s %s', d.name, to_major(t.amount, c.scale), t.currency)),
        (4, format('    %s  %s %s', r.name, to_major(t.amount, c.scale), t.currency)),
        (5, NULL)) AS line (place, says)
    WHERE ${within.join(" AND ")}
    ORDER BY t.book_date, t.id, line.place) TO STDOUT WITH ${plainLines}`;
}
