import type { Knex } from "knex";
import type { OrderOrigin, OrderType, Side } from "#contracts/names.ts";

/** An order that filled, the fill, its transfers and the stored quote it names: what one row of the rebuild looks at. */
export interface ReplayRow {
  id: string;
  instrument_id: string;
  terms_version: number;
  side: Side;
  type: OrderType;
  origin: OrderOrigin;
  lots: bigint;
  reduce_only: boolean;
  limit_ticks: bigint | null;
  stop_ticks: bigint | null;
  stop_quote_seq: bigint | null;
  active_from_seq: bigint | null;
  expires_at: Date | null;
  trigger_quote_seq: bigint | null;
  priced_seq: bigint;
  priced_bid: bigint;
  priced_ask: bigint;
  fill_id: bigint | null;
  fill_instrument: string;
  fill_side: string;
  fill_lots: bigint;
  price_ticks: bigint;
  fill_quote_seq: bigint;
  quote_bid_ticks: bigint;
  quote_ask_ticks: bigint;
  realized_pnl_minor: bigint;
  fee_minor: bigint;
  position_lots_after: bigint;
  moved_pnl: bigint;
  moved_fee: bigint;
  moved_protection: bigint;
  /** Transaction of its transfers: fills of one are one batch. Null: it moved no money. */
  batch: string | null;
  first_transfer: bigint | null;
  posted_at: Date | null;
  filled_at: Date | null;
  stored_seq: bigint | null;
  stored_bid: bigint | null;
  stored_ask: bigint | null;
  stored_flag: string | null;
}

const replaySql = `SELECT o.id, o.instrument_id, o.terms_version, o.side, o.type, o.origin, o.lots, o.reduce_only, o.limit_ticks, o.stop_ticks,
    o.stop_quote_seq, o.active_from_seq, o.expires_at, o.trigger_quote_seq,
    coalesce(o.trigger_quote_seq, o.quote_seq) AS priced_seq, coalesce(o.trigger_bid_ticks, o.quote_bid_ticks) AS priced_bid,
    coalesce(o.trigger_ask_ticks, o.quote_ask_ticks) AS priced_ask,
    f.id AS fill_id, f.instrument_id AS fill_instrument, f.side AS fill_side, f.lots AS fill_lots, f.price_ticks,
    f.quote_seq AS fill_quote_seq, f.quote_bid_ticks, f.quote_ask_ticks, f.realized_pnl_minor, f.fee_minor, f.position_lots_after, f.filled_at,
    t.moved_pnl, t.moved_fee, t.moved_protection, t.batch, t.first_transfer, t.posted_at,
    q.seq AS stored_seq, q.bid_ticks AS stored_bid, q.ask_ticks AS stored_ask, q.flag AS stored_flag
  FROM orders o JOIN accounts a ON a.id = o.account_id
    LEFT JOIN fills f ON f.order_id = o.id
    LEFT JOIN quotes q ON q.instrument_id = o.instrument_id AND q.seq = coalesce(o.trigger_quote_seq, o.quote_seq)
    LEFT JOIN LATERAL (
      SELECT coalesce(sum(CASE WHEN credit_account = a.ledger_account_id THEN amount ELSE -amount END) FILTER (WHERE code = 10), 0)::bigint
          AS moved_pnl,
        coalesce(sum(amount) FILTER (WHERE code = 11 AND debit_account = a.ledger_account_id), 0)::bigint AS moved_fee,
        coalesce(sum(amount) FILTER (WHERE code = 13 AND credit_account = a.ledger_account_id), 0)::bigint AS moved_protection,
        (array_agg(xid::text ORDER BY id))[1] AS batch, min(id) AS first_transfer, min(posted_at) AS posted_at
      FROM transfers WHERE group_id = f.group_id) t ON true
  WHERE o.account_id = ? AND o.filled_lots > 0 ORDER BY coalesce(o.due_seq, o.seq)`;

const piece = 500;

/** An account's filled orders in the order of their settlement, in pieces: an account of any length takes the same memory. */
export async function* readReplay(trx: Knex.Transaction, accountId: string): AsyncGenerator<readonly ReplayRow[]> {
  await trx.raw(`DECLARE replayed NO SCROLL CURSOR FOR ${replaySql}`, [accountId]);
  try {
    for (let more = true; more; ) {
      const { rows } = await trx.raw<{ rows: ReplayRow[] }>(`FETCH ${piece} FROM replayed`);
      if (rows.length > 0) yield rows;
      more = rows.length === piece;
    }
  } finally {
    await trx.raw("CLOSE replayed");
  }
}

export interface AccountToRebuild {
  id: string;
  ledger_account_id: bigint;
  posted: bigint;
  held: bigint;
  fills: bigint;
}

/** The next accounts in order of id. */
export async function nextAccounts(db: Knex, after: string | null, limit: number): Promise<string[]> {
  const rows: { id: string }[] = await db("accounts")
    .select("id")
    .where((query) => void (after === null || query.where("id", ">", after)))
    .orderBy("id")
    .limit(limit);
  return rows.map(({ id }) => id);
}

