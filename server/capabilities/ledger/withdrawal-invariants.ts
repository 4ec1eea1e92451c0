import type { Invariant } from "./invariants.ts";

/** Rules of money on its way out: it is held until it is sent, then it has moved, and by how much is its request's. */
export const withdrawalInvariants: readonly Invariant[] = [
  {
    invariant: "I14 withdrawal has its money",
    says: "A withdrawal holds its amount until it is sent, or submitted to a chain, or given up; then it has moved its payment and its fee, and back when it came back.",
    sql: `WITH t AS (
            SELECT group_id, coalesce(sum(amount) FILTER (WHERE leg = 0), 0) AS paid, coalesce(sum(amount) FILTER (WHERE leg = 1), 0) AS fee,
              coalesce(sum(amount) FILTER (WHERE leg = 2), 0) AS arrived, coalesce(sum(amount) FILTER (WHERE leg IN (3, 4)), 0) AS back,
              bool_or(leg = 3 AND d.kind <> 'withdrawal.in_flight') AS had_arrived
            FROM transfers JOIN ledger_accounts d ON d.id = debit_account WHERE group_id IN (SELECT id FROM withdrawals) GROUP BY 1),
          w AS (
            SELECT w.id, w.state, CASE WHEN w.state IN ('in-review', 'approved') THEN w.amount_minor ELSE 0 END AS held,
              CASE WHEN w.state IN ('submitting', 'unknown', 'sent', 'confirmed', 'returned') THEN w.amount_minor - w.fee_minor ELSE 0 END AS paid,
              CASE WHEN w.state IN ('submitting', 'unknown', 'sent', 'confirmed', 'returned') THEN w.fee_minor ELSE 0 END AS fee,
              CASE WHEN w.state = 'confirmed' OR (w.state = 'returned' AND t.had_arrived) THEN w.amount_minor - w.fee_minor ELSE 0 END AS arrived,
              CASE WHEN w.state = 'returned' THEN w.amount_minor ELSE 0 END AS back
            FROM withdrawals w LEFT JOIN t ON t.group_id = w.id)
          SELECT w.*, coalesce(h.open, 0) AS open_hold, t.paid AS moved, t.fee AS fee_moved, t.arrived AS has_arrived, t.back AS given_back
          FROM w LEFT JOIN t ON t.group_id = w.id
            LEFT JOIN (SELECT ref_id, sum(amount) AS open FROM holds WHERE kind = 'withdrawal' AND state = 'open' GROUP BY 1) h ON h.ref_id = w.id
          WHERE (w.held, w.paid, w.fee, w.arrived, w.back)
            <> (coalesce(h.open, 0), coalesce(t.paid, 0), coalesce(t.fee, 0), coalesce(t.arrived, 0), coalesce(t.back, 0))
          UNION ALL
          SELECT w.id, 'payout ' || p.state, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
          FROM chain_payouts p JOIN withdrawals w ON w.id = p.withdrawal_id
          WHERE NOT (CASE p.state WHEN 'queued' THEN w.state = 'submitting' WHEN 'signed' THEN w.state = 'submitting'
              WHEN 'unknown' THEN w.state = 'unknown' WHEN 'sent' THEN w.state = 'sent' WHEN 'confirmed' THEN w.state = 'confirmed'
              ELSE w.state = 'returned' END)
            OR (p.tenant_id, p.channel, p.to_address) <> (w.tenant_id, w.channel, w.target_address)
          UNION ALL
          SELECT w.id, 'bank payout ' || p.reference, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
          FROM bank_payouts p JOIN withdrawals w ON w.id = p.withdrawal_id
          WHERE p.state = 'released' AND (w.state NOT IN ('sent', 'confirmed', 'returned') OR w.channel <> 'bank'
            OR (p.tenant_id, p.reference, p.iban, p.amount_minor, p.currency)
              IS DISTINCT FROM (w.tenant_id, w.reference, w.target_address, w.amount_minor - w.fee_minor, w.currency))
          UNION ALL
          SELECT b.id, 'payout batch', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
          FROM payout_batches b LEFT JOIN bank_payouts p ON p.batch_id = b.id AND p.state = 'released'
          WHERE b.state = 'released' GROUP BY b.id
          HAVING (b.payouts, b.total_minor) IS DISTINCT FROM (count(p.id)::int, sum(p.amount_minor)::bigint)
          UNION ALL
          SELECT w.id, 'statement line ' || l.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
          FROM statement_lines l JOIN withdrawals w ON w.id = l.withdrawal_id
          WHERE abs(l.amount_minor) <> w.amount_minor - w.fee_minor OR (l.tenant_id, l.currency) <> (w.tenant_id, w.currency)
            OR w.state NOT IN ('sent', 'confirmed', 'returned')`,
  },
];
