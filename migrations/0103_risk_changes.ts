import type { Knex } from "knex";

/**
 * Changes of the risk table that are prepared, tried and then applied as one. A draft's lines may be changed; what is proposed, applied or
 * ended is fixed, so that the approval is of exactly what was proposed.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE risk_changes (
      id uuid PRIMARY KEY,
      name text NOT NULL CONSTRAINT risk_changes_named CHECK (length(btrim(name)) BETWEEN 1 AND 120),
      reason text NOT NULL CONSTRAINT risk_changes_reason_given CHECK (length(btrim(reason)) BETWEEN 3 AND 500),
      state text NOT NULL DEFAULT 'draft' CONSTRAINT risk_changes_state_known
        CHECK (state IN ('draft', 'proposed', 'applied', 'rejected', 'withdrawn')),
      effective_at timestamptz,
      author_id uuid NOT NULL,
      author text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      proposed_at timestamptz,
      decided_by_id uuid,
      decided_by text,
      decided_at timestamptz,
      decision_note text,
      CONSTRAINT risk_changes_two_people CHECK (CASE state WHEN 'rejected' THEN decided_by_id <> author_id
        WHEN 'applied' THEN proposed_at IS NULL OR decided_by_id <> author_id ELSE true END),
      CONSTRAINT risk_changes_withdrawn_by_author CHECK (state <> 'withdrawn' OR decided_by_id = author_id),
      CONSTRAINT risk_changes_proposed_at_a_time CHECK (CASE state WHEN 'draft' THEN proposed_at IS NULL
        WHEN 'proposed' THEN proposed_at IS NOT NULL ELSE true END),
      CONSTRAINT risk_changes_decision_is_whole CHECK (num_nonnulls(decided_by_id, decided_by, decided_at, decision_note) =
        CASE WHEN state IN ('draft', 'proposed') THEN 0 ELSE 4 END)
    );
    COMMENT ON COLUMN risk_changes.effective_at IS 'when its versions come into force; null: when it is applied';
    COMMENT ON CONSTRAINT risk_changes_two_people ON risk_changes IS 'what was proposed is decided by another person; only what needs none may be applied by its author';
    CREATE INDEX risk_changes_created ON risk_changes (created_at DESC);

    CREATE TABLE risk_change_lines (
      id uuid PRIMARY KEY,
      change_id uuid NOT NULL REFERENCES risk_changes(id),
      scope text NOT NULL CONSTRAINT risk_change_lines_scope_known CHECK (scope IN ('default', 'partner', 'agent', 'group', 'trader')),
      tenant_id int REFERENCES partners(id),
      agent_id uuid REFERENCES agents(id),
      group_id uuid REFERENCES trader_groups(id),
      trader_id uuid REFERENCES traders(id),
      instrument_id text REFERENCES instruments(id),
      asset_class text,
      limit_id uuid REFERENCES risk_limits(id),
      seen_version int NOT NULL,
      before jsonb NOT NULL,
      settings jsonb NOT NULL CONSTRAINT risk_change_lines_object CHECK (jsonb_typeof(settings) = 'object'),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT risk_change_lines_one_each
        UNIQUE NULLS NOT DISTINCT (change_id, scope, tenant_id, agent_id, group_id, trader_id, instrument_id, asset_class),
      CONSTRAINT risk_change_lines_agent_same_tenant FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id),
      CONSTRAINT risk_change_lines_trader_same_tenant FOREIGN KEY (tenant_id, trader_id) REFERENCES traders (tenant_id, id),
      CONSTRAINT risk_change_lines_one_object CHECK (num_nonnulls(instrument_id, asset_class) <= 1),
      CONSTRAINT risk_change_lines_scope_names_one CHECK (CASE scope
        WHEN 'default' THEN num_nonnulls(tenant_id, agent_id, group_id, trader_id) = 0
        WHEN 'partner' THEN tenant_id IS NOT NULL AND num_nonnulls(agent_id, group_id, trader_id) = 0
        WHEN 'agent' THEN tenant_id IS NOT NULL AND agent_id IS NOT NULL AND num_nonnulls(group_id, trader_id) = 0
        WHEN 'group' THEN group_id IS NOT NULL AND num_nonnulls(tenant_id, agent_id, trader_id) = 0
        ELSE tenant_id IS NOT NULL AND trader_id IS NOT NULL AND num_nonnulls(agent_id, group_id) = 0 END)
    );
    COMMENT ON COLUMN risk_change_lines.seen_version IS 'of the line when it was drafted; 0: there was none. It is not applied to another one';
    COMMENT ON COLUMN risk_change_lines.before IS 'what was in force when it was drafted';

    CREATE FUNCTION fix_risk_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state NOT IN ('draft', 'proposed') THEN
        RAISE EXCEPTION 'risk change % has ended', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'risk_changes_ended_once';
      END IF;
      IF (NEW.id, NEW.name, NEW.reason, NEW.effective_at, NEW.author_id, NEW.author, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.name, OLD.reason, OLD.effective_at, OLD.author_id, OLD.author, OLD.created_at)
        OR OLD.state = 'proposed' AND NEW.proposed_at IS DISTINCT FROM OLD.proposed_at THEN
        RAISE EXCEPTION 'what risk change % asks for is fixed', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'risk_changes_fixed';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER risk_changes_fixed BEFORE UPDATE ON risk_changes FOR EACH ROW EXECUTE FUNCTION fix_risk_change();
    CREATE TRIGGER risk_changes_no_delete BEFORE DELETE ON risk_changes FOR EACH ROW EXECUTE FUNCTION refuse_change();

    CREATE FUNCTION fix_risk_change_lines() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF (SELECT state FROM risk_changes WHERE id = coalesce(NEW.change_id, OLD.change_id) FOR SHARE) <> 'draft' THEN
        RAISE EXCEPTION 'the lines of risk change % are fixed', coalesce(NEW.change_id, OLD.change_id)
          USING ERRCODE = '23514', CONSTRAINT = 'risk_change_lines_fixed';
      END IF;
      RETURN coalesce(NEW, OLD);
    END $$;
    CREATE TRIGGER risk_change_lines_fixed BEFORE INSERT OR UPDATE OR DELETE ON risk_change_lines
      FOR EACH ROW EXECUTE FUNCTION fix_risk_change_lines();

    CREATE VIEW admin_risk_changes WITH (security_invoker = true) AS
      SELECT c.*, (SELECT count(*)::int FROM risk_change_lines l WHERE l.change_id = c.id) AS lines FROM risk_changes c;

    ALTER TABLE risk_limit_versions ADD CONSTRAINT risk_limit_versions_change FOREIGN KEY (change_id) REFERENCES risk_changes(id);

    ALTER TABLE risk_policy ADD COLUMN id int NOT NULL DEFAULT 1, ADD COLUMN version int NOT NULL DEFAULT 1,
      ADD COLUMN updated_at timestamptz NOT NULL DEFAULT clock_timestamp();
    GRANT UPDATE (version, updated_at) ON risk_policy TO truewick_app;

    GRANT SELECT, INSERT ON risk_changes TO truewick_app;
    GRANT UPDATE (state, proposed_at, decided_by_id, decided_by, decided_at, decision_note) ON risk_changes TO truewick_app;
    GRANT SELECT, INSERT, DELETE ON risk_change_lines TO truewick_app;
    GRANT SELECT ON admin_risk_changes TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE risk_policy DROP COLUMN id, DROP COLUMN version, DROP COLUMN updated_at;
    ALTER TABLE risk_limit_versions DROP CONSTRAINT risk_limit_versions_change;
    DROP VIEW admin_risk_changes;
    DROP TABLE risk_change_lines, risk_changes;
    DROP FUNCTION fix_risk_change_lines();
    DROP FUNCTION fix_risk_change();
  `);
}
