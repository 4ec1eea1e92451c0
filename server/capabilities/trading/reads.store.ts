import type { Knex } from "knex";
import { type Ticks, ticks } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { type OrderRow, orderColumns } from "./orders.store.ts";
import { type FillRow, type LegPrices, noLegs } from "./wire.ts";

/** A page of rows, newest first, and where the next one begins; null: this was the last. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

type PlacedOrder = OrderRow & { seq: bigint; accepted_text: string };

/** A place in the list of orders: the moment of acceptance (to the microsecond) and the sequence. */
const orderCursorShape = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00)_(\d{1,18})$/;
const fillCursorShape = /^\d{1,18}$/;

/** Whether `cursor` was made by the list of orders, or by that of fills. */
export const isOrderCursor = (cursor: string): boolean => isInstant(orderCursorShape.exec(cursor)?.[1]);
export const isFillCursor = (cursor: string): boolean => fillCursorShape.test(cursor);

/** A moment that exists: the shape alone lets a 30th of February through, which PostgreSQL answers with an error. */
function isInstant(text: string | undefined): boolean {
  const [, date = "", time = ""] = /^(\S+) ([\d:]+)/.exec(text ?? "") ?? [];
  const instant = new Date(`${date}T${time}Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(date) && !date.startsWith("0000");
}

export async function ordersPage(
  db: Knex,
  accountId: string,
  page: { readonly limit: number; readonly after: string | null; readonly openOnly?: boolean },
): Promise<Page<OrderRow>> {
  const [, at = null, seq = null] = orderCursorShape.exec(page.after ?? "") ?? [];
  const { rows } = await db.raw<{ rows: PlacedOrder[] }>(
    `SELECT ${orderColumns}, o.seq, o.accepted_at::text AS accepted_text
     FROM orders o
     WHERE o.account_id = ? AND (?::timestamptz IS NULL OR (o.accepted_at, o.seq) < (?::timestamptz, ?::bigint))
       AND (NOT ?::boolean OR o.state IN ('accepted', 'working'))
     ORDER BY o.accepted_at DESC, o.seq DESC LIMIT ?`,
    [accountId, at, at, seq, page.openOnly ?? false, page.limit + 1],
  );
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const more = rows.length > page.limit && last !== undefined;
  return { rows: shown, next: more ? `${last.accepted_text}_${last.seq}` : null };
}

const fillColumns = `f.id, f.order_id, f.account_id, f.book, f.instrument_id, f.terms_version, f.side, f.lots, f.price_ticks,
  f.realized_pnl_minor, f.fee_minor, f.currency, f.currency_scale, f.quote_seq, f.quote_bid_ticks, f.quote_ask_ticks,
  f.quote_venue_at, f.quote_received_at, f.filled_at, o.origin, o.type, o.stop_ticks`;

export async function fillsPage(
  db: Knex,
  accountId: string,
  page: { readonly limit: number; readonly after: string | null },
): Promise<Page<FillRow>> {
  const { rows } = await db.raw<{ rows: FillRow[] }>(
    `SELECT ${fillColumns} FROM fills f JOIN orders o ON o.id = f.order_id
     WHERE f.account_id = ? AND (?::bigint IS NULL OR f.id < ?::bigint)
     ORDER BY f.id DESC LIMIT ?`,
    [accountId, page.after, page.after, page.limit + 1],
  );
  const shown = rows.slice(0, page.limit);
  return { rows: shown, next: rows.length > page.limit ? (shown.at(-1)?.id.toString() ?? null) : null };
}

/** One order of a trader; null when it is not his or does not exist. */
export async function orderOfTrader(db: Knex, traderId: string, orderId: string): Promise<OrderRow | null> {
  const { rows } = await db.raw<{ rows: OrderRow[] }>(
    `SELECT ${orderColumns} FROM orders o WHERE o.id = ? AND o.trader_id = ?`,
    [orderId, traderId],
  );
  return rows[0] ?? null;
}

/** Orders (account -> its orders' ids) with their fills, in the order of acceptance. Those of another account are left out. */
export async function ordersWithFills(
  db: Knex,
  wanted: ReadonlyMap<string, readonly string[]>,
): Promise<{ orders: OrderRow[]; fills: FillRow[] }> {
  const pairs = [...wanted].flatMap(([accountId, ids]) => ids.map((id) => ({ accountId, id })));
  const bindings = [pairs.map(({ id }) => id), pairs.map(({ accountId }) => accountId)];
  const [orders, fills] = await Promise.all([
    prepared<OrderRow>(
      db,
      `SELECT ${orderColumns} FROM unnest(?::uuid[], ?::uuid[]) AS w (id, account_id) JOIN orders o USING (id, account_id)
       ORDER BY o.seq`,
      bindings,
    ),
    prepared<FillRow>(
      db,
      `SELECT ${fillColumns} FROM unnest(?::uuid[], ?::uuid[]) AS w (id, account_id)
         JOIN fills f ON f.order_id = w.id AND f.account_id = w.account_id JOIN orders o ON o.id = f.order_id
       ORDER BY f.id`,
      bindings,
    ),
  ]);
  return { orders, fills };
}

/** Prices of the brackets of accounts' positions, asked for by account and instrument. */
export async function legPricesOf(
  db: Knex,
  accountIds: readonly string[],
): Promise<(accountId: string, instrumentId: string) => LegPrices> {
  if (accountIds.length === 0) return () => noLegs;
  const rows = await prepared<LegRow>(
    db,
    `SELECT account_id, instrument_id, max(limit_ticks) FILTER (WHERE origin = 'take-profit') AS profit,
       max(stop_ticks) FILTER (WHERE origin = 'stop-loss') AS loss
     FROM orders
     WHERE account_id = ANY (?::uuid[]) AND state IN ('accepted', 'working') AND origin IN ('take-profit', 'stop-loss')
     GROUP BY account_id, instrument_id`,
    [[...accountIds]],
  );
  const price = (value: bigint | null): Ticks | null => (value === null ? null : ticks(value));
  const keyOf = (accountId: string, instrumentId: string): string => `${accountId} ${instrumentId}`;
  const found = new Map(
    rows.map((row) => [
      keyOf(row.account_id, row.instrument_id),
      { takeProfit: price(row.profit), stopLoss: price(row.loss) },
    ]),
  );
  return (accountId, instrumentId) => found.get(keyOf(accountId, instrumentId)) ?? noLegs;
}

interface LegRow {
  account_id: string;
  instrument_id: string;
  profit: bigint | null;
  loss: bigint | null;
}
