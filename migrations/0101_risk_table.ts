import type { Knex } from "knex";

const lots = [
  "maxLotsPerOrder",
  "maxPositionLots",
  "maxLongLots",
  "maxShortLots",
  "maxGrossLots",
  "maxClassLots",
  "maxTotalLots",
  "partnerMaxLots",
  "houseMaxLots",
];
const money = [
  "maxOrderExposure",
  "maxExposure",
  "maxClassExposure",
  "maxTotalExposure",
  "maxMarginUsed",
  "partnerMaxExposure",
  "houseMaxExposure",
];
const integers = [
  "marginPercent",
  "maxInstruments",
  "maxWorkingOrders",
  "maxOrdersPerMinute",
  "repeatOrderSeconds",
  "minHoldingSeconds",
  "maxSlippageTicks",
];
const lossRules = [
  "dailyLossAlert",
  "dailyLoss",
  "weeklyLossAlert",
  "weeklyLoss",
  "trailingDrawdown",
  "dailyProfit",
  "weeklyProfit",
];

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const columnsOf = (names: readonly string[], type: string): string =>
  names.map((name) => `(v.settings ->> '${name}')::${type} AS ${snake(name)}`).join(", ");

/**
 * The risk table: a line says for whom and for what; its versions, never changed, say what. The newest version whose time has come is in
 * force, so a later one takes the place of those that were still to come. A line without settings is gone, its versions stay.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE risk_limits
      ADD COLUMN group_id uuid CONSTRAINT risk_limits_group REFERENCES trader_groups(id),
      ADD COLUMN asset_class text,
      DROP CONSTRAINT risk_limits_scope_known, DROP CONSTRAINT risk_limits_one_each, DROP CONSTRAINT risk_limits_scope_names_one,
      ADD CONSTRAINT risk_limits_scope_known CHECK (scope IN ('default', 'partner', 'agent', 'group', 'trader', 'self')),
      ADD CONSTRAINT risk_limits_one_each
        UNIQUE NULLS NOT DISTINCT (scope, tenant_id, agent_id, group_id, trader_id, instrument_id, asset_class),
      ADD CONSTRAINT risk_limits_one_object CHECK (num_nonnulls(instrument_id, asset_class) <= 1),
      ADD CONSTRAINT risk_limits_scope_names_one CHECK (CASE scope
        WHEN 'default' THEN num_nonnulls(tenant_id, agent_id, group_id, trader_id) = 0
        WHEN 'partner' THEN tenant_id IS NOT NULL AND num_nonnulls(agent_id, group_id, trader_id) = 0
        WHEN 'agent' THEN tenant_id IS NOT NULL AND agent_id IS NOT NULL AND num_nonnulls(group_id, trader_id) = 0
        WHEN 'group' THEN group_id IS NOT NULL AND num_nonnulls(tenant_id, agent_id, trader_id) = 0
        ELSE tenant_id IS NOT NULL AND trader_id IS NOT NULL AND num_nonnulls(agent_id, group_id) = 0 END);

    CREATE TABLE risk_limit_versions (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      limit_id uuid NOT NULL REFERENCES risk_limits(id),
      version int NOT NULL CONSTRAINT risk_limit_versions_counted CHECK (version > 0),
      settings jsonb NOT NULL CONSTRAINT risk_limit_versions_object CHECK (jsonb_typeof(settings) = 'object'),
      before jsonb NOT NULL DEFAULT '{}',
      effective_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      change_id uuid,
      author_id uuid,
      author text NOT NULL,
      approver text,
      reason text,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT risk_limit_versions_once UNIQUE (limit_id, version)
    );
    COMMENT ON COLUMN risk_limit_versions.before IS 'the settings that were in force when it was written: with settings, the difference';
    CREATE INDEX risk_limit_versions_written ON risk_limit_versions (created_at DESC);
    CREATE TRIGGER risk_limit_versions_append_only BEFORE UPDATE OR DELETE ON risk_limit_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER risk_limit_versions_no_truncate BEFORE TRUNCATE ON risk_limit_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE risk_limit_versions ENABLE ALWAYS TRIGGER risk_limit_versions_append_only;
    ALTER TABLE risk_limit_versions ENABLE ALWAYS TRIGGER risk_limit_versions_no_truncate;

    INSERT INTO risk_limit_versions (limit_id, version, settings, effective_at, author, reason, created_at)
      SELECT id, version, jsonb_strip_nulls(jsonb_build_object('maxLotsPerOrder', max_lots_per_order::text, 'maxPositionLots', max_position_lots::text)),
        updated_at, 'system', 'kept from before there were versions', updated_at FROM risk_limits;
    ALTER TABLE risk_limits DROP COLUMN max_lots_per_order, DROP COLUMN max_position_lots;
    COMMENT ON COLUMN risk_limits.version IS 'of its newest version, also one that is still to come';
    COMMENT ON COLUMN risk_limits.instrument_id IS 'null with asset_class null: everything without a line of its own';


    CREATE VIEW admin_risk_limits WITH (security_invoker = true) AS
      SELECT l.id, l.scope, l.tenant_id, l.agent_id, l.group_id, l.trader_id, l.instrument_id, l.asset_class, l.created_at, l.updated_at, l.version,
        v.version AS version_in_force, v.effective_at, v.author, v.approver, v.reason,
        ${columnsOf(lots, "bigint")}, ${columnsOf(money, "numeric")}, ${columnsOf(integers, "int")},
        (v.settings ->> 'isStopLossMandatory')::boolean AS is_stop_loss_mandatory, v.settings ->> 'flattenTime' AS flatten_time,
        (SELECT array_agg(t ORDER BY place) FROM jsonb_array_elements_text(v.settings -> 'allowed') WITH ORDINALITY AS e (t, place)) AS allowed,
        (SELECT array_agg(t ORDER BY place) FROM jsonb_array_elements_text(v.settings -> 'tradingWindows') WITH ORDINALITY AS e (t, place))
          AS trading_windows,
        ${lossRules.map((name) => `v.settings -> '${name}' AS ${snake(name)}`).join(", ")},
        n.effective_at AS next_from
      FROM risk_limits l
      LEFT JOIN LATERAL (SELECT * FROM risk_limit_versions v WHERE v.limit_id = l.id AND v.effective_at <= clock_timestamp()
        ORDER BY v.version DESC LIMIT 1) v ON true
      LEFT JOIN LATERAL (SELECT n.effective_at FROM risk_limit_versions n WHERE n.limit_id = l.id AND n.version = l.version
        AND n.effective_at > clock_timestamp()) n ON true
      WHERE v.settings <> '{}' OR n.effective_at IS NOT NULL;

    CREATE VIEW admin_risk_versions WITH (security_invoker = true) AS
      SELECT v.id, v.limit_id, l.scope, l.tenant_id, l.agent_id, l.group_id, l.trader_id, l.instrument_id, l.asset_class, v.version, v.settings,
        v.before, v.effective_at, v.author, v.approver, v.reason, v.change_id, v.created_at
      FROM risk_limit_versions v JOIN risk_limits l ON l.id = v.limit_id;

    CREATE TABLE risk_policy (
      only_one boolean PRIMARY KEY DEFAULT true CONSTRAINT risk_policy_only_one CHECK (only_one),
      four_eyes_above_percent int CONSTRAINT risk_policy_threshold_not_negative CHECK (four_eyes_above_percent >= 0)
    );
    COMMENT ON COLUMN risk_policy.four_eyes_above_percent IS 'a change that loosens a limit by more waits for a second person; null: none does';
    INSERT INTO risk_policy DEFAULT VALUES;

    REVOKE DELETE ON risk_limits FROM truewick_app;
    REVOKE UPDATE ON risk_limits FROM truewick_app;
    GRANT UPDATE (version, updated_at) ON risk_limits TO truewick_app;
    GRANT SELECT, INSERT ON risk_limit_versions TO truewick_app;
    GRANT SELECT, UPDATE (four_eyes_above_percent) ON risk_policy TO truewick_app;
    GRANT SELECT ON admin_risk_limits, admin_risk_versions TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_risk_limits, admin_risk_versions;
    DROP TABLE risk_policy;
    ALTER TABLE risk_limits
      ADD COLUMN max_lots_per_order bigint CONSTRAINT risk_limits_order_positive CHECK (max_lots_per_order > 0),
      ADD COLUMN max_position_lots bigint CONSTRAINT risk_limits_position_not_negative CHECK (max_position_lots >= 0);
    UPDATE risk_limits l SET max_lots_per_order = (v.settings ->> 'maxLotsPerOrder')::bigint, max_position_lots = (v.settings ->> 'maxPositionLots')::bigint
      FROM risk_limit_versions v WHERE v.limit_id = l.id AND v.version = l.version;
    DROP TABLE risk_limit_versions;
    DELETE FROM risk_limits WHERE group_id IS NOT NULL OR asset_class IS NOT NULL OR scope IN ('group', 'self');
    ALTER TABLE risk_limits
      DROP CONSTRAINT risk_limits_scope_known, DROP CONSTRAINT risk_limits_one_each, DROP CONSTRAINT risk_limits_scope_names_one,
      DROP CONSTRAINT risk_limits_one_object, DROP COLUMN group_id, DROP COLUMN asset_class,
      ADD CONSTRAINT risk_limits_scope_known CHECK (scope IN ('default', 'partner', 'agent', 'trader')),
      ADD CONSTRAINT risk_limits_one_each UNIQUE NULLS NOT DISTINCT (scope, tenant_id, agent_id, trader_id, instrument_id),
      ADD CONSTRAINT risk_limits_scope_names_one CHECK (
        (scope = 'default' AND tenant_id IS NULL AND agent_id IS NULL AND trader_id IS NULL) OR
        (scope = 'partner' AND tenant_id IS NOT NULL AND agent_id IS NULL AND trader_id IS NULL) OR
        (scope = 'agent' AND tenant_id IS NOT NULL AND agent_id IS NOT NULL AND trader_id IS NULL) OR
        (scope = 'trader' AND tenant_id IS NOT NULL AND agent_id IS NULL AND trader_id IS NOT NULL));
    COMMENT ON COLUMN risk_limits.instrument_id IS 'null: every instrument without a line of its own in the same scope';
    REVOKE UPDATE (version, updated_at) ON risk_limits FROM truewick_app;
    GRANT UPDATE, DELETE ON risk_limits TO truewick_app;
  `);
}
