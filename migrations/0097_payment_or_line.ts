import type { Knex } from "knex";

const shape = "'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'";

const views = (idOf: (payment: string) => string): string => `
    CREATE OR REPLACE VIEW admin_reconciliation_items WITH (security_invoker = true) AS
      SELECT i.id, i.run_id, r.tenant_id, r.channel, i.found_in, i.payment, d.id AS deposit_id, w.id AS withdrawal_id,
        CASE WHEN r.channel = 'bank' AND i.payment ~ '^line [0-9]{1,18}$' THEN substr(i.payment, 6)::bigint END AS line_id,
        to_major(i.ours_minor, i.currency_scale) AS ours, to_major(i.theirs_minor, i.currency_scale) AS theirs,
        to_major(i.theirs_minor - i.ours_minor, i.currency_scale) AS difference, i.currency, i.since, t.id AS task_id
      FROM reconciliation_items i JOIN reconciliation_runs r ON r.id = i.run_id
        LEFT JOIN LATERAL (${idOf("i.payment")}) p ON true
        LEFT JOIN deposits d ON d.id = p.id LEFT JOIN withdrawals w ON w.id = p.id
        LEFT JOIN reconciliation_tasks t ON (t.tenant_id, t.channel, t.currency, t.payment) = (r.tenant_id, r.channel, i.currency, i.payment)
          AND i.found_in <> 'matched';
    CREATE OR REPLACE VIEW admin_reconciliation_tasks WITH (security_invoker = true) AS
      SELECT t.id, t.tenant_id, t.channel, t.state, t.found_in, t.payment, d.id AS deposit_id, w.id AS withdrawal_id,
        CASE WHEN t.channel = 'bank' AND t.payment ~ '^line [0-9]{1,18}$' THEN substr(t.payment, 6)::bigint END AS line_id,
        to_major(t.ours_minor, t.currency_scale) AS ours, to_major(t.theirs_minor, t.currency_scale) AS theirs,
        to_major(t.theirs_minor - t.ours_minor, t.currency_scale) AS difference, t.currency, t.since, a.days AS age_days,
        CASE WHEN a.days <= 1 THEN '0-1' WHEN a.days <= 3 THEN '2-3' WHEN a.days <= 7 THEN '4-7' ELSE 'over-7' END AS age,
        t.claimed_by, t.claimed_at, t.note, t.reason, t.mended_by, t.resolved_by, t.resolved_at, t.even_on, t.reopened, t.run_id,
        t.created_at, t.version
      FROM reconciliation_tasks t
        CROSS JOIN LATERAL (SELECT business_days_between(t.since,
          coalesce(t.even_on, book_date_of(t.resolved_at), book_date_of(clock_timestamp()))) AS days) a
        LEFT JOIN LATERAL (${idOf("t.payment")}) p ON true
        LEFT JOIN deposits d ON d.id = p.id LEFT JOIN withdrawals w ON w.id = p.id;`;

/** The views of differences read a payment's id only where it is one: as a condition beside the cast, it was looked at after it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(views((payment) => `SELECT CASE WHEN ${payment} ~ ${shape} THEN ${payment}::uuid END AS id`));
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(views((payment) => `SELECT ${payment}::uuid AS id WHERE ${payment} ~ ${shape}`));
}
