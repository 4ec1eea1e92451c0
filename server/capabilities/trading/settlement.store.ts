import type { Knex } from "knex";
import type { Side } from "#contracts/names.ts";
import type { OpenPosition, SettledFill, SettledRejection } from "#core/settlement.ts";
import type { AccountRow } from "./accounts.store.ts";

export interface AcceptedRow {
  id: string;
  account_id: string;
  instrument_id: string;
  terms_version: number;
  side: Side;
  lots: bigint;
  reduce_only: boolean;
  quote_bid_ticks: bigint;
  quote_ask_ticks: bigint;
  waited_ms: number;
  /** Its open hold; null when it holds nothing. */
  held: bigint | null;
}

/** Accounts (at most `limit`) that have at least one of these orders still to settle, with the houses they settle against. */
export async function accountsToSettle(
  db: Knex,
  orderIds: readonly string[],
  limit: number,
): Promise<Pick<AccountRow, "id" | "tenant_id" | "book" | "currency">[]> {
  const { rows } = await db.raw<{ rows: AccountRow[] }>(
    `SELECT a.id, a.tenant_id, a.book, a.currency FROM accounts a
     WHERE a.id IN (SELECT account_id FROM orders WHERE id = ANY (?::uuid[]) AND state = 'accepted') ORDER BY a.id LIMIT ?`,
    [[...orderIds], limit],
  );
  return rows;
}

/** All accepted orders of the accounts, in the order of acceptance. How long they waited is told by the database's clock. */
export async function loadAccepted(db: Knex, accountIds: readonly string[]): Promise<AcceptedRow[]> {
  const { rows } = await db.raw<{ rows: AcceptedRow[] }>(
    `SELECT o.id, o.account_id, o.instrument_id, o.terms_version, o.side, o.lots, o.reduce_only, o.quote_bid_ticks,
       o.quote_ask_ticks, (extract(epoch FROM clock_timestamp() - o.due_at) * 1000)::float8 AS waited_ms,
       h.amount AS held
     FROM orders o LEFT JOIN holds h ON h.kind = 'order' AND h.ref_id = o.id AND h.state = 'open'
     WHERE o.account_id = ANY (?::uuid[]) AND o.state = 'accepted' ORDER BY o.due_seq`,
    [[...accountIds]],
  );
  return rows;
}

export interface FillToWrite {
  readonly account: AccountRow;
  readonly row: AcceptedRow;
  readonly outcome: SettledFill;
  /** Names the event: its transfers carry the same group. */
  readonly groupId: string;
}

/** Ends orders and writes fills, one statement: an order is never filled without its fill. */
export async function writeFills(db: Knex, fills: readonly FillToWrite[]): Promise<void> {
  if (fills.length === 0) return;
  await db.raw(
    `WITH n AS (
       SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::smallint[], ?::uuid[], ?::bigint[])
         AS n (id, price, pnl, fee, currency, currency_scale, group_id, lots_after)),
     filled AS (
       UPDATE orders o SET state = 'filled', filled_lots = o.lots, average_fill_ticks = n.price, done_at = clock_timestamp()
       FROM n WHERE o.id = n.id RETURNING o.*)
     INSERT INTO fills (tenant_id, trader_id, account_id, book, order_id, instrument_id, terms_version, side, lots,
       price_ticks, quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at,
       realized_pnl_minor, fee_minor, currency, currency_scale, group_id, position_lots_after)
     SELECT o.tenant_id, o.trader_id, o.account_id, o.book, o.id, o.instrument_id, o.terms_version, o.side, o.lots,
       n.price, o.quote_seq, o.quote_bid_ticks, o.quote_ask_ticks, o.quote_venue_at, o.quote_received_at,
       n.pnl, n.fee, n.currency, n.currency_scale, n.group_id, n.lots_after
     FROM filled o JOIN n USING (id) ORDER BY o.seq`,
    [
      fills.map(({ row }) => row.id),
      fills.map(({ outcome }) => outcome.price.toString()),
      fills.map(({ outcome }) => outcome.realizedPnl.toString()),
      fills.map(({ outcome }) => outcome.fee.toString()),
      fills.map(({ account }) => account.currency),
      fills.map(({ account }) => account.currency_scale),
      fills.map(({ groupId }) => groupId),
      fills.map(({ outcome }) => outcome.positionLotsAfter.toString()),
    ],
  );
}

export async function writeRejections(db: Knex, rejections: readonly SettledRejection[]): Promise<void> {
  if (rejections.length === 0) return;
  await db.raw(
    `UPDATE orders o SET state = 'rejected', rejection_code = n.code, done_at = clock_timestamp()
     FROM unnest(?::uuid[], ?::text[]) AS n (id, code) WHERE o.id = n.id`,
    [rejections.map(({ order }) => order.id), rejections.map(({ code }) => code)],
  );
}

export interface PositionToWrite {
  readonly id: string;
  readonly account: AccountRow;
  readonly instrumentId: string;
  readonly termsVersion: number;
  readonly open: OpenPosition;
  /** Added to what the position has realized so far. */
  readonly realized: bigint;
}

export async function writePositions(db: Knex, positions: readonly PositionToWrite[]): Promise<void> {
  if (positions.length === 0) return;
  await db.raw(
    `INSERT INTO positions AS p (id, tenant_id, trader_id, account_id, book, instrument_id, terms_version, lots,
       cost_ticks, margin_minor, realized_pnl_minor)
     SELECT * FROM unnest(?::uuid[], ?::int[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::int[], ?::bigint[],
       ?::bigint[], ?::bigint[], ?::bigint[])
     ON CONFLICT (account_id, instrument_id) DO UPDATE SET
       terms_version = excluded.terms_version, lots = excluded.lots, cost_ticks = excluded.cost_ticks,
       margin_minor = excluded.margin_minor, realized_pnl_minor = p.realized_pnl_minor + excluded.realized_pnl_minor,
       opened_at = CASE WHEN p.lots = 0 OR sign(p.lots) <> sign(excluded.lots) AND excluded.lots <> 0
         THEN clock_timestamp() ELSE p.opened_at END,
       updated_at = clock_timestamp(), version = p.version + 1`,
    [
      positions.map(({ id }) => id),
      positions.map(({ account }) => account.tenant_id),
      positions.map(({ account }) => account.trader_id),
      positions.map(({ account }) => account.id),
      positions.map(({ account }) => account.book),
      positions.map(({ instrumentId }) => instrumentId),
      positions.map(({ termsVersion }) => termsVersion),
      positions.map(({ open }) => open.position.lots.toString()),
      positions.map(({ open }) => open.position.cost.toString()),
      positions.map(({ open }) => open.marginHeld.toString()),
      positions.map(({ realized }) => realized.toString()),
    ],
  );
}
