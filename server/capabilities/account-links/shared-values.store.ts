import type { Knex } from "knex";
import type { LinkSignal } from "#contracts/link-names.ts";
import { sharersMost } from "#core/link-weights.ts";

/** A value that some traders share, few enough of them to say something; their columns in step. */
export interface ValueRow {
  readonly signal: LinkSignal;
  readonly shown: string;
  readonly traders: readonly string[];
  readonly factors: readonly number[];
  /** Epoch milliseconds. */
  readonly lasts: readonly number[];
  readonly days: readonly (number | null)[];
}

const columnsSql = `min(v.shown) AS shown, array_agg(v.trader_id::text) AS traders, array_agg(v.factor) AS factors,
  array_agg(extract(epoch FROM v.last_at)::float8 * 1000) AS lasts, array_agg(v.days) AS days`;

/** Every shared value of a signal. */
export async function sharedValues(db: Knex, signal: LinkSignal): Promise<readonly ValueRow[]> {
  const { rows } = await db.raw<{ rows: ValueRow[] }>(
    `SELECT v.signal, ${columnsSql} FROM link_values v WHERE v.signal = ? GROUP BY v.signal, v.value HAVING count(*) BETWEEN 2 AND ?`,
    [signal, sharersMost],
  );
  return rows;
}

/** Every value that this trader shares with others. */
export async function valuesSharedBy(db: Knex, traderId: string): Promise<readonly ValueRow[]> {
  const { rows } = await db.raw<{ rows: ValueRow[] }>(
    `SELECT mine.signal, ${columnsSql} FROM link_values mine CROSS JOIN LATERAL (
       SELECT * FROM link_values o WHERE o.signal = mine.signal AND o.value = mine.value LIMIT ?) v
     WHERE mine.trader_id = ? GROUP BY mine.signal, mine.value HAVING count(*) BETWEEN 2 AND ?`,
    [sharersMost + 1, traderId, sharersMost],
  );
  return rows;
}

/** Something about a pair that is no shared value. */
export interface FactRow {
  readonly signal: LinkSignal;
  readonly a: string;
  readonly b: string;
  readonly sharers: number;
  readonly shown: string;
  /** Epoch milliseconds. */
  readonly last: number;
}

const closeMinutes = 10;

/** Pairs that logged in from one home's address within ten minutes of each other; of one trader, or of all. */
export async function closeLogins(db: Knex, traderId: string | null): Promise<readonly FactRow[]> {
  const [mineSql, bindings] = traderId === null ? ["true", []] : ["s.trader_id = ?::uuid", [traderId]];
  const [pairSql, ofPair] = traderId === null ? ["true", []] : ["?::uuid IN (a.trader_id, b.trader_id)", [traderId]];
  const { rows } = await db.raw<{ rows: FactRow[] }>(
    `WITH homes AS MATERIALIZED (SELECT DISTINCT s.ip FROM sightings s WHERE s.network_type = 'residential' AND ${mineSql}),
     few AS MATERIALIZED (
       SELECT h.ip, n.sharers FROM homes h CROSS JOIN LATERAL (
         SELECT count(*)::int AS sharers FROM (
           SELECT FROM link_values v WHERE v.signal = 'ip' AND v.value = link_value(host(h.ip)) LIMIT ?) of_ip) n
       WHERE n.sharers BETWEEN 2 AND ?)
     SELECT 'ip-close' AS signal, least(a.trader_id, b.trader_id) AS a, greatest(a.trader_id, b.trader_id) AS b, min(few.sharers) AS sharers,
       masked_ip(min(few.ip)) AS shown, extract(epoch FROM max(b.at))::float8 * 1000 AS last
     FROM few JOIN sightings a ON a.ip = few.ip AND a.network_type = 'residential'
       JOIN sightings b ON b.ip = a.ip AND b.network_type = 'residential' AND b.trader_id <> a.trader_id
         AND b.at BETWEEN a.at AND a.at + make_interval(mins => ?)
     WHERE ${pairSql} GROUP BY 2, 3`,
    [...bindings, sharersMost + 1, sharersMost, closeMinutes, ...ofPair],
  );
  return rows;
}

const referralsSql = `SELECT 'referral' AS signal, least(o.trader_id, t.id) AS a, greatest(o.trader_id, t.id) AS b, 2 AS sharers, g.code AS shown,
    extract(epoch FROM t.created_at)::float8 * 1000 AS last
  FROM agent_own_traders o JOIN traders t ON t.agent_id = o.agent_id AND t.id <> o.trader_id JOIN agents g ON g.id = o.agent_id
  WHERE o.why <> 'linked'`;

/** An agent's own accounts with those of the traders he brought himself. */
export async function referrals(db: Knex, traderId: string | null): Promise<readonly FactRow[]> {
  const { rows } = await (traderId === null
    ? db.raw<{ rows: FactRow[] }>(referralsSql)
    : db.raw<{ rows: FactRow[] }>(`${referralsSql} AND o.trader_id = ? UNION ${referralsSql} AND t.id = ?`, [
        traderId,
        traderId,
      ]));
  return rows;
}
