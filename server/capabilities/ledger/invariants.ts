/** A rule that the books keep, and the query that returns the rows that break it. */
export interface Invariant {
  readonly invariant: string;
  /** The rule as a sentence. */
  readonly says: string;
  readonly sql: string;
}

/** Rules of the ledger alone: they need no other table than its own. */
const ledgerInvariants: readonly Invariant[] = [
  {
    invariant: "I1 trial balance",
    says: "The balances of every partner, book and currency add up to zero.",
    sql: `SELECT a.tenant_id, a.book, a.currency, sum(b.posted) AS total
          FROM balances b JOIN ledger_accounts a ON a.id = b.ledger_account_id
          GROUP BY a.tenant_id, a.book, a.currency HAVING sum(b.posted) <> 0`,
  },
  {
    invariant: "I2 balance is its journal",
    says: "Every balance equals the sum of the transfers to and from its account.",
    sql: `SELECT a.id AS ledger_account_id, b.posted, coalesce(j.total, 0) AS journal
          FROM ledger_accounts a LEFT JOIN balances b ON b.ledger_account_id = a.id
            LEFT JOIN (SELECT ledger_account_id, sum(amount) AS total FROM entries GROUP BY 1) j ON j.ledger_account_id = a.id
          WHERE b.posted IS DISTINCT FROM coalesce(j.total, 0)`,
  },
  {
    invariant: "I3 held is the open holds",
    says: "What is held on an account equals the sum of its open holds.",
    sql: `SELECT b.ledger_account_id, b.held, coalesce(h.total, 0) AS open_holds
          FROM balances b LEFT JOIN
            (SELECT ledger_account_id, sum(amount) AS total FROM holds WHERE state = 'open' GROUP BY 1) h USING (ledger_account_id)
          WHERE b.held <> coalesce(h.total, 0)`,
  },
];

/** Rules between orders, fills, positions and the ledger. */
const tradingInvariants: readonly Invariant[] = [
  {
    invariant: "I4 ended order holds nothing",
    says: "An order that has ended has no open hold.",
    sql: `SELECT o.id AS order_id, o.state, h.amount
          FROM holds h LEFT JOIN orders o ON o.id = h.ref_id
          WHERE h.kind = 'order' AND h.state = 'open' AND (o.id IS NULL OR o.state NOT IN ('accepted', 'working'))`,
  },
  {
    // An order that only reduces what is there needs no margin; which one did is no longer known when the position moved on.
    invariant: "I5 open order has its hold",
    says: "An order that waits has its hold open, unless it was accepted without one because it only reduces a position.",
    sql: `SELECT o.id AS order_id, o.state, o.reduce_only
          FROM orders o
          WHERE o.state IN ('accepted', 'working')
            AND NOT EXISTS (SELECT FROM holds h WHERE h.kind = 'order' AND h.ref_id = o.id AND h.state = 'open')
            AND (EXISTS (SELECT FROM holds h WHERE h.kind = 'order' AND h.ref_id = o.id)
              OR NOT (o.reduce_only
                OR EXISTS (SELECT FROM positions p WHERE p.account_id = o.account_id AND p.instrument_id = o.instrument_id
                  AND sign(p.lots) = CASE o.side WHEN 'buy' THEN -1 ELSE 1 END)
                OR EXISTS (SELECT FROM orders w WHERE w.account_id = o.account_id AND w.instrument_id = o.instrument_id
                  AND w.side <> o.side AND w.state IN ('accepted', 'working'))))`,
  },
  {
    invariant: "I6 fill has its legs",
    says: "The transfers of a fill are its realized profit or loss, its fee, and what the house adds to keep the balance from going below zero.",
    sql: `WITH legs AS (
            SELECT f.id, f.order_id, f.realized_pnl_minor, f.fee_minor,
              coalesce(sum(CASE WHEN t.code <> 10 THEN 0 WHEN t.credit_account = a.ledger_account_id THEN t.amount ELSE -t.amount END), 0) AS pnl,
              coalesce(sum(t.amount) FILTER (WHERE t.code = 11), 0) AS fee,
              count(*) FILTER (WHERE t.id IS NOT NULL AND NOT coalesce(CASE t.code
                WHEN 10 THEN a.ledger_account_id IN (t.debit_account, t.credit_account) AND 'house.pnl' IN (d.kind, c.kind)
                WHEN 11 THEN t.debit_account = a.ledger_account_id AND c.kind = 'house.fee'
                WHEN 13 THEN t.credit_account = a.ledger_account_id AND d.kind = 'house.protection'
                ELSE false END, false)) AS foreign_legs
            FROM fills f JOIN accounts a ON a.id = f.account_id
              LEFT JOIN transfers t ON t.group_id = f.group_id
              LEFT JOIN ledger_accounts d ON d.id = t.debit_account
              LEFT JOIN ledger_accounts c ON c.id = t.credit_account
            GROUP BY f.id, a.ledger_account_id)
          SELECT id AS fill_id, order_id, realized_pnl_minor, pnl, fee_minor, fee, foreign_legs
          FROM legs WHERE pnl <> realized_pnl_minor OR fee <> fee_minor OR foreign_legs > 0
          UNION ALL
          SELECT NULL, NULL, NULL, CASE t.code WHEN 10 THEN t.amount END, NULL, CASE t.code WHEN 11 THEN t.amount END, t.id
          FROM transfers t WHERE t.code IN (10, 11, 13) AND NOT EXISTS (SELECT FROM fills f WHERE f.group_id = t.group_id)`,
  },
  {
    invariant: "I7 position is its fills",
    says: "The lots of a position equal the lots bought less the lots sold.",
    sql: `SELECT coalesce(p.account_id, f.account_id) AS account_id, coalesce(p.instrument_id, f.instrument_id) AS instrument_id,
            p.lots, coalesce(f.lots, 0) AS filled
          FROM positions p FULL JOIN
            (SELECT account_id, instrument_id, sum(CASE side WHEN 'buy' THEN lots ELSE -lots END) AS lots FROM fills GROUP BY 1, 2) f
            ON f.account_id = p.account_id AND f.instrument_id = p.instrument_id
          WHERE coalesce(p.lots, 0) <> coalesce(f.lots, 0)`,
  },
  {
    invariant: "I8 position has its margin",
    says: "The margin of a position is held on the account it belongs to.",
    sql: `SELECT coalesce(p.id, h.ref_id) AS position_id, p.margin_minor, h.amount AS held, h.ledger_account_id
          FROM (SELECT p.id, p.margin_minor, a.ledger_account_id FROM positions p JOIN accounts a ON a.id = p.account_id) p
            FULL JOIN (SELECT * FROM holds WHERE kind = 'position' AND state = 'open') h ON h.ref_id = p.id
          WHERE coalesce(p.margin_minor, 0) <> coalesce(h.amount, 0)
            OR h.ledger_account_id <> p.ledger_account_id`,
  },
  {
    invariant: "I9 order is its fills",
    says: "The filled lots of an order equal the lots of its fills.",
    sql: `SELECT o.id AS order_id, o.state, o.filled_lots, coalesce(f.lots, 0) AS lots
          FROM orders o LEFT JOIN (SELECT order_id, sum(lots) AS lots FROM fills GROUP BY 1) f ON f.order_id = o.id
          WHERE o.filled_lots <> coalesce(f.lots, 0)`,
  },
];

export const invariants: readonly Invariant[] = [...ledgerInvariants, ...tradingInvariants];
