import type { Knex } from "knex";

/** A limit names the partner of its agent or trader: with another's it would look set and hold for nobody. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE risk_limits
      ADD CONSTRAINT risk_limits_agent_same_tenant FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id),
      ADD CONSTRAINT risk_limits_trader_same_tenant FOREIGN KEY (tenant_id, trader_id) REFERENCES traders (tenant_id, id);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE risk_limits
      DROP CONSTRAINT risk_limits_agent_same_tenant,
      DROP CONSTRAINT risk_limits_trader_same_tenant;
  `);
}
