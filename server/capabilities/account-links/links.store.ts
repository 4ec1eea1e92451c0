import type { Knex } from "knex";
import type { LinkState } from "#contracts/link-names.ts";
import type { Link } from "#core/link-clusters.ts";
import { strongFrom } from "#core/link-weights.ts";

/** A pair as it is stored. */
export interface LinkRow {
  readonly id: string;
  readonly tenant_id: number | null;
  readonly trader_a: string;
  readonly trader_b: string;
  /** 0 to 1, as a decimal. */
  readonly score: string;
  readonly evidence: unknown;
  readonly weights_version: number;
  readonly group_id: string | null;
  readonly state: LinkState;
}

/**
 * Waits until nobody else writes links, groups or clusters, until the commit: what is decided about one pair depends on the pairs
 * around it. Taken before any row.
 */
export const lockLinks = (db: Knex): Promise<unknown> =>
  db.raw("SELECT pg_advisory_xact_lock(hashtextextended('account-links', 0))");

export const findLink = (db: Knex, id: string): Promise<LinkRow | undefined> =>
  db<LinkRow>("account_links").where({ id }).first();

/** A link that joins: of trader `r` with `id`, whichever of the two comes first. */
const joinsSql = "(l.state = 'confirmed' OR (l.state = 'open' AND l.score >= ?::numeric))";

/** Traders whom links that join lead to from these, and those who were in a group or a cluster with one of them. */
export async function reachOf(db: Knex, traderIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `WITH RECURSIVE seeds AS (SELECT unnest(?::uuid[]) AS id),
     groups AS (
       SELECT l.group_id FROM seeds s JOIN account_links l ON l.trader_a = s.id WHERE l.group_id IS NOT NULL
       UNION SELECT l.group_id FROM seeds s JOIN account_links l ON l.trader_b = s.id WHERE l.group_id IS NOT NULL),
     known AS (
       SELECT id FROM seeds
       UNION SELECT unnest(ARRAY[l.trader_a, l.trader_b]) FROM groups g JOIN account_links l USING (group_id)
       UNION SELECT o.trader_id FROM seeds s JOIN linked_traders mine ON mine.trader_id = s.id JOIN linked_traders o USING (cluster_id)),
     reached AS (
       SELECT id FROM known
       UNION SELECT step.id FROM reached r CROSS JOIN LATERAL (
         SELECT l.trader_b AS id FROM account_links l WHERE l.trader_a = r.id AND ${joinsSql}
         UNION ALL SELECT l.trader_a FROM account_links l WHERE l.trader_b = r.id AND ${joinsSql}) step)
     SELECT id FROM reached ORDER BY id`,
    [[...traderIds], strongFrom, strongFrom],
  );
  return rows.map(({ id }) => id);
}

/** All links between these traders. */
export async function linksAmong(
  db: Knex,
  traderIds: readonly string[],
): Promise<readonly (Link & { readonly id: string })[]> {
  const { rows } = await db.raw<{ rows: Pick<LinkRow, "id" | "trader_a" | "trader_b" | "state" | "score">[] }>(
    `SELECT id, trader_a, trader_b, state, score FROM account_links
     WHERE trader_a = ANY (?::uuid[]) AND trader_b = ANY (?::uuid[]) ORDER BY trader_a, trader_b`,
    [[...traderIds], [...traderIds]],
  );
  return rows.map(({ id, trader_a: a, trader_b: b, state, score }) => ({ id, a, b, state, score: Number(score) }));
}

/** Writes which group each of the traders is in: on every link between two of one group. */
export async function writeGroups(
  db: Knex,
  traderIds: readonly string[],
  groups: ReadonlyMap<string, string>,
): Promise<void> {
  await db.raw(
    `WITH g AS (SELECT * FROM unnest(?::uuid[], ?::uuid[]) AS g(trader_id, group_id)),
     wanted AS (
       SELECT l.id, CASE WHEN a.group_id = b.group_id THEN a.group_id END AS group_id
       FROM account_links l LEFT JOIN g a ON a.trader_id = l.trader_a LEFT JOIN g b ON b.trader_id = l.trader_b
       WHERE l.trader_a = ANY (?::uuid[]) OR l.trader_b = ANY (?::uuid[]))
     UPDATE account_links l SET group_id = w.group_id FROM wanted w WHERE w.id = l.id AND l.group_id IS DISTINCT FROM w.group_id`,
    [[...groups.keys()], [...groups.values()], [...traderIds], [...traderIds]],
  );
}
