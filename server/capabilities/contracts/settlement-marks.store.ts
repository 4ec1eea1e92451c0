import type { Knex } from "knex";
import type { DailySettlement, MarkRule } from "#contracts/names.ts";
import type { OverDate } from "#core/daily-mark.ts";
import { type Lots, lots, type Ticks, ticks } from "#core/units.ts";
import type { PositionMark } from "../trading/index.ts";

/** How an instrument is marked, and how far it is. */
export interface MarkingRow {
  instrument_id: string;
  settlement_rule: MarkRule;
  daily_settlement: DailySettlement;
  version: number;
  terms_version: number;
  /** "YYYY-MM-DD"; null: never marked. */
  last_date: string | null;
  first_quote_at: Date | null;
}

/** Every instrument with terms in force. */
export async function markingRows(db: Knex): Promise<MarkingRow[]> {
  const { rows } = await db.raw<{ rows: MarkingRow[] }>(
    `SELECT i.id AS instrument_id, i.settlement_rule, i.daily_settlement, i.version, t.terms_version,
       (SELECT max(m.trade_date)::text FROM settlement_marks m WHERE m.instrument_id = i.id) AS last_date,
       (SELECT q.received_at FROM quotes q WHERE q.instrument_id = i.id ORDER BY q.seq LIMIT 1) AS first_quote_at
     FROM instruments i JOIN current_instrument_terms t ON t.instrument_id = i.id ORDER BY i.id`,
  );
  return rows;
}

/** By the database's clock. */
export async function databaseNow(db: Knex): Promise<Date> {
  const { rows } = await db.raw<{ rows: { now: Date }[] }>("SELECT clock_timestamp() AS now");
  return rows[0]?.now ?? new Date(Number.NaN);
}

export interface MarkQuote {
  readonly seq: bigint;
  readonly bid: Ticks;
  readonly ask: Ticks;
  readonly last: Ticks | null;
  readonly receivedAt: Date;
}

/** The last tradable quote of a trade date; by the rule `last` the last that shows a trade. Null: there was none. */
export async function lastQuoteOf(
  db: Knex,
  instrumentId: string,
  { from, cutAt }: OverDate,
  rule: MarkRule,
): Promise<MarkQuote | null> {
  const { rows } = await db.raw<{
    rows: { seq: bigint; bid_ticks: bigint; ask_ticks: bigint; last_ticks: bigint | null; received_at: Date }[];
  }>(
    `SELECT seq, bid_ticks, ask_ticks, last_ticks, received_at FROM quotes
     WHERE instrument_id = ? AND flag IS NULL AND received_at >= ? AND received_at < ?
       AND (last_ticks IS NOT NULL OR ? <> 'last')
     ORDER BY seq DESC LIMIT 1`,
    [instrumentId, from, cutAt, rule],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return {
    seq: row.seq,
    bid: ticks(row.bid_ticks),
    ask: ticks(row.ask_ticks),
    last: row.last_ticks === null ? null : ticks(row.last_ticks),
    receivedAt: row.received_at,
  };
}

/** Writes the mark of a date once; false: it was there already. Without a price the date is settled at none. */
export async function insertMark(
  db: Knex,
  row: MarkingRow,
  date: OverDate,
  priced: { readonly price: Ticks; readonly quote: MarkQuote } | null,
): Promise<boolean> {
  const { rowCount } = await db.raw<{ rowCount: number | null }>(
    `INSERT INTO settlement_marks (instrument_id, trade_date, cut_at, rule, rule_version, terms_version, daily_settlement,
       price_ticks, quote_seq, quote_bid_ticks, quote_ask_ticks, quote_last_ticks, quote_received_at)
     VALUES (?, ?::date, ?, ?, ?, ?, ?, ?::bigint, ?::bigint, ?::bigint, ?::bigint, ?::bigint, ?::timestamptz)
     ON CONFLICT (instrument_id, trade_date) DO NOTHING`,
    [
      row.instrument_id,
      date.tradeDate,
      date.cutAt,
      row.settlement_rule,
      row.version,
      row.terms_version,
      row.daily_settlement,
      priced?.price.toString() ?? null,
      priced?.quote.seq.toString() ?? null,
      priced?.quote.bid.toString() ?? null,
      priced?.quote.ask.toString() ?? null,
      priced?.quote.last?.toString() ?? null,
      priced?.quote.receivedAt ?? null,
    ],
  );
  return rowCount === 1;
}

export interface UnpaidMark {
  id: bigint;
  instrument_id: string;
  cut_at: Date;
  price_ticks: bigint;
}

/** Marks in cash that are not paid through, in the order of their dates. */
export async function unpaidMarks(db: Knex): Promise<UnpaidMark[]> {
  const { rows } = await db.raw<{ rows: UnpaidMark[] }>(
    `SELECT id, instrument_id, cut_at, price_ticks FROM settlement_marks
     WHERE daily_settlement = 'cash' AND paid_at IS NULL AND price_ticks IS NOT NULL ORDER BY instrument_id, trade_date`,
  );
  return rows;
}

/** Accounts after `after` with an open position that this mark has not reached, in id order. */
export async function accountsToMark(db: Knex, mark: UnpaidMark, after: string, limit: number): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { account_id: string }[] }>(
    `SELECT p.account_id FROM positions p
     WHERE p.instrument_id = ? AND p.lots <> 0 AND p.account_id > ?::uuid
       AND NOT EXISTS (SELECT FROM position_marks m WHERE m.mark_id = ? AND m.position_id = p.id)
     ORDER BY p.account_id LIMIT ?`,
    [mark.instrument_id, after, mark.id.toString(), limit],
  );
  return rows.map((row) => row.account_id);
}

