import type { Knex } from "knex";
import { groupLinks, type Link } from "#core/link-clusters.ts";

/**
 * Writes the confirmed clusters of these traders anew from the links between them. A cluster keeps its main account; of two that became
 * one, and of none, it is whoever registered first.
 * What follows for the commissions of agents whose own accounts are among them is written with it. Returns the accounts that count as one
 * with others, or no longer do, other than before.
 */
export async function writeClusters(
  db: Knex,
  traderIds: readonly string[],
  links: readonly Link[],
): Promise<readonly string[]> {
  const clusters = groupLinks(links.filter(({ state }) => state === "confirmed"));
  const kept = await db("linked_traders").whereIn("trader_id", traderIds).select("trader_id", "cluster_id", "is_main");
  const isAsBefore =
    kept.length === clusters.size && kept.every((row) => clusters.get(row.trader_id) === row.cluster_id);
  if (isAsBefore) return [];
  await db("linked_traders").whereIn("trader_id", traderIds).delete();
  const mains = kept.filter((row) => row.is_main).map((row) => row.trader_id);
  await db.raw(
    `INSERT INTO linked_traders (trader_id, cluster_id, is_main)
     SELECT n.trader_id, n.cluster_id,
       row_number() OVER (PARTITION BY n.cluster_id ORDER BY n.trader_id = ANY (?::uuid[]) DESC, t.created_at, t.id) = 1
     FROM unnest(?::uuid[], ?::uuid[]) AS n(trader_id, cluster_id) JOIN traders t ON t.id = n.trader_id`,
    [mains, [...clusters.keys()], [...clusters.values()]],
  );
  await db.raw("SELECT keep_linked_own(?::uuid[])", [[...traderIds]]);
  const accounts: { id: string }[] = await db("accounts").whereIn("trader_id", traderIds).select("id");
  return accounts.map(({ id }) => id);
}

/** Makes a member of a confirmed cluster its main account; false: he is in none with the other. */
export async function writeMain(db: Knex, traderId: string, withTraderId: string): Promise<boolean> {
  const found = await db("linked_traders as m")
    .join("linked_traders as o", "o.cluster_id", "m.cluster_id")
    .where({ "m.trader_id": traderId, "o.trader_id": withTraderId })
    .first("m.cluster_id");
  if (found === undefined) return false;
  const { cluster_id } = found;
  await db("linked_traders").where({ cluster_id, is_main: true }).update({ is_main: false });
  await db("linked_traders").where({ trader_id: traderId }).update({ is_main: true });
  return true;
}
