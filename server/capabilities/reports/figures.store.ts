import type { Knex } from "knex";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { Book } from "#contracts/names.ts";
import { lots, minorUnits } from "#core/units.ts";
import type { CurrencyMargin, InstrumentLots } from "./exposure.ts";

type Viewer = Pick<StaffIdentity, "tenantId" | "agentId">;

/** Rows of a table with tenant_id and trader_id that the viewer may see, as a condition on the alias `x`. */
const visible = `(:tenant::int IS NULL OR x.tenant_id = :tenant::int)
  AND (:agent::uuid IS NULL OR x.trader_id IN (
    SELECT t.id FROM traders t JOIN agents g ON g.id = t.agent_id WHERE g.line @> ARRAY[:agent::uuid]))`;

const minutes = `generate_series(date_trunc('minute', now()) - interval '60 minutes', date_trunc('minute', now()) - interval '1 minute',
  interval '1 minute') AS m(minute)`;

const bindingsOf = ({ tenantId, agentId }: Viewer) => ({ tenant: tenantId, agent: agentId });

export interface OrderFlow {
  readonly lastMinute: number;
  /** The last 60 whole minutes, oldest first. */
  readonly perMinute: number[];
  /** 99th percentile from acceptance to end over the last hour, in ms. */
  readonly p99Ms: number | null;
  readonly p99PerMinute: (number | null)[];
}

export async function readOrderFlow(db: Knex, viewer: Viewer): Promise<OrderFlow> {
  const p99Sql = "percentile_disc(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM x.done_at - x.accepted_at) * 1000)";
  const seenSql = `SELECT x.accepted_at, x.done_at FROM orders x
    WHERE x.accepted_at >= date_trunc('minute', now()) - interval '60 minutes' AND ${visible}`;
  const [byMinute, whole] = await Promise.all([
    db.raw<{ rows: { orders: number; p99: number | null }[] }>(
      `SELECT count(x.accepted_at)::int AS orders, (${p99Sql} FILTER (WHERE x.done_at IS NOT NULL))::float8 AS p99
       FROM ${minutes} LEFT JOIN (${seenSql}) x ON date_trunc('minute', x.accepted_at) = m.minute GROUP BY m.minute ORDER BY m.minute`,
      bindingsOf(viewer),
    ),
    db.raw<{ rows: { last_minute: number; p99: number | null }[] }>(
      `SELECT count(*) FILTER (WHERE x.accepted_at >= now() - interval '1 minute')::int AS last_minute,
         (${p99Sql} FILTER (WHERE x.done_at IS NOT NULL))::float8 AS p99 FROM (${seenSql}) x`,
      bindingsOf(viewer),
    ),
  ]);
  return {
    lastMinute: whole.rows[0]?.last_minute ?? 0,
    perMinute: byMinute.rows.map(({ orders }) => orders),
    p99Ms: whole.rows[0]?.p99 ?? null,
    p99PerMinute: byMinute.rows.map((row) => row.p99),
  };
}

/** Transfers posted in each of the last 60 whole minutes. */
export async function readTransferFlow(db: Knex, viewer: Viewer): Promise<number[]> {
  const { rows } = await db.raw<{ rows: { posted: number }[] }>(
    `SELECT count(x.posted_at)::int AS posted FROM ${minutes} LEFT JOIN (
       SELECT posted_at FROM transfers
       WHERE posted_at >= date_trunc('minute', now()) - interval '60 minutes' AND book_date >= current_date - 2
         AND (:tenant::int IS NULL OR tenant_id = :tenant::int)) x ON date_trunc('minute', x.posted_at) = m.minute
     GROUP BY m.minute ORDER BY m.minute`,
    bindingsOf(viewer),
  );
  return rows.map(({ posted }) => posted);
}

export async function readQueue(db: Knex, viewer: Viewer): Promise<{ waiting: number; oldestAgeMs: number }> {
  const { rows } = await db.raw<{ rows: { waiting: number; oldest: number }[] }>(
    `SELECT count(*)::int AS waiting, coalesce(extract(epoch FROM clock_timestamp() - min(x.accepted_at)) * 1000, 0)::float8 AS oldest
     FROM orders x WHERE x.state IN ('accepted', 'working') AND ${visible}`,
    bindingsOf(viewer),
  );
  return { waiting: rows[0]?.waiting ?? 0, oldestAgeMs: Math.max(0, Math.round(rows[0]?.oldest ?? 0)) };
}

export async function readExposure(db: Knex, viewer: Viewer): Promise<InstrumentLots[]> {
  const { rows } = await db.raw<{
    rows: { book: Book; instrument_id: string; long: string; short: string; positions: number }[];
  }>(
    `SELECT x.book, x.instrument_id, coalesce(sum(x.lots) FILTER (WHERE x.lots > 0), 0)::text AS long,
       coalesce(-sum(x.lots) FILTER (WHERE x.lots < 0), 0)::text AS short, count(*)::int AS positions
     FROM positions x WHERE x.lots <> 0 AND ${visible} GROUP BY 1, 2 ORDER BY 2, 1`,
    bindingsOf(viewer),
  );
  return rows.map(({ book, instrument_id, long, short, positions }) => ({
    book,
    instrumentId: instrument_id,
    long: lots(BigInt(long)),
    short: lots(BigInt(short)),
    positions,
  }));
}

export async function readMargins(db: Knex, viewer: Viewer): Promise<CurrencyMargin[]> {
  const { rows } = await db.raw<{ rows: { book: Book; currency: string; currency_scale: number; margin: string }[] }>(
    `SELECT x.book, a.currency, a.currency_scale, sum(x.margin_minor)::text AS margin
     FROM positions x JOIN accounts a ON a.id = x.account_id WHERE x.lots <> 0 AND ${visible} GROUP BY 1, 2, 3 ORDER BY 2, 1`,
    bindingsOf(viewer),
  );
  return rows.map(({ book, currency, currency_scale, margin }) => ({
    book,
    currency,
    scale: currency_scale,
    margin: minorUnits(BigInt(margin)),
  }));
}
