import type { Knex } from "knex";

/** Each order looks up its own lines; without these the whole table was read for it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE INDEX risk_limits_by_trader ON risk_limits (trader_id) WHERE trader_id IS NOT NULL;
    CREATE INDEX risk_limits_by_agent ON risk_limits (agent_id) WHERE agent_id IS NOT NULL;
    CREATE INDEX risk_limits_by_group ON risk_limits (group_id) WHERE group_id IS NOT NULL;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP INDEX risk_limits_by_trader, risk_limits_by_agent, risk_limits_by_group;");
}