export interface PositionPath {
  readonly accountId: string;
  readonly lotsAtCut: Lots;
  /** Its lots after each fill since the cut. */
  readonly lotsAfter: readonly Lots[];
}

/** How the positions of locked accounts came from the cut to now; those that the mark has reached are left out. */
export async function pathsSinceCut(
  db: Knex,
  mark: UnpaidMark,
  accountIds: readonly string[],
): Promise<PositionPath[]> {
  const { rows } = await db.raw<{ rows: { account_id: string; at_cut: bigint; after: bigint[] }[] }>(
    `SELECT p.account_id,
       coalesce((array_agg(f.position_lots_after - CASE f.side WHEN 'buy' THEN f.lots ELSE -f.lots END ORDER BY f.id)
         FILTER (WHERE f.id IS NOT NULL))[1], p.lots)::bigint AS at_cut,
       coalesce(array_agg(f.position_lots_after ORDER BY f.id) FILTER (WHERE f.id IS NOT NULL), '{}')::text[] AS after
     FROM positions p LEFT JOIN fills f ON f.account_id = p.account_id AND f.instrument_id = p.instrument_id AND f.filled_at >= ?
     WHERE p.instrument_id = ? AND p.account_id = ANY (?::uuid[]) AND p.lots <> 0
       AND NOT EXISTS (SELECT FROM position_marks m WHERE m.mark_id = ? AND m.position_id = p.id)
     GROUP BY p.id`,
    [mark.cut_at, mark.instrument_id, [...accountIds], mark.id.toString()],
  );
  return rows.map((row) => ({
    accountId: row.account_id,
    lotsAtCut: lots(row.at_cut),
    lotsAfter: row.after.map((after) => lots(BigInt(after))),
  }));
}

/** Fails when a position was marked for this date before. */
export async function insertPositionMarks(db: Knex, markId: bigint, marks: readonly PositionMark[]): Promise<void> {
  if (marks.length === 0) return;
  await db.raw(
    `INSERT INTO position_marks (mark_id, position_id, account_id, lots, cost_ticks, amount_minor, group_id)
     SELECT ?::bigint, * FROM unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::uuid[])`,
    [
      markId.toString(),
      marks.map(({ positionId }) => positionId),
      marks.map(({ accountId }) => accountId),
      marks.map((mark) => mark.lots.toString()),
      marks.map(({ cost }) => cost.toString()),
      marks.map(({ amount }) => amount.toString()),
      marks.map(({ groupId }) => groupId),
    ],
  );
}

/** False: it was paid through before. */
export async function writePaid(db: Knex, markId: bigint): Promise<boolean> {
  const { rowCount } = await db.raw<{ rowCount: number | null }>(
    "UPDATE settlement_marks SET paid_at = clock_timestamp() WHERE id = ? AND paid_at IS NULL",
    [markId.toString()],
  );
  return rowCount === 1;
}
