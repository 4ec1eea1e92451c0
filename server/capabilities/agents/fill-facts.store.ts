import type { Knex } from "knex";
import type { OrderOrigin } from "#contracts/names.ts";
import type { FillFacts } from "./decide-fill.ts";

export interface CommissionDay {
  readonly tenantId: number;
  /** "YYYY-MM-DD" */
  readonly bookDate: string;
}

/** Least and greatest fill of a book date; null: there is none. */
export async function fillRange(
  db: Knex,
  { tenantId, bookDate }: CommissionDay,
): Promise<{ from: bigint; to: bigint } | null> {
  const { rows } = await db.raw<{ rows: { from: bigint | null; to: bigint | null }[] }>(
    `SELECT min(id) AS "from", max(id) AS "to" FROM fills
     WHERE filled_at >= (SELECT book_date_began(?::date)) AND filled_at < (SELECT book_date_began(?::date + 1)) AND tenant_id = ? AND book = 'live'`,
    [bookDate, bookDate, tenantId],
  );
  const [row] = rows;
  return row === undefined || row.from === null || row.to === null ? null : { from: row.from, to: row.to };
}

interface FillRow {
  id: bigint;
  trader_id: string;
  agent_id: string;
  instrument_id: string;
  asset_class: string;
  origin: OrderOrigin;
  accepted_at: bigint;
  lots: bigint;
  fee_minor: bigint;
  spread_minor: bigint;
  currency: string;
  currency_scale: number;
}

const spreadSql =
  "greatest(div((f.quote_ask_ticks - f.quote_bid_ticks)::numeric * f.lots * t.tick_value_minor, 2), 0)::bigint";
/** Live fills of traders who had an agent when the order was accepted. */
const factsSql = `SELECT f.id, f.trader_id, h.agent_id, f.instrument_id, i.asset_class, o.origin,
       (extract(epoch FROM o.accepted_at) * 1000000)::bigint AS accepted_at, f.lots, f.fee_minor, ${spreadSql} AS spread_minor,
       f.currency, f.currency_scale
     FROM fills f JOIN orders o ON o.id = f.order_id JOIN instruments i ON i.id = f.instrument_id
       JOIN instrument_terms t ON t.instrument_id = f.instrument_id AND t.terms_version = f.terms_version
       CROSS JOIN LATERAL (SELECT a.agent_id FROM trader_agents a WHERE a.trader_id = f.trader_id AND a.since <= o.accepted_at
         ORDER BY a.since DESC, a.id DESC LIMIT 1) h
     WHERE h.agent_id IS NOT NULL AND f.book = 'live'`;

/**
 * The next live fills of a book date, in id order, of traders who had an agent when the order was accepted. `undecidedOnly` leaves out
 * those that have their waterfall.
 */
export async function nextFills(
  db: Knex,
  { tenantId, bookDate }: CommissionDay,
  page: { readonly after: bigint; readonly to: bigint; readonly limit: number; readonly undecidedOnly: boolean },
): Promise<FillFacts[]> {
  const { rows } = await db.raw<{ rows: FillRow[] }>(
    `${factsSql} AND f.id > ? AND f.id <= ? AND f.tenant_id = ? AND book_date_of(f.filled_at) = ?::date
       AND (NOT ?::boolean OR NOT EXISTS (SELECT FROM commission_fills c WHERE c.fill_id = f.id))
     ORDER BY f.id LIMIT ?`,
    [page.after.toString(), page.to.toString(), tenantId, bookDate, page.undecidedOnly, page.limit],
  );
  return rows.map(factsOf);
}

/** One fill, whatever its book date; null: it is not live, or its trader had no agent. */
export async function fillFacts(db: Knex, fillId: bigint): Promise<FillFacts | null> {
  const { rows } = await db.raw<{ rows: FillRow[] }>(`${factsSql} AND f.id = ?`, [fillId.toString()]);
  const [row] = rows;
  return row === undefined ? null : factsOf(row);
}

const factsOf = (row: FillRow): FillFacts => ({
  fillId: row.id,
  traderId: row.trader_id,
  agentId: row.agent_id,
  instrumentId: row.instrument_id,
  assetClass: row.asset_class,
  origin: row.origin,
  acceptedAt: row.accepted_at,
  lots: row.lots,
  fee: row.fee_minor,
  spread: row.spread_minor,
  currency: row.currency,
  currencyScale: row.currency_scale,
});
