import type { Knex } from "knex";
import { isLeg } from "#core/reduce.ts";
import type { OpenPosition, SettledCancel, SettledEnd, SettledFill } from "#core/settlement.ts";
import type { MinorUnits } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";
import type { AccountRow } from "./accounts.store.ts";
import type { DueRow } from "./open-orders.store.ts";

/**
 * Accounts (at most `limit`) that have at least one of these orders still to settle, with those orders and the houses they settle
 * against.
 */
export async function accountsToSettle(
  db: Knex,
  orderIds: readonly string[],
  limit: number,
): Promise<(Pick<AccountRow, "id" | "tenant_id" | "book" | "currency"> & { order_ids: string[] })[]> {
  return prepared<AccountRow & { order_ids: string[] }>(
    db,
    `SELECT a.id, a.tenant_id, a.book, a.currency, o.order_ids
     FROM (SELECT account_id, array_agg(id)::text[] AS order_ids FROM orders
           WHERE id = ANY (?::uuid[]) AND state IN ('accepted', 'working') AND due_seq IS NOT NULL GROUP BY account_id) o
       JOIN accounts a ON a.id = o.account_id ORDER BY a.id LIMIT ?`,
    [[...orderIds], limit],
  );
}

export interface FillToWrite {
  readonly account: AccountRow;
  readonly row: DueRow;
  readonly outcome: SettledFill;
  /** Names the event: its transfers carry the same group. */
  readonly groupId: string;
}

/** A reduce-only order that found less to reduce ends cancelled with what it filled; a leg is for the position, however large. */
const wholeAt = ({ order, lots }: SettledFill): bigint => (isLeg(order.origin) ? lots : order.lots);

/** Ends orders and writes fills, one statement: an order is never filled without its fill. */
export async function writeFills(db: Knex, fills: readonly FillToWrite[]): Promise<void> {
  if (fills.length === 0) return;
  await prepared(
    db,
    `WITH n AS (
       SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::smallint[],
         ?::uuid[], ?::bigint[])
         AS n (id, ordered, lots, price, pnl, fee, currency, currency_scale, group_id, lots_after)),
     filled AS (
       UPDATE orders o SET state = CASE WHEN n.lots = n.ordered THEN 'filled' ELSE 'cancelled' END,
         cancel_code = CASE WHEN n.lots < n.ordered THEN 'POSITION_GONE' END,
         lots = n.ordered, filled_lots = n.lots, average_fill_ticks = n.price, done_at = clock_timestamp()
       FROM n WHERE o.id = n.id RETURNING o.*)
     INSERT INTO fills (tenant_id, trader_id, account_id, book, order_id, instrument_id, terms_version, side, lots,
       price_ticks, quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at,
       realized_pnl_minor, fee_minor, currency, currency_scale, group_id, position_lots_after)
     SELECT o.tenant_id, o.trader_id, o.account_id, o.book, o.id, o.instrument_id, o.terms_version, o.side, n.lots,
       n.price, coalesce(o.trigger_quote_seq, o.quote_seq), coalesce(o.trigger_bid_ticks, o.quote_bid_ticks),
       coalesce(o.trigger_ask_ticks, o.quote_ask_ticks), coalesce(o.trigger_venue_at, o.quote_venue_at),
       coalesce(o.trigger_received_at, o.quote_received_at),
       n.pnl, n.fee, n.currency, n.currency_scale, n.group_id, n.lots_after
     FROM filled o JOIN n USING (id) ORDER BY o.account_id, o.due_seq`,
    [
      fills.map(({ row }) => row.id),
      fills.map(({ outcome }) => wholeAt(outcome).toString()),
      fills.map(({ outcome }) => outcome.lots.toString()),
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

/** Ends orders that did not fill: rejected, or cancelled since nothing was left to reduce. */
export async function writeEnds(db: Knex, ends: readonly (SettledEnd | SettledCancel)[]): Promise<void> {
  if (ends.length === 0) return;
  await prepared(
    db,
    `UPDATE orders o SET state = n.state, done_at = clock_timestamp(),
       rejection_code = CASE WHEN n.state = 'rejected' THEN n.code END, cancel_code = CASE WHEN n.state = 'cancelled' THEN n.code END
     FROM unnest(?::uuid[], ?::text[], ?::text[]) AS n (id, state, code) WHERE o.id = n.id`,
    [ends.map(({ order }) => order.id), ends.map(({ kind }) => kind), ends.map(({ code }) => code)],
  );
}

export interface PositionToWrite {
  readonly id: string;
  readonly account: AccountRow;
  readonly instrumentId: string;
  readonly open: OpenPosition;
  /** Added to what the position has realized so far. */
  readonly realized: MinorUnits;
  /** Something of it was filled; else only its line is another. */
  readonly hasTraded: boolean;
}

/** Positions with their margin lines; the database moves what is held on the balances with them. */
export async function writePositions(db: Knex, positions: readonly PositionToWrite[]): Promise<void> {
  if (positions.length === 0) return;
  await prepared(
    db,
    `INSERT INTO positions AS p (id, tenant_id, trader_id, account_id, book, instrument_id, terms_version, lots,
       cost_ticks, margin_minor, realized_pnl_minor, closed_at)
     SELECT id, tenant_id, trader_id, account_id, book, instrument_id, terms_version, lots, cost, margin, realized,
       CASE WHEN traded AND lots = 0 THEN clock_timestamp() END
     FROM unnest(?::uuid[], ?::int[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::int[], ?::bigint[], ?::bigint[], ?::bigint[],
       ?::bigint[], ?::boolean[]) AS n (id, tenant_id, trader_id, account_id, book, instrument_id, terms_version, lots, cost, margin,
       realized, traded)
     ON CONFLICT (account_id, instrument_id) DO UPDATE SET
       terms_version = excluded.terms_version, lots = excluded.lots, cost_ticks = excluded.cost_ticks,
       margin_minor = excluded.margin_minor, realized_pnl_minor = p.realized_pnl_minor + excluded.realized_pnl_minor,
       -- What was opened and closed again by one batch was held for no time.
       opened_at = CASE WHEN excluded.lots <> 0 AND sign(p.lots) <> sign(excluded.lots) THEN clock_timestamp()
         WHEN p.lots = 0 AND excluded.closed_at IS NOT NULL THEN excluded.closed_at ELSE p.opened_at END,
       closed_at = CASE WHEN excluded.lots = 0 THEN coalesce(excluded.closed_at, p.closed_at) END,
       updated_at = clock_timestamp(), version = p.version + 1`,
    [
      positions.map(({ id }) => id),
      positions.map(({ account }) => account.tenant_id),
      positions.map(({ account }) => account.trader_id),
      positions.map(({ account }) => account.id),
      positions.map(({ account }) => account.book),
      positions.map(({ instrumentId }) => instrumentId),
      positions.map(({ open }) => open.terms.version),
      positions.map(({ open }) => open.position.lots.toString()),
      positions.map(({ open }) => open.position.cost.toString()),
      positions.map(({ open }) => open.marginHeld.toString()),
      positions.map(({ realized }) => realized.toString()),
      positions.map(({ hasTraded }) => hasTraded),
    ],
  );
}
