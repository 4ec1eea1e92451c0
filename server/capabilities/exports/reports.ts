import pg from "pg";
import type { ExportReport } from "#contracts/export-names.ts";
import { agentStatementsReport } from "./agent-statements-report.ts";
import { cellsSql, figure, plain, sheetSql, text, time } from "./cells.ts";
import { depositsReport } from "./deposits-report.ts";
import type { ExportRow } from "./exports.store.ts";
import { ledgerReport, trialBalanceReport } from "./ledger-reports.ts";
import { dated, type Report } from "./report.ts";

const trades: Report = {
  cells: [
    plain("fill_id", "f.id"),
    time("filled_at", "f.filled_at"),
    plain("order_id", "f.order_id"),
    plain("account_id", "f.account_id"),
    plain("trader_id", "f.trader_id"),
    text("instrument", "f.instrument_id"),
    plain("side", "f.side"),
    figure("lots", "f.lots"),
    figure("price", "as_price(f.price_ticks * c.tick_size, c.price_decimals)"),
    figure("realized_pnl", "to_major(f.realized_pnl_minor, f.currency_scale)"),
    figure("fee", "to_major(f.fee_minor, f.currency_scale)"),
    plain("currency", "f.currency"),
    figure("position_lots_after", "f.position_lots_after"),
    plain("quote_seq", "f.quote_seq"),
    plain("group_id", "f.group_id"),
  ],
  rowsSql: (asked) => ({
    withSql: "",
    fromSql: `FROM fills f JOIN instrument_terms c ON c.instrument_id = f.instrument_id AND c.terms_version = f.terms_version
      WHERE ${dated(asked, "f", "filled_at")} AND f.book = ${pg.escapeLiteral(asked.book)}`,
  }),
  orderSql: "f.id",
  sums: {
    lots: "f.lots",
    realizedPnl: "to_major(f.realized_pnl_minor, f.currency_scale)",
    fee: "to_major(f.fee_minor, f.currency_scale)",
  },
  currencySql: "f.currency",
};

/** Commissions are of live fills; what was taken back stands on the book date it was taken back on. */
const commissions: Report = {
  cells: [
    plain("commission_id", "c.id"),
    plain("book_date", "c.book_date"),
    plain("agent_id", "c.agent_id"),
    text("agent_code", "g.code"),
    plain("level", "c.level"),
    plain("fill_id", "c.fill_id"),
    text("instrument", "f.instrument_id"),
    figure("lots", "f.lots"),
    figure("basis", "to_major(w.basis_minor, c.currency_scale)"),
    figure("amount", "to_major(c.amount_minor, c.currency_scale)"),
    plain("currency", "c.currency"),
    plain("why_nothing", "c.why"),
    plain("reverses", "c.reverses"),
    plain("reason_code", "c.reason_code"),
    text("note", "c.note"),
  ],
  rowsSql: ({ tenant_id, book, from_date, to_date }) => ({
    withSql: "",
    fromSql: `FROM commissions c JOIN agents g ON g.id = c.agent_id JOIN fills f ON f.id = c.fill_id
        JOIN commission_fills w ON w.fill_id = c.fill_id
      WHERE c.tenant_id = ${Number(tenant_id)} AND f.book = ${pg.escapeLiteral(book)}
        AND c.book_date BETWEEN ${pg.escapeLiteral(from_date)}::date AND ${pg.escapeLiteral(to_date)}::date`,
  }),
  orderSql: "c.book_date, c.id",
  sums: { amount: "to_major(c.amount_minor, c.currency_scale)" },
  currencySql: "c.currency",
};