export async function readAccount(trx: Knex.Transaction, id: string): Promise<AccountToRebuild | undefined> {
  const { rows } = await trx.raw<{ rows: AccountToRebuild[] }>(
    `SELECT a.id, a.ledger_account_id, b.posted, b.held, (SELECT count(*) FROM fills WHERE account_id = a.id) AS fills
     FROM accounts a JOIN balances b USING (ledger_account_id) WHERE a.id = ?`,
    [id],
  );
  return rows[0];
}

/** What moved an account's money besides trading, in order: + came in. These are given, not recomputed. */
export async function readFunding(
  trx: Knex.Transaction,
  ledgerAccountId: bigint,
): Promise<readonly { readonly id: bigint; readonly amount: bigint }[]> {
  const { rows } = await trx.raw<{ rows: { id: bigint; amount: bigint }[] }>(
    `SELECT transfer_id AS id, amount FROM entries WHERE ledger_account_id = ? AND code NOT IN (10, 11, 13, 14) ORDER BY transfer_id`,
    [ledgerAccountId.toString()],
  );
  return rows;
}

export interface MarkRow {
  id: bigint;
  instrument_id: string;
  terms_version: number;
  lots: bigint;
  cost_ticks: bigint;
  amount_minor: bigint;
  price_ticks: bigint;
  marked_at: Date;
  first_transfer: bigint | null;
  moved_amount: bigint;
  moved_protection: bigint;
}

/** The daily settlements of an account's positions, in their order. */
export async function readMarks(trx: Knex.Transaction, accountId: string): Promise<readonly MarkRow[]> {
  const { rows } = await trx.raw<{ rows: MarkRow[] }>(
    `SELECT m.id, s.instrument_id, s.terms_version, m.lots, m.cost_ticks, m.amount_minor, s.price_ticks, m.marked_at,
       min(t.id) AS first_transfer,
       coalesce(sum(CASE WHEN t.credit_account = a.ledger_account_id THEN t.amount ELSE -t.amount END) FILTER (WHERE t.code = 14), 0)::bigint
         AS moved_amount,
       coalesce(sum(t.amount) FILTER (WHERE t.code = 13 AND t.credit_account = a.ledger_account_id), 0)::bigint AS moved_protection
     FROM position_marks m JOIN settlement_marks s ON s.id = m.mark_id JOIN accounts a ON a.id = m.account_id
       LEFT JOIN transfers t ON t.group_id = m.group_id
     WHERE m.account_id = ? GROUP BY m.id, s.id, a.ledger_account_id ORDER BY m.marked_at, m.id`,
    [accountId],
  );
  return rows;
}

/** Money reserved for withdrawals, and since when and until when. */
export async function readWithdrawalHolds(
  trx: Knex.Transaction,
  ledgerAccountId: bigint,
): Promise<
  readonly {
    readonly amount: bigint;
    readonly created_at: Date;
    readonly resolved_at: Date | null;
    readonly state: string;
  }[]
> {
  return trx("holds")
    .where({ ledger_account_id: ledgerAccountId.toString(), kind: "withdrawal" })
    .select("amount", "created_at", "resolved_at", "state");
}

export interface StoredPosition {
  instrument_id: string;
  terms_version: number;
  lots: bigint;
  cost_ticks: bigint;
  margin_minor: bigint;
  realized_pnl_minor: bigint;
  buy: bigint;
  sell: bigint;
}

/** The position rows of an account, with the lots of its open orders that may open. */
export async function readPositions(trx: Knex.Transaction, accountId: string): Promise<readonly StoredPosition[]> {
  const { rows } = await trx.raw<{ rows: StoredPosition[] }>(
    `SELECT p.instrument_id, p.terms_version, p.lots, p.cost_ticks, p.margin_minor, p.realized_pnl_minor,
       coalesce(sum(o.lots) FILTER (WHERE o.side = 'buy'), 0)::bigint AS buy,
       coalesce(sum(o.lots) FILTER (WHERE o.side = 'sell'), 0)::bigint AS sell
     FROM positions p LEFT JOIN orders o ON o.account_id = p.account_id AND o.instrument_id = p.instrument_id
       AND o.state IN ('accepted', 'working') AND NOT o.reduce_only
     WHERE p.account_id = ? GROUP BY p.id ORDER BY p.instrument_id`,
    [accountId],
  );
  return rows;
}

/** Whether the quotes of a block that holds this number were swept. */
export async function isSwept(db: Knex, instrumentId: string, seq: bigint): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { first_seq: bigint; is_swept: boolean }[] }>(
    `SELECT b.first_seq, s.block_no IS NOT NULL AS is_swept FROM quote_blocks b
       LEFT JOIN swept_blocks s USING (instrument_id, block_no)
     WHERE b.instrument_id = ? AND b.last_seq >= ? ORDER BY b.last_seq LIMIT 1`,
    [instrumentId, seq.toString()],
  );
  const [block] = rows;
  // Quotes that went before anything was sealed lie before the first block, or in a gap that its header shows.
  return block === undefined || block.is_swept || block.first_seq > seq;
}
