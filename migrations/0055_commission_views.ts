import type { Knex } from "knex";

/** What the back office reads of plans, commissions and the tree's history: rates and money as a person writes them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Millionths as they are written: percent of the basis, or major units a lot.
    CREATE FUNCTION as_rate(rate bigint, model text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
      $$ SELECT trim_scale(rate::numeric / CASE model WHEN 'per-lot' THEN 1000000 ELSE 10000 END) $$;

    CREATE VIEW admin_commission_versions WITH (security_invoker = true) AS
      SELECT v.id, v.tenant_id, v.plan_id, p.name AS plan_name, v.model, v.version, v.effective_from,
        as_rate(d.rates[1], v.model) AS rate1, as_rate(d.rates[2], v.model) AS rate2, as_rate(d.rates[3], v.model) AS rate3,
        coalesce((SELECT array_agg(coalesce(r.instrument_id, r.asset_class) || ' = ' || (
            SELECT string_agg(as_rate(n, v.model)::text, ', ' ORDER BY level) FROM unnest(r.rates) WITH ORDINALITY AS l (n, level))
            ORDER BY r.instrument_id, r.asset_class)
          FROM commission_rates r WHERE r.version_id = v.id AND num_nonnulls(r.instrument_id, r.asset_class) = 1), '{}') AS exceptions,
        trim_scale(v.cap_millionths / 1000000.0) AS cap, v.is_capped_at_fee, v.note, v.created_by, v.created_at
      FROM commission_plan_versions v JOIN commission_plans p ON p.id = v.plan_id
        JOIN commission_rates d ON d.version_id = v.id AND d.instrument_id IS NULL AND d.asset_class IS NULL;

    -- With the version that is in force, or, before the first has begun, the first.
    CREATE VIEW admin_commission_plans WITH (security_invoker = true) AS
      SELECT p.id, p.tenant_id, p.name, p.model, v.version, v.effective_from, v.rate1, v.rate2, v.rate3, v.exceptions, v.cap,
        v.is_capped_at_fee, v.note, (SELECT min(n.effective_from) FROM commission_plan_versions n
          WHERE n.plan_id = p.id AND n.effective_from > clock_timestamp()) AS next_from, p.created_by, p.created_at
      FROM commission_plans p CROSS JOIN LATERAL (
        SELECT * FROM admin_commission_versions a WHERE a.plan_id = p.id
        ORDER BY a.effective_from > clock_timestamp(), CASE WHEN a.effective_from <= clock_timestamp() THEN a.effective_from END DESC,
          a.effective_from, a.version DESC LIMIT 1) v;

    CREATE VIEW admin_commission_assignments WITH (security_invoker = true) AS
      SELECT s.id, s.tenant_id, s.agent_id, s.plan_id, s.effective_from, s.note, s.created_by, s.created_at
      FROM commission_assignments s;

    CREATE VIEW admin_commission_fills WITH (security_invoker = true) AS
      SELECT w.fill_id, w.tenant_id, w.book_date, f.trader_id, f.account_id, f.order_id, f.instrument_id, f.lots,
        to_major(f.fee_minor, f.currency_scale) AS fee, w.basis_of, to_major(w.basis_minor, f.currency_scale) AS basis,
        to_major(w.basis_minor - w.house_minor, f.currency_scale) AS shared, to_major(w.house_minor, f.currency_scale) AS house, f.currency,
        p.name AS plan_name, v.version AS plan_version, w.computed_at
      FROM commission_fills w JOIN fills f ON f.id = w.fill_id
        LEFT JOIN commission_plan_versions v ON v.id = w.plan_version_id LEFT JOIN commission_plans p ON p.id = v.plan_id;

    CREATE VIEW admin_commissions WITH (security_invoker = true) AS
      SELECT c.id, c.tenant_id, c.book_date, c.fill_id, f.trader_id, f.instrument_id, f.lots, c.agent_id, c.level, p.name AS plan_name,
        v.version AS plan_version, as_rate(c.rate, v.model) AS rate, to_major(w.basis_minor, c.currency_scale) AS basis,
        to_major(c.amount_minor, c.currency_scale) AS amount, c.currency, c.why, o.state, c.reverses, c.reason_code, c.note, c.made_by,
        c.computed_at, coalesce(g.line, '{}') AS agent_line
      FROM commissions c JOIN agents g ON g.id = c.agent_id JOIN fills f ON f.id = c.fill_id
        JOIN commission_fills w ON w.fill_id = c.fill_id
        LEFT JOIN commission_plan_versions v ON v.id = c.plan_version_id LEFT JOIN commission_plans p ON p.id = v.plan_id
        LEFT JOIN commission_payouts o ON o.tenant_id = c.tenant_id AND o.book_date = c.book_date AND o.agent_id = c.agent_id
          AND o.currency = c.currency;

    CREATE VIEW admin_commission_payouts WITH (security_invoker = true) AS
      SELECT o.id, o.tenant_id, o.book_date, o.agent_id, o.currency, to_major(o.earned_minor, o.currency_scale) AS earned,
        to_major(o.clawed_back_minor, o.currency_scale) AS clawed_back, to_major(o.carried_in_minor, o.currency_scale) AS carried_in,
        to_major(o.taken_back_minor, o.currency_scale) AS taken_back, to_major(o.paid_minor, o.currency_scale) AS paid,
        to_major(o.carried_out_minor, o.currency_scale) AS carried_out, o.state, o.held_for, o.posted_at, o.updated_at,
        g.line AS agent_line
      FROM commission_payouts o JOIN agents g ON g.id = o.agent_id;

    CREATE VIEW admin_agent_moves WITH (security_invoker = true) AS
      SELECT m.id, m.tenant_id, m.agent_id, m.parent_id, m.since,
        (SELECT l.actor_name FROM audit_log l WHERE l.resource = 'agents' AND l.object_id = m.agent_id::text AND l.xid = m.xid
          ORDER BY l.id DESC LIMIT 1) AS moved_by,
        (SELECT l.reason FROM audit_log l WHERE l.resource = 'agents' AND l.object_id = m.agent_id::text AND l.xid = m.xid
          ORDER BY l.id DESC LIMIT 1) AS reason
      FROM agent_parents m;

    GRANT SELECT ON admin_commission_versions, admin_commission_plans, admin_commission_assignments, admin_commission_fills,
      admin_commissions, admin_commission_payouts, admin_agent_moves TO truewick_app;
    -- Locking a row for a command needs some UPDATE; these tables refuse every change by trigger.
    GRANT UPDATE (name) ON commission_plans TO truewick_app;
    GRANT UPDATE (note) ON commissions TO truewick_app;
    GRANT UPDATE (book_date) ON commission_fills TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    REVOKE UPDATE (name) ON commission_plans FROM truewick_app;
    REVOKE UPDATE (note) ON commissions FROM truewick_app;
    REVOKE UPDATE (book_date) ON commission_fills FROM truewick_app;
    DROP VIEW admin_agent_moves, admin_commission_payouts, admin_commissions, admin_commission_fills, admin_commission_assignments,
      admin_commission_plans, admin_commission_versions;
    DROP FUNCTION as_rate(bigint, text);
  `);
}
