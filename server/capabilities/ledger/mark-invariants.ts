import type { Invariant } from "./invariants.ts";

/** Rules of the daily settlement: what was paid is written down position by position, and every result is explained. */
export const markInvariants: readonly Invariant[] = [
  {
    invariant: "I10 mark has its legs",
    says: "The transfers of a position's daily settlement are its difference, paid by or to the house, and the house's protection.",
    sql: `WITH legs AS (
            SELECT m.id, m.amount_minor,
              coalesce(sum(CASE WHEN t.code <> 14 THEN 0 WHEN t.credit_account = a.ledger_account_id THEN t.amount ELSE -t.amount END), 0) AS paid,
              count(*) FILTER (WHERE t.id IS NOT NULL AND NOT coalesce(CASE t.code
                WHEN 14 THEN a.ledger_account_id IN (t.debit_account, t.credit_account) AND 'house.pnl' IN (d.kind, c.kind)
                WHEN 13 THEN t.credit_account = a.ledger_account_id AND d.kind = 'house.protection'
                ELSE false END, false)) AS foreign_legs
            FROM position_marks m JOIN accounts a ON a.id = m.account_id
              LEFT JOIN transfers t ON t.group_id = m.group_id
              LEFT JOIN ledger_accounts d ON d.id = t.debit_account
              LEFT JOIN ledger_accounts c ON c.id = t.credit_account
            GROUP BY m.id, a.ledger_account_id)
          SELECT id AS position_mark_id, amount_minor, paid, foreign_legs FROM legs WHERE paid <> amount_minor OR foreign_legs > 0
          UNION ALL
          SELECT NULL, NULL, t.amount, t.id FROM transfers t
          WHERE t.code = 14 AND NOT EXISTS (SELECT FROM position_marks m WHERE m.group_id = t.group_id)`,
  },
  {
    // Each fill moves the cost by its price x lots plus what it realized, each mark by what it paid: the cost tells the whole result.
    invariant: "I11 result is explained",
    says: "What a position has realized and its marks have paid is its cost less what was bought plus what was sold.",
    sql: `SELECT p.id AS position_id, p.cost_ticks, f.traded, p.realized_pnl_minor, coalesce(m.paid, 0) AS paid, t.tick_value_minor
          FROM positions p
            JOIN instrument_terms t ON t.instrument_id = p.instrument_id AND t.terms_version = p.terms_version
            JOIN (SELECT account_id, instrument_id, sum(price_ticks * CASE side WHEN 'buy' THEN lots ELSE -lots END) AS traded FROM fills GROUP BY 1, 2) f
              ON f.account_id = p.account_id AND f.instrument_id = p.instrument_id
            LEFT JOIN (SELECT position_id, sum(amount_minor) AS paid FROM position_marks GROUP BY 1) m ON m.position_id = p.id
          WHERE (p.cost_ticks - f.traded) * t.tick_value_minor <> p.realized_pnl_minor + coalesce(m.paid, 0)`,
  },
];
