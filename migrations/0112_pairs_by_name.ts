import type { Knex } from "knex";

const viewOf = (pairSql: string, joinsSql: string): string => `
  CREATE VIEW admin_account_links WITH (security_invoker = true) AS
    SELECT l.id, l.tenant_id, ${pairSql} l.trader_a, l.trader_b, l.score,
      CASE WHEN l.score >= 0.8 THEN 'strong' WHEN l.score >= 0.5 THEN 'review' ELSE 'weak' END AS edge,
      l.evidence, l.evidence -> 0 ->> 'signal' AS strongest, l.weights_version, l.group_id, l.state,
      m.trader_id AS main_trader_id, l.reason, l.decided_by, l.decided_at, l.found_at, l.scored_at, l.version
    FROM account_links l ${joinsSql}
      LEFT JOIN linked_traders a ON a.trader_id = l.trader_a AND l.state = 'confirmed'
      LEFT JOIN linked_traders m ON m.cluster_id = a.cluster_id AND m.is_main;
  GRANT SELECT ON admin_account_links TO truewick_app;`;

/** A link is named after the two traders. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw("DROP VIEW admin_account_links");
  await knex.raw(
    viewOf(
      "x.name || ' – ' || y.name AS pair,",
      "JOIN traders x ON x.id = l.trader_a JOIN traders y ON y.id = l.trader_b",
    ),
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP VIEW admin_account_links");
  await knex.raw(viewOf("", ""));
}
