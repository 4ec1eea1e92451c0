import pg from "pg";
import { figure, plain, text, time } from "./cells.ts";
import type { ExportRow } from "./exports.store.ts";
import type { Report } from "./report.ts";

const sides = (columns: string, where: string): string =>
  `SELECT t.id, 0 AS side, t.debit_account AS own, t.credit_account AS other, -t.amount AS amount, t.currency ${columns}
     FROM transfers t WHERE ${where}
   UNION ALL SELECT t.id, 1, t.credit_account, t.debit_account, t.amount, t.currency ${columns} FROM transfers t WHERE ${where}`;

const ofBook = ({ tenant_id, book }: ExportRow): string =>
  `t.tenant_id = ${Number(tenant_id)} AND t.book = ${pg.escapeLiteral(book)}`;

/** `entry`: both sides of each transfer of the period. `opening`: what each account had before it. */
function periodSql(asked: ExportRow, columns: string): string {
  const [from, to] = [pg.escapeLiteral(asked.from_date), pg.escapeLiteral(asked.to_date)];
  return `WITH entry AS (${sides(columns, `${ofBook(asked)} AND t.book_date BETWEEN ${from}::date AND ${to}::date`)}),
    opening AS (SELECT own, sum(amount) AS amount FROM (${sides("", `${ofBook(asked)} AND t.book_date < ${from}::date`)}) b GROUP BY own)`;
}

const major = (minorSql: string): string => `to_major((${minorSql})::bigint, c.scale)`;

/** Each entry of each account, oldest first, with the balance before and after it. */
export const ledgerReport: Report = {
  cells: [
    plain("account", "r.own"),
    plain("account_kind", "l.kind"),
    plain("owner_id", "l.owner_id"),
    plain("shard", "l.shard"),
    plain("transfer_id", "r.id"),
    plain("book_date", "r.book_date"),
    time("posted_at", "r.posted_at"),
    plain("code", "k.name"),
    figure("amount", major("r.amount")),
    figure("debit", `CASE WHEN r.amount < 0 THEN ${major("-r.amount")} END`),
    figure("credit", `CASE WHEN r.amount > 0 THEN ${major("r.amount")} END`),
    plain("currency", "r.currency"),
    figure("balance_before", major("r.after - r.amount")),
    figure("balance_after", major("r.after")),
    plain("other_account", "r.other"),
    plain("group_id", "r.group_id"),
    plain("leg", "r.leg"),
    text("memo", "r.memo"),
  ],
  rowsSql: (asked) => ({
    withSql: periodSql(asked, ", t.book_date, t.posted_at, t.code, t.group_id, t.leg, t.memo"),
    fromSql: `FROM (SELECT e.*, coalesce(o.amount, 0) + sum(e.amount) OVER (PARTITION BY e.own ORDER BY e.id, e.side ROWS UNBOUNDED PRECEDING) AS after
        FROM entry e LEFT JOIN opening o ON o.own = e.own) r
      JOIN ledger_accounts l ON l.id = r.own JOIN currencies c ON c.code = r.currency JOIN transfer_codes k ON k.code = r.code`,
  }),
  // The totals need no running balance, and so no sorting of all entries.
  summedSql: (asked) => ({
    withSql: periodSql(asked, ""),
    fromSql: "FROM entry r JOIN currencies c ON c.code = r.currency",
  }),
  orderSql: "r.own, r.id, r.side",
  sums: {
    debit: `CASE WHEN r.amount < 0 THEN ${major("-r.amount")} ELSE 0 END`,
    credit: `CASE WHEN r.amount > 0 THEN ${major("r.amount")} ELSE 0 END`,
  },
  currencySql: "r.currency",
};

/** Each account that has or had something: opening balance, what went out and came in, closing balance. */
export const trialBalanceReport: Report = {
  cells: [
    plain("account", "l.id"),
    plain("account_kind", "l.kind"),
    plain("owner_id", "l.owner_id"),
    plain("shard", "l.shard"),
    plain("currency", "l.currency"),
    figure("opening", major("s.opening")),
    figure("debit", major("s.debit")),
    figure("credit", major("s.credit")),
    figure("closing", major("s.opening - s.debit + s.credit")),
    figure("entries", "s.entries"),
  ],
  rowsSql: (asked) => ({
    withSql: periodSql(asked, ""),
    fromSql: `FROM (SELECT own, coalesce(max(o.amount), 0) AS opening, coalesce(-sum(e.amount) FILTER (WHERE e.amount < 0), 0) AS debit,
          coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0) AS credit, count(e.id) AS entries
        FROM entry e FULL JOIN opening o USING (own) GROUP BY own) s
      JOIN ledger_accounts l ON l.id = s.own JOIN currencies c ON c.code = l.currency`,
  }),
  orderSql: "l.id",
  sums: {
    opening: major("s.opening"),
    debit: major("s.debit"),
    credit: major("s.credit"),
    closing: major("s.opening - s.debit + s.credit"),
  },
  currencySql: "l.currency",
};
