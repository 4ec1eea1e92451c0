/**
 * The two sides of a channel's money, a row a currency and payment: its name, what has moved in sum (+ to the house; minor units), and the first
 * and last day it was seen there. A payment is named by the id of its deposit or withdrawal, which is that of its transfers' group.
 * Bound by name: `tenantId`, `kind` (the channel's ledger account), `channel`.
 */

/** Ours: the journal of the live book, not its cached balances. */
export const bookedSql = `
      SELECT l.currency, e.group_id::text AS payment, -sum(e.amount) AS amount, min(e.book_date) AS since, max(e.book_date) AS latest
      FROM ledger_accounts l JOIN entries e ON e.ledger_account_id = l.id
      WHERE l.tenant_id = :tenantId AND l.book = 'live' AND l.kind = :kind
      GROUP BY 1, 2 HAVING sum(e.amount) <> 0`;

/** The banks': the lines of their statements, of deposits and payouts, seen last when they were handed in. `line N` names one that nothing is booked for. */
export const bankStatedSql = `
      SELECT l.currency, coalesce(l.deposit_id::text, l.withdrawal_id::text, 'line ' || l.id) AS payment, sum(l.amount_minor) AS amount, min(l.booked_on) AS since,
        max(greatest(l.booked_on, book_date_of(s.imported_at))) AS latest
      FROM statement_lines l JOIN bank_statements s ON s.id = l.statement_id
      WHERE l.tenant_id = :tenantId GROUP BY 1, 2 HAVING sum(l.amount_minor) <> 0`;

/**
 * Any other channel's: its lines, of one that was said anew the last. A line is a payment's by its number there, by our reference where no
 * payment of it is known yet, or because we asked about a withdrawal.
 */
export const channelStatedSql = `
      SELECT l.currency, coalesce(l.withdrawal_id::text, d.id::text, r.id::text, 'line ' || l.line_no) AS payment, sum(l.amount_minor) AS amount,
        min(l.booked_on) AS since, max(greatest(l.booked_on, l.stored_on)) AS latest
      FROM (SELECT DISTINCT ON (line_no) * FROM channel_lines WHERE tenant_id = :tenantId AND channel = :channel ORDER BY line_no, id DESC) l
        LEFT JOIN deposits d ON d.tenant_id = :tenantId AND d.channel = :channel AND d.payment_no = l.payment_no
        LEFT JOIN deposits r ON d.id IS NULL AND r.reference = l.reference AND r.tenant_id = :tenantId AND r.channel = :channel AND r.payment_no IS NULL
      WHERE NOT l.is_fee GROUP BY 1, 2`;
