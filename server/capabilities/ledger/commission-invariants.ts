import type { Invariant } from "./invariants.ts";

/** Rules of the agents' commissions: what was computed is what is owed, and what was paid is in the journal. */
export const commissionInvariants: readonly Invariant[] = [
  {
    invariant: "I20 waterfall adds up",
    says: "The levels of a fill and the house get exactly its basis, the basis is the fee that was charged, and a reversal takes back what was given.",
    sql: `SELECT w.fill_id, w.basis_of, w.basis_minor, w.house_minor, f.fee_minor, coalesce(c.given, 0) AS given
          FROM commission_fills w LEFT JOIN fills f ON f.id = w.fill_id
            LEFT JOIN (SELECT fill_id, sum(amount_minor) AS given FROM commissions WHERE reverses IS NULL GROUP BY 1) c ON c.fill_id = w.fill_id
          WHERE f.id IS NULL OR f.book <> 'live' OR f.tenant_id <> w.tenant_id OR w.basis_minor <> w.house_minor + coalesce(c.given, 0)
            OR (w.basis_of = 'fee' AND w.basis_minor <> f.fee_minor)
          UNION ALL
          SELECT c.fill_id, NULL, NULL, NULL, NULL, c.amount_minor FROM commissions c
          WHERE NOT EXISTS (SELECT FROM commission_fills w WHERE w.fill_id = c.fill_id)`,
  },
  {
    invariant: "I21 payout is its commissions",
    says: "What an agent has coming of a date is the sum of its commissions, once the date is computed.",
    sql: `SELECT coalesce(p.id, commission_group(c.tenant_id, c.book_date, c.agent_id, c.currency)) AS payout_id, p.earned_minor,
            coalesce(c.earned, 0) AS earned, p.clawed_back_minor, coalesce(c.clawed, 0) AS clawed
          FROM commission_payouts p FULL JOIN
            (SELECT c.tenant_id, c.book_date, c.agent_id, c.currency, coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0) AS earned,
               coalesce(-sum(amount_minor) FILTER (WHERE amount_minor < 0), 0) AS clawed
             FROM commissions c JOIN commission_days d USING (tenant_id, book_date)
             WHERE d.computed_at IS NOT NULL AND c.amount_minor <> 0 GROUP BY 1, 2, 3, 4) c
            ON (c.tenant_id, c.book_date, c.agent_id, c.currency) = (p.tenant_id, p.book_date, p.agent_id, p.currency)
          WHERE (p.earned_minor, p.clawed_back_minor) IS DISTINCT FROM (coalesce(c.earned, 0)::bigint, coalesce(c.clawed, 0)::bigint)`,
  },
  {
    invariant: "I22 payout has its legs",
    says: "The transfers of a settled payout are what was earned and what was taken back, between the house's fees and the agent; no commission moves without one.",
    sql: `WITH legs AS (
            SELECT p.id, p.state, p.earned_minor, p.taken_back_minor, coalesce(sum(t.amount) FILTER (WHERE t.code = 20), 0) AS earned,
              coalesce(sum(t.amount) FILTER (WHERE t.code = 21), 0) AS taken_back,
              count(*) FILTER (WHERE t.id IS NOT NULL AND NOT coalesce(CASE t.code
                WHEN 20 THEN d.kind = 'house.fee' AND c.kind = 'agent.commission' AND c.owner_id = p.agent_id
                WHEN 21 THEN c.kind = 'house.fee' AND d.kind = 'agent.commission' AND d.owner_id = p.agent_id
                ELSE false END AND (t.tenant_id, t.currency) = (p.tenant_id, p.currency) AND t.book_date > p.book_date, false)) AS foreign_legs
            FROM commission_payouts p LEFT JOIN transfers t ON t.group_id = p.id
              LEFT JOIN ledger_accounts d ON d.id = t.debit_account LEFT JOIN ledger_accounts c ON c.id = t.credit_account
            GROUP BY p.id)
          SELECT id AS payout_id, state, earned_minor, earned, taken_back_minor, taken_back, foreign_legs FROM legs
          WHERE foreign_legs > 0 OR (earned, taken_back) <> (CASE state WHEN 'paid' THEN earned_minor ELSE 0 END, coalesce(taken_back_minor, 0))
          UNION ALL
          SELECT t.group_id, NULL, NULL, t.amount, NULL, NULL, t.id FROM transfers t
          WHERE t.code IN (20, 21) AND NOT EXISTS (SELECT FROM commission_payouts p WHERE p.id = t.group_id)`,
  },
  {
    invariant: "I23 clawbacks are carried",
    says: "What an agent's settled payouts have left to take back is what they earned, less what was clawed back, less what was paid; never more than zero.",
    sql: `SELECT p.tenant_id, p.agent_id, p.currency, sum(p.earned_minor - p.clawed_back_minor - p.paid_minor) AS left_over,
            sum(p.carried_out_minor - p.carried_in_minor) AS carried
          FROM commission_payouts p WHERE p.state = 'paid' GROUP BY 1, 2, 3
          HAVING sum(p.earned_minor - p.clawed_back_minor - p.paid_minor) > 0
            OR sum(p.earned_minor - p.clawed_back_minor - p.paid_minor) <> sum(p.carried_out_minor - p.carried_in_minor)`,
  },
];
