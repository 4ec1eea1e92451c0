import type { Knex } from "knex";
import type { Side } from "#contracts/names.ts";
import { type MatchedTrade, matchesLeast, matchesShareLeast, tradeMatcher } from "#core/link-trades.ts";
import { systemActor, type Transact } from "../../platform/db/unit-of-work.ts";
import { lockLinks } from "./links.store.ts";
import type { FactRow } from "./shared-values.store.ts";

interface FillRow {
  readonly id: bigint;
  readonly trader_id: string;
  readonly market: string;
  readonly side: Side;
  readonly lots: bigint;
  readonly at_ms: number;
}

const atOnce = 20_000;
/** Fills of the last minute wait for the next time: one that commits late has a lower number than others before it. */
const settledSeconds = 60;

/**
 * Compares the fills that came since the last time, of orders that traders gave themselves, and adds up who trades against or along with
 * whom. Each fill is read once; goes on where it stopped.
 */
export async function noteTrades({ transact }: { readonly transact: Transact }): Promise<void> {
  const matcher = tradeMatcher();
  for (let read = atOnce; read === atOnce; )
    read = await transact(systemActor, async ({ db }) => {
      await lockLinks(db);
      const fills = await nextFills(db);
      const last = fills.at(-1);
      if (last === undefined) return 0;
      const matches = fills.flatMap((fill) =>
        matcher.add({
          ...{ traderId: fill.trader_id, market: fill.market, side: fill.side, lots: fill.lots, atMs: fill.at_ms },
        }),
      );
      await addCounts(db, fills);
      await addMatches(db, matches);
      await db("link_fills_read").update({ last_fill_id: `${last.id}` });
      return fills.length;
    });
}

async function nextFills(db: Knex): Promise<readonly FillRow[]> {
  const { rows } = await db.raw<{ rows: FillRow[] }>(
    `SELECT f.id, f.trader_id, f.book || ' ' || f.instrument_id AS market, f.side, f.lots, extract(epoch FROM f.filled_at)::float8 * 1000 AS at_ms
     FROM fills f JOIN orders o ON o.id = f.order_id
     WHERE f.id > (SELECT last_fill_id FROM link_fills_read) AND f.filled_at < clock_timestamp() - make_interval(secs => ?) AND o.origin = 'trader'
     ORDER BY f.id LIMIT ?`,
    [settledSeconds, atOnce],
  );
  return rows;
}

async function addCounts(db: Knex, fills: readonly FillRow[]): Promise<void> {
  await db.raw(
    `INSERT INTO link_fill_counts AS known (trader_id, fills) SELECT id, count(*) FROM unnest(?::uuid[]) AS f(id) GROUP BY id ORDER BY id
     ON CONFLICT (trader_id) DO UPDATE SET fills = known.fills + excluded.fills`,
    [fills.map((fill) => fill.trader_id)],
  );
}

async function addMatches(db: Knex, matches: readonly MatchedTrade[]): Promise<void> {
  if (matches.length === 0) return;
  await db.raw(
    `INSERT INTO link_trades AS known (signal, trader_a, trader_b, times, last_at)
     SELECT signal, a, b, count(*), to_timestamp(max(at_ms) / 1000) FROM unnest(?::text[], ?::uuid[], ?::uuid[], ?::float8[]) AS m(signal, a, b, at_ms)
     GROUP BY 1, 2, 3 ORDER BY 2, 3, 1
     ON CONFLICT (trader_a, trader_b, signal) DO UPDATE SET times = known.times + excluded.times, last_at = greatest(known.last_at, excluded.last_at)`,
    [
      matches.map(({ signal }) => signal),
      matches.map(({ a }) => a),
      matches.map(({ b }) => b),
      matches.map(({ atMs }) => atMs),
    ],
  );
}

const tradesSql = `SELECT t.signal, t.trader_a AS a, t.trader_b AS b, 2 AS sharers, t.times || ' / ' || least(x.fills, y.fills) AS shown,
    extract(epoch FROM t.last_at)::float8 * 1000 AS last
  FROM link_trades t JOIN link_fill_counts x ON x.trader_id = t.trader_a JOIN link_fill_counts y ON y.trader_id = t.trader_b
  WHERE t.times >= ? AND t.times >= ?::float8 * least(x.fills, y.fills)`;

/** Pairs that trade against or along with each other often enough to say something; of one trader, or of all. */
export async function tradeFacts(db: Knex, traderId: string | null): Promise<readonly FactRow[]> {
  const least = [matchesLeast, matchesShareLeast];
  const { rows } = await (traderId === null
    ? db.raw<{ rows: FactRow[] }>(tradesSql, least)
    : db.raw<{ rows: FactRow[] }>(`${tradesSql} AND (t.trader_a = ? OR t.trader_b = ?)`, [
        ...least,
        traderId,
        traderId,
      ]));
  return rows;
}
