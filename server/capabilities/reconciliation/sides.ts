/**
 * The two sides of a channel's money, a row a currency and payment: its name, what has moved in sum (+ to the house; minor units), and the day it
 * was first seen there. A payment is named by the id of its deposit or withdrawal, which is that of its transfers' group. Bound by
 * name: `tenantId`, `bookDate` (the last day that counts), `kind` (the channel's ledger account).
 */

/** Ours: the journal of the live book, not its cached balances. */
export const bookedSql = `
      SELECT l.currency, e.group_id::text AS payment, -sum(e.amount) AS amount, min(e.book_date) AS since
      FROM ledger_accounts l JOIN entries e ON e.ledger_account_id = l.id
      WHERE l.tenant_id = :tenantId AND l.book = 'live' AND l.kind = :kind AND e.book_date <= :bookDate::date
      GROUP BY 1, 2 HAVING sum(e.amount) <> 0`;

/** The banks': the lines of their statements. `line N` names one that nothing is booked for. */
export const bankStatedSql = `
      SELECT currency, coalesce(deposit_id::text, 'line ' || id) AS payment, sum(amount_minor) AS amount, min(booked_on) AS since
      FROM statement_lines WHERE tenant_id = :tenantId AND booked_on <= :bookDate::date GROUP BY 1, 2`;
