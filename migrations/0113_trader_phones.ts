import type { Knex } from "knex";

/** Where a trader is called. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE traders ADD COLUMN phone text CONSTRAINT traders_phone_international CHECK (phone ~ '^\\+[1-9][0-9]{6,14}$');
    CREATE OR REPLACE VIEW admin_traders WITH (security_invoker = true) AS
      SELECT t.id, t.tenant_id, t.agent_id, t.group_id, t.external_ref, t.name, t.email, t.locale, t.state, t.created_at,
        t.updated_at, t.version, coalesce(g.line, '{}') AS agent_line, t.tier, t.phone
      FROM traders t LEFT JOIN agents g ON g.id = t.agent_id;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_traders;
    CREATE VIEW admin_traders WITH (security_invoker = true) AS
      SELECT t.id, t.tenant_id, t.agent_id, t.group_id, t.external_ref, t.name, t.email, t.locale, t.state, t.created_at,
        t.updated_at, t.version, coalesce(g.line, '{}') AS agent_line, t.tier
      FROM traders t LEFT JOIN agents g ON g.id = t.agent_id;
    GRANT SELECT ON admin_traders TO truewick_app;
    ALTER TABLE traders DROP COLUMN phone;
  `);
}
