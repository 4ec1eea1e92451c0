import { commissionInvariants } from "./commission-invariants.ts";
import { depositInvariants } from "./deposit-invariants.ts";
import { markInvariants } from "./mark-invariants.ts";
import { openLotsInvariants } from "./open-lots-invariants.ts";
import { withdrawalInvariants } from "./withdrawal-invariants.ts";

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
];

/** Every position row with what is held for it and what its lots and open orders need. */
const lines = `SELECT p.id AS position_id, p.account_id, p.instrument_id, a.ledger_account_id, p.updated_at, p.margin_minor AS held,
    margin_line(p.lots, coalesce(w.buy, 0), coalesce(w.sell, 0), t.initial_margin_minor, t.fee_per_side_minor) AS required
  FROM positions p JOIN accounts a ON a.id = p.account_id
    JOIN instrument_terms t ON t.instrument_id = p.instrument_id AND t.terms_version = p.terms_version
    LEFT JOIN (SELECT account_id, instrument_id, sum(lots) FILTER (WHERE side = 'buy')::bigint AS buy,
        sum(lots) FILTER (WHERE side = 'sell')::bigint AS sell
      FROM orders WHERE state IN ('accepted', 'working') AND NOT reduce_only GROUP BY 1, 2) w
      ON w.account_id = p.account_id AND w.instrument_id = p.instrument_id`;

/** Rules between orders, fills, positions and the ledger. */
const tradingInvariants: readonly Invariant[] = [
  {
    invariant: "I3 held is the lines and holds",
    says: "What is held on an account equals the sum of its margin lines and of its open holds.",
    sql: `SELECT b.ledger_account_id, b.held, coalesce(h.total, 0) AS open_holds, coalesce(p.total, 0) AS margin_lines
          FROM balances b
            LEFT JOIN (SELECT ledger_account_id, sum(amount) AS total FROM holds WHERE state = 'open' GROUP BY 1) h USING (ledger_account_id)
            LEFT JOIN (SELECT a.ledger_account_id, sum(p.margin_minor) AS total
              FROM positions p JOIN accounts a ON a.id = p.account_id GROUP BY 1) p USING (ledger_account_id)
          WHERE b.held <> coalesce(h.total, 0) + coalesce(p.total, 0)`,
  },
  {
    invariant: "I4 line is no more than needed",
    says: "A margin line holds no more than its position and its open orders need.",
    sql: `SELECT l.* FROM (${lines}) l WHERE l.held > l.required`,
  },
  {
    // Money that came in since is taken into the line by the account's next order or settlement.
    invariant: "I5 line is covered",
    says: "A margin line holds what its position and its open orders need, or less only while the account's money is used up.",
    sql: `SELECT l.*, b.posted, b.held AS held_in_all FROM (${lines}) l JOIN balances b USING (ledger_account_id)
          WHERE l.held < l.required AND b.posted > b.held
            AND NOT EXISTS (SELECT FROM transfers t WHERE t.credit_account = l.ledger_account_id AND t.posted_at > l.updated_at)
            AND NOT EXISTS (SELECT FROM holds h WHERE h.ledger_account_id = l.ledger_account_id AND h.resolved_at > l.updated_at)`,
  },
  {
    invariant: "I6 fill has its legs",
    says: "The transfers of a fill are its realized profit or loss, its fee, what a stop-out costs, and what the house adds to keep the balance from going below zero.",
    sql: `WITH legs AS (
            SELECT f.id, f.order_id, f.realized_pnl_minor, f.fee_minor,
              coalesce(sum(CASE WHEN t.code <> 10 THEN 0 WHEN t.credit_account = a.ledger_account_id THEN t.amount ELSE -t.amount END), 0) AS pnl,
              coalesce(sum(t.amount) FILTER (WHERE t.code = 11), 0) AS fee,
              count(*) FILTER (WHERE t.id IS NOT NULL AND NOT coalesce(CASE t.code
                WHEN 10 THEN a.ledger_account_id IN (t.debit_account, t.credit_account) AND 'house.pnl' IN (d.kind, c.kind)
                WHEN 11 THEN t.debit_account = a.ledger_account_id AND c.kind = 'house.fee'
                WHEN 12 THEN t.debit_account = a.ledger_account_id AND c.kind = 'house.fee'
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
          FROM transfers t WHERE t.code IN (10, 11, 12, 13) AND NOT EXISTS (SELECT FROM fills f WHERE f.group_id = t.group_id)
            AND NOT (t.code = 13 AND EXISTS (SELECT FROM position_marks m WHERE m.group_id = t.group_id))`,
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
    invariant: "I8 bracket is its position's",
    says: "A working take-profit or stop-loss is for all of an open position, on the other side, and the only one of its kind.",
    sql: `SELECT o.id AS order_id, o.origin, o.side, o.lots, o.reduce_only, p.lots AS position_lots
          FROM orders o LEFT JOIN positions p ON p.account_id = o.account_id AND p.instrument_id = o.instrument_id
          WHERE o.state IN ('accepted', 'working') AND o.origin IN ('take-profit', 'stop-loss')
            AND (NOT o.reduce_only OR coalesce(p.lots, 0) <> CASE o.side WHEN 'sell' THEN o.lots ELSE -o.lots END
              OR EXISTS (SELECT FROM orders w WHERE w.account_id = o.account_id AND w.instrument_id = o.instrument_id
                AND w.origin = o.origin AND w.state IN ('accepted', 'working') AND w.id <> o.id))`,
  },
  {
    invariant: "I9 order is its fills",
    says: "The filled lots of an order equal the lots of its fills.",
    sql: `SELECT o.id AS order_id, o.state, o.filled_lots, coalesce(f.lots, 0) AS lots
          FROM orders o LEFT JOIN (SELECT order_id, sum(lots) AS lots FROM fills GROUP BY 1) f ON f.order_id = o.id
          WHERE o.filled_lots <> coalesce(f.lots, 0)`,
  },
];

export const invariants: readonly Invariant[] = [
  ...ledgerInvariants,
  ...tradingInvariants,
  ...markInvariants,
  ...withdrawalInvariants,
  ...depositInvariants,
  ...commissionInvariants,
  ...openLotsInvariants,
];
