import pg from "pg";
import { figure, plain, text, time } from "./cells.ts";
import { dated, type Report } from "./report.ts";

const major = (minorSql: string): string => `to_major(${minorSql}, d.currency_scale)`;

/** Deposits begun or found in the period, as they stand now; all of them are of live accounts, or nobody's yet. */
export const depositsReport: Report = {
  cells: [
    plain("deposit_id", "d.id"),
    time("created_at", "d.created_at"),
    plain("state", "d.state"),
    plain("account_id", "d.account_id"),
    plain("trader_id", "d.trader_id"),
    plain("channel", "d.channel"),
    text("reference", "d.reference"),
    text("payment_no", "d.payment_no"),
    figure("asked", major("d.asked_minor")),
    figure("received", major("d.received_minor")),
    figure("fee", major("d.fee_minor")),
    figure("taken_back", major("d.taken_back_minor")),
    figure("owed", major("d.owed_minor")),
    figure("collected", major("d.collected_minor")),
    plain("currency", "d.currency"),
    time("received_at", "d.received_at"),
    time("credited_at", "d.credited_at"),
    text("reviewer_1", "d.review_1_by"),
    text("reviewer_2", "d.review_2_by"),
    time("ended_at", "d.ended_at"),
    text("note", "d.note"),
  ],
  rowsSql: (asked) => ({
    withSql: "",
    fromSql: `FROM deposits d WHERE ${dated(asked, "d", "created_at")} AND ${pg.escapeLiteral(asked.book)} = 'live'`,
  }),
  orderSql: "d.created_at, d.id",
  sums: {
    received: major("coalesce(d.received_minor, 0)"),
    fee: major("d.fee_minor"),
    takenBack: major("d.taken_back_minor"),
  },
  currencySql: "d.currency",
};
