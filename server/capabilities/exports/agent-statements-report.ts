import type { Writable } from "node:stream";
import type { Knex } from "knex";
import pg from "pg";
import { copyOut } from "../../platform/db/copy-out.ts";
import { cellsSql, figure, plain, text } from "./cells.ts";
import type { ExportRow } from "./exports.store.ts";
import type { Report } from "./report.ts";

const major = (minorSql: string): string => `to_major((${minorSql})::bigint, c.scale)`;

/**
 * What each agent had coming before the period, earned in it by level, had taken back, was paid, and has coming after it: what a
 * commission gives counts on its own book date, a payment on that of its transfers. `closing` is summed from the beginning by itself, so
 * that it checks the rest. Of it, `carried_forward` (zero or negative) is what was taken back and not yet covered by a payout, and
 * `waiting` what no payout has settled yet. Commissions are of live fills; the demo book has none.
 */
export const agentStatementsReport = {
  cells: [
    plain("agent_id", "s.agent_id"),
    text("agent_code", "g.code"),
    plain("currency", "s.currency"),
    figure("opening", major("s.opening")),
    figure("earned_level_1", major("s.level_1")),
    figure("earned_level_2", major("s.level_2")),
    figure("earned_level_3", major("s.level_3")),
    figure("taken_back", major("s.taken_back")),
    figure("paid", major("s.paid")),
    figure("closing", major("s.closing")),
    figure("carried_forward", major("s.carried")),
    figure("waiting", major("s.closing - s.carried")),
    figure("ledger_balance", major("s.balance")),
  ],
  rowsSql: ({ tenant_id, book, from_date, to_date }: StatementsAsked) => {
    const [from, to] = [`${pg.escapeLiteral(from_date)}::date`, `${pg.escapeLiteral(to_date)}::date`];
    const tenant = Number(tenant_id);
    const inPeriod = (table: string): string => `${table}.book_date >= ${from}`;
    const isPayout = "k.name IN ('commission', 'commission-clawback')";
    const level = (number: number): string =>
      `sum(c.amount_minor) FILTER (WHERE ${inPeriod("c")} AND c.reverses IS NULL AND c.level = ${number}) AS level_${number}`;
    return {
      withSql: `WITH earned AS (
          SELECT c.agent_id, c.currency, sum(c.amount_minor) FILTER (WHERE NOT ${inPeriod("c")}) AS before, sum(c.amount_minor) AS through,
            ${[1, 2, 3].map(level).join(", ")},
            -sum(c.amount_minor) FILTER (WHERE ${inPeriod("c")} AND c.reverses IS NOT NULL) AS taken_back
          FROM commissions c WHERE c.tenant_id = ${tenant} AND c.book_date <= ${to} GROUP BY 1, 2),
        booked AS (
          SELECT l.owner_id AS agent_id, l.currency, sum(e.amount) AS balance, sum(e.amount) FILTER (WHERE ${isPayout}) AS through,
            sum(e.amount) FILTER (WHERE ${isPayout} AND NOT ${inPeriod("e")}) AS before,
            sum(e.amount) FILTER (WHERE ${isPayout} AND ${inPeriod("e")}) AS paid
          FROM ledger_accounts l JOIN entries e ON e.ledger_account_id = l.id JOIN transfer_codes k ON k.code = e.code
          WHERE l.tenant_id = ${tenant} AND l.book = 'live' AND l.kind = 'agent.commission' AND e.book_date <= ${to} GROUP BY 1, 2),
        settled AS (
          SELECT p.agent_id, p.currency, sum(p.earned_minor - p.clawed_back_minor - p.paid_minor) AS carried
          FROM commission_payouts p LEFT JOIN LATERAL (SELECT max(t.book_date) AS on_date FROM transfers t WHERE t.group_id = p.id) t ON true
          WHERE p.tenant_id = ${tenant} AND p.state = 'paid' AND coalesce(t.on_date, book_date_of(p.posted_at)) <= ${to} GROUP BY 1, 2)`,
      fromSql: `FROM (SELECT agent_id, currency, coalesce(e.before, 0) - coalesce(b.before, 0) AS opening,
            coalesce(level_1, 0) AS level_1, coalesce(level_2, 0) AS level_2, coalesce(level_3, 0) AS level_3,
            coalesce(taken_back, 0) AS taken_back, coalesce(paid, 0) AS paid, coalesce(e.through, 0) - coalesce(b.through, 0) AS closing,
            coalesce(carried, 0) AS carried, coalesce(balance, 0) AS balance
          FROM earned e FULL JOIN booked b USING (agent_id, currency) LEFT JOIN settled USING (agent_id, currency)) s
        JOIN agents g ON g.id = s.agent_id JOIN currencies c ON c.code = s.currency
        WHERE ${pg.escapeLiteral(book)} = 'live'`,
    };
  },
  orderSql: "g.code, s.agent_id, s.currency",
  sums: {
    opening: major("s.opening"),
    earned: major("s.level_1 + s.level_2 + s.level_3"),
    takenBack: major("s.taken_back"),
    paid: major("s.paid"),
    closing: major("s.closing"),
  },
  currencySql: "s.currency",
} satisfies Report;

type StatementsAsked = Pick<ExportRow, "tenant_id" | "book" | "from_date" | "to_date">;

/** Book dates, both included; null: from the beginning, or through all that there is. */
export interface LineStatements {
  readonly agentId: string;
  readonly tenantId: number;
  readonly from: string | null;
  readonly to: string | null;
}

/** The same for an agent and all below him as the tree stands now, as CSV for a spreadsheet. `open` is called with the first bytes. */
export function writeLineStatements(
  db: Knex,
  { agentId, tenantId, from, to }: LineStatements,
  open: () => Writable,
): Promise<void> {
  const { cells, rowsSql, orderSql } = agentStatementsReport;
  const dates = { from_date: from ?? "-infinity", to_date: to ?? "infinity" };
  const { withSql, fromSql } = rowsSql({ tenant_id: tenantId, book: "live", ...dates });
  const columnsSql = cellsSql(cells, { profile: "excel", time_zone: "UTC" });
  const lineSql = `g.line @> ARRAY[${pg.escapeLiteral(agentId)}]::uuid[]`;
  return copyOut(
    db,
    `COPY (${withSql} SELECT ${columnsSql} ${fromSql} AND ${lineSql} ORDER BY ${orderSql}) TO STDOUT WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')`,
    open,
  );
}
