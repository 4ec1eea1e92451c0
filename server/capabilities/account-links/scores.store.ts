import type { Knex } from "knex";
import type { PairScore } from "#core/account-links.ts";
import { weightsVersion } from "#core/link-weights.ts";

/** A pair in the order of its ids, with what it comes to. */
export interface ScoredPair extends PairScore {
  readonly a: string;
  readonly b: string;
}

const atOnce = 2_000;

/** Writes scores with their evidence; what people decided stays as it is. */
export async function writeScores(db: Knex, pairs: readonly ScoredPair[]): Promise<void> {
  for (let from = 0; from < pairs.length; from += atOnce) {
    const some = pairs.slice(from, from + atOnce);
    await db.raw(
      `INSERT INTO account_links (tenant_id, trader_a, trader_b, score, evidence, weights_version, scored_at)
       SELECT CASE WHEN a.tenant_id = b.tenant_id THEN a.tenant_id END, p.a, p.b, p.score, p.evidence, ?, clock_timestamp()
       FROM unnest(?::uuid[], ?::uuid[], ?::numeric[], ?::jsonb[]) AS p(a, b, score, evidence)
         JOIN traders a ON a.id = p.a JOIN traders b ON b.id = p.b ORDER BY p.a, p.b
       ON CONFLICT (trader_a, trader_b) DO UPDATE SET score = excluded.score, evidence = excluded.evidence,
         weights_version = excluded.weights_version, scored_at = excluded.scored_at`,
      [
        weightsVersion,
        some.map(({ a }) => a),
        some.map(({ b }) => b),
        some.map(({ score }) => score),
        some.map(({ evidence }) => JSON.stringify(evidence.map(toStored))),
      ],
    );
  }
}

const toStored = (one: PairScore["evidence"][number]) => ({ ...one, ageDays: Math.floor(one.ageDays) });

const ofTraderSql = "(trader_a = ? OR trader_b = ?)";

/** Deletes links that a rescoring did not find again and that nobody decided: of one trader, or of all. */
export async function forgetStale(db: Knex, startedAt: Date, traderId: string | null): Promise<void> {
  const stale = db("account_links").whereNull("decided_at").where("scored_at", "<", startedAt);
  await (traderId === null ? stale : stale.whereRaw(ofTraderSql, [traderId, traderId])).delete();
}

/** Pairs that somebody decided: of one trader, or of all. */
export async function decidedPairs(
  db: Knex,
  traderId: string | null,
): Promise<readonly (readonly [a: string, b: string])[]> {
  const decided = db("account_links").whereNotNull("decided_at");
  const asked = traderId === null ? decided : decided.whereRaw(ofTraderSql, [traderId, traderId]);
  const rows = await asked.select("trader_a", "trader_b");
  return rows.map((row) => [row.trader_a, row.trader_b] as const);
}

/** What time it is where the scores are written. */
export async function databaseTime(db: Knex): Promise<Date> {
  const { rows } = await db.raw<{ rows: [{ now: Date }] }>("SELECT clock_timestamp() AS now");
  return rows[0].now;
}

/** Everybody who is in a link. */
export async function linkedTraders(db: Knex): Promise<readonly string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    "SELECT trader_a AS id FROM account_links UNION SELECT trader_b FROM account_links",
  );
  return rows.map(({ id }) => id);
}