/** Withdrawals asked for in the period, as they stand now. */
const withdrawals: Report = {
  cells: [
    plain("withdrawal_id", "w.id"),
    time("requested_at", "w.requested_at"),
    plain("state", "w.state"),
    plain("account_id", "w.account_id"),
    plain("trader_id", "w.trader_id"),
    figure("amount", "to_major(w.amount_minor, w.currency_scale)"),
    figure("fee", "to_major(w.fee_minor, w.currency_scale)"),
    figure("paid_out", "to_major(w.amount_minor - w.fee_minor, w.currency_scale)"),
    plain("currency", "w.currency"),
    plain("channel", "w.channel"),
    text("target_name", "w.target_name"),
    text("target_address", "w.target_address"),
    text("reviewer_1", "w.review_1_by"),
    text("reviewer_2", "w.review_2_by"),
    text("sent_by", "w.sent_by"),
    time("sent_at", "w.sent_at"),
    text("reference", "w.reference"),
    time("ended_at", "w.ended_at"),
    text("note", "w.note"),
  ],
  rowsSql: (asked) => ({
    withSql: "",
    fromSql: `FROM withdrawals w JOIN accounts a ON a.id = w.account_id
      WHERE ${dated(asked, "w", "requested_at")} AND a.book = ${pg.escapeLiteral(asked.book)}`,
  }),
  orderSql: "w.requested_at, w.id",
  sums: {
    amount: "to_major(w.amount_minor, w.currency_scale)",
    fee: "to_major(w.fee_minor, w.currency_scale)",
  },
  currencySql: "w.currency",
};

/** Adjustments asked for in the period, as they stand now. */
const adjustments: Report = {
  cells: [
    plain("adjustment_id", "j.id"),
    time("requested_at", "j.requested_at"),
    plain("state", "j.state"),
    plain("account_id", "j.account_id"),
    plain("trader_id", "a.trader_id"),
    figure("amount", "to_major(j.amount_minor, j.currency_scale)"),
    plain("currency", "j.currency"),
    plain("reason_code", "j.reason_code"),
    text("note", "j.note"),
    text("requested_by", "j.requested_by"),
    text("decided_by", "j.decided_by"),
    time("decided_at", "j.decided_at"),
    text("decision_note", "j.decision_note"),
    plain("group_id", "j.group_id"),
  ],
  rowsSql: (asked) => ({
    withSql: "",
    fromSql: `FROM adjustments j JOIN accounts a ON a.id = j.account_id
      WHERE ${dated(asked, "j", "requested_at")} AND a.book = ${pg.escapeLiteral(asked.book)}`,
  }),
  orderSql: "j.requested_at, j.id",
  sums: { amount: "to_major(j.amount_minor, j.currency_scale)" },
  currencySql: "j.currency",
};

export const reports: Readonly<Record<ExportReport, Report>> = {
  ledger: ledgerReport,
  "trial-balance": trialBalanceReport,
  trades,
  commissions,
  "agent-statements": agentStatementsReport,
  deposits: depositsReport,
  withdrawals,
  adjustments,
};

const delimiters = { comma: "','", semicolon: "';'", tab: "E'\\t'" } as const;

/** PostgreSQL writes the whole file: RFC 4180 quoting, LF line ends, a header row, UTF-8. */
export function copySql(asked: ExportRow): string {
  const { cells, rowsSql, orderSql } = reports[asked.report];
  const { withSql, fromSql } = rowsSql(asked);
  return `COPY (${withSql} SELECT ${cellsSql(cells, asked)} ${fromSql} ORDER BY ${orderSql})
    TO STDOUT WITH (FORMAT csv, HEADER true, DELIMITER ${delimiters[asked.separator]}, ENCODING 'UTF8')`;
}

/** The rows of a worksheet, see `sheetSql`. */
export function sheetRowsSql(asked: ExportRow): string {
  const { cells, rowsSql, orderSql } = reports[asked.report];
  const { withSql, fromSql } = rowsSql(asked);
  return `${withSql} SELECT ${sheetSql(cells, asked)} ${fromSql} ORDER BY ${orderSql}`;
}

/** Rows and sums by currency, of the same rows: a column each, named as in `sums`. */
export function totalsSql(asked: ExportRow): string {
  const { sums, currencySql, rowsSql, summedSql = rowsSql } = reports[asked.report];
  const { withSql, fromSql } = summedSql(asked);
  const columns = Object.entries(sums).map(([name, sql]) => `coalesce(sum(${sql}), 0)::text AS "${name}"`);
  return `${withSql} SELECT ${currencySql} AS currency, count(*)::text AS rows, ${columns.join(", ")} ${fromSql} GROUP BY 1 ORDER BY 1`;
}
