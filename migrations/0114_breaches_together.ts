import type { Knex } from "knex";

/** Accounts that are one person's share their loss limits: a breach says with which others it was made. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE loss_breaches ADD COLUMN mates uuid[] NOT NULL DEFAULT '{}';
    COMMENT ON COLUMN loss_breaches.mates IS 'accounts that counted as one with this one: base, limit, edge and what was measured are of all of them';
    CREATE OR REPLACE VIEW admin_risk_breaches WITH (security_invoker = true) AS
      SELECT ${viewSql},
        cardinality(b.mates) + 1 AS accounts_together,
        -- Accounts of another partner are the operator's own staff's to know of, who see them among the linked accounts.
        (SELECT string_agg(m.id::text, ', ' ORDER BY m.id) FROM accounts m
          WHERE m.id = ANY (b.mates) AND m.tenant_id = b.tenant_id) AS together_with
      ${fromSql};
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_risk_breaches;
    CREATE VIEW admin_risk_breaches WITH (security_invoker = true) AS SELECT ${viewSql} ${fromSql};
    GRANT SELECT ON admin_risk_breaches TO truewick_app;
    ALTER TABLE loss_breaches DROP COLUMN mates;
  `);
}

const viewSql = `b.id, b.at, b.tenant_id, b.trader_id, b.account_id, b.book, b.currency, b.slot, b.action,
  CASE WHEN l.breach_id IS NOT NULL THEN 'lifted' WHEN b.ends_at IS NULL THEN 'until-lifted'
    WHEN b.ends_at <= now() THEN 'over' ELSE 'until-reset' END AS state,
  to_major(b.base_minor, b.currency_scale) AS base, to_major(b.limit_minor, b.currency_scale) AS "limit",
  to_major(b.edge_minor, b.currency_scale) AS edge, to_major(b.measured_minor, b.currency_scale) AS measured,
  b.counted_since, b.ends_at, b.source, b.rule_version, b.rule, b.quotes,
  l.at AS lifted_at, l.lifted_by, l.reason AS lift_reason, coalesce(g.line, '{}') AS agent_line`;

const fromSql = `FROM loss_breaches b JOIN traders t ON t.id = b.trader_id LEFT JOIN agents g ON g.id = t.agent_id
  LEFT JOIN loss_lifts l ON l.breach_id = b.id`;
