import type { Invariant } from "./invariants.ts";

/** Rules of money that comes in: each payment of the outside moved money once, and as its deposit says. */
export const depositInvariants: readonly Invariant[] = [
  {
    invariant: "I15 outside fact is credited once",
    says: "A payment that a channel reported belongs to one deposit, and what came is booked once: to its account, less the fee, or kept apart, or gone again.",
    sql: `WITH t AS (
            SELECT group_id,
              coalesce(sum(CASE WHEN d.kind LIKE 'clearing.%' THEN t.amount WHEN c.kind LIKE 'clearing.%' THEN -t.amount END), 0) AS outside,
              coalesce(sum(CASE WHEN d.kind = 'suspense.unmatched' THEN -t.amount WHEN c.kind = 'suspense.unmatched' THEN t.amount END), 0) AS kept,
              coalesce(sum(CASE WHEN d.id = a.ledger_account_id THEN -t.amount WHEN c.id = a.ledger_account_id THEN t.amount END), 0) AS account,
              coalesce(sum(CASE WHEN d.kind = 'receivable.trader' THEN t.amount WHEN c.kind = 'receivable.trader' THEN -t.amount END), 0) AS owed,
              coalesce(sum(CASE WHEN c.kind = 'house.fee' THEN t.amount WHEN d.kind = 'house.fee' THEN -t.amount END), 0) AS fee,
              count(DISTINCT t.leg) AS legs, count(*) AS transfers
            FROM transfers t JOIN ledger_accounts d ON d.id = t.debit_account JOIN ledger_accounts c ON c.id = t.credit_account
              JOIN deposits o ON o.id = t.group_id LEFT JOIN accounts a ON a.id = o.account_id
            GROUP BY t.group_id),
          w AS (
            SELECT o.id, o.state, coalesce(o.received_minor, 0) AS received,
              CASE WHEN o.state IN ('underpaid', 'overpaid', 'in-review', 'unmatched', 'credited') THEN o.received_minor - o.taken_back_minor ELSE 0 END AS outside,
              CASE WHEN o.state IN ('underpaid', 'overpaid', 'in-review', 'unmatched') THEN o.received_minor - o.taken_back_minor ELSE 0 END AS kept,
              CASE WHEN o.state = 'credited' THEN o.received_minor - o.taken_back_minor - o.fee_minor ELSE 0 END
                + o.owed_minor - o.collected_minor AS account,
              CASE WHEN o.state = 'credited' THEN o.fee_minor ELSE 0 END AS fee, o.owed_minor - o.collected_minor AS owed
            FROM deposits o)
          SELECT w.id AS deposit_id, w.state, w.received, t.outside, t.kept, t.account, t.fee, t.owed, t.transfers
          FROM w LEFT JOIN t ON t.group_id = w.id
          WHERE (w.outside, w.kept, w.account, w.fee, w.owed) <> (coalesce(t.outside, 0), coalesce(t.kept, 0), coalesce(t.account, 0),
              coalesce(t.fee, 0), coalesce(t.owed, 0)) OR t.legs <> t.transfers
          UNION ALL
          SELECT e.deposit_id, 'event ' || e.external_id, e.amount_minor, NULL, NULL, NULL, NULL, NULL, NULL
          FROM payment_events e JOIN deposits o ON o.id = e.deposit_id
          WHERE (o.tenant_id, o.channel) <> (e.tenant_id, e.channel) OR o.payment_no IS DISTINCT FROM e.payment_no`,
  },
  {
    invariant: "I17 what is owed is the receivable",
    says: "What traders still owe for deposits that were taken back is what stands on the receivable of their partner, book and currency.",
    sql: `WITH b AS (
            SELECT l.tenant_id, l.currency, -sum(b.posted) AS receivable FROM ledger_accounts l JOIN balances b ON b.ledger_account_id = l.id
            WHERE l.kind = 'receivable.trader' AND l.book = 'live' GROUP BY 1, 2),
          o AS (SELECT tenant_id, currency, sum(owed_minor - collected_minor) AS owed FROM deposits WHERE owed_minor > 0 GROUP BY 1, 2)
          SELECT coalesce(b.tenant_id, o.tenant_id) AS tenant_id, coalesce(b.currency, o.currency) AS currency, b.receivable, o.owed
          FROM b FULL JOIN o ON o.tenant_id = b.tenant_id AND o.currency = b.currency
          WHERE coalesce(b.receivable, 0) <> coalesce(o.owed, 0)
          UNION ALL
          SELECT l.tenant_id, l.currency || ' ' || l.book, b.posted, 0 FROM ledger_accounts l JOIN balances b ON b.ledger_account_id = l.id
          WHERE l.kind = 'receivable.trader' AND l.book <> 'live' AND b.posted <> 0`,
  },
];
