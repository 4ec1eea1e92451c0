import type { Knex } from "knex";

/**
 * Who stood above whom, and which plan with which rates was in force, at every moment: append-only histories, dated by the
 * database's clock. An order's line and rates are those at its `accepted_at`, so the order itself carries nothing (decision 0016).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Whoever dates a row of these histories holds this shared until his commit; who computes a day takes it once alone, so
    -- that no row dated before can become visible after. One class of keys, one key a partner.
    CREATE FUNCTION commission_history_lock() RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 53 $$;

    CREATE TABLE agent_parents (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL,
      agent_id uuid NOT NULL REFERENCES agents(id),
      parent_id uuid REFERENCES agents(id),
      since timestamptz NOT NULL,
      xid xid8 NOT NULL DEFAULT pg_current_xact_id()
    );
    COMMENT ON TABLE agent_parents IS 'written by trigger with every change of agents.parent_id; who did it: the audit row of the same transaction (xid)';
    CREATE INDEX agent_parents_agent ON agent_parents (agent_id, since, id);
    CREATE INDEX agent_parents_tenant ON agent_parents (tenant_id);

    CREATE TABLE trader_agents (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL,
      trader_id uuid NOT NULL REFERENCES traders(id),
      agent_id uuid REFERENCES agents(id),
      since timestamptz NOT NULL,
      xid xid8 NOT NULL DEFAULT pg_current_xact_id()
    );
    COMMENT ON TABLE trader_agents IS 'written by trigger with every change of traders.agent_id; no row: he never had an agent';
    CREATE INDEX trader_agents_trader ON trader_agents (trader_id, since, id);

    CREATE TABLE agent_own_traders (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL,
      agent_id uuid NOT NULL REFERENCES agents(id),
      trader_id uuid NOT NULL REFERENCES traders(id),
      why text NOT NULL CONSTRAINT agent_own_traders_why_known CHECK (why IN ('same-email', 'by-staff')),
      since timestamptz NOT NULL DEFAULT clock_timestamp(),
      xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
      CONSTRAINT agent_own_traders_once UNIQUE (agent_id, trader_id)
    );
    COMMENT ON TABLE agent_own_traders IS 'traders who are the agent himself or linked to him: he earns nothing on their orders from then on';
    CREATE INDEX agent_own_traders_tenant ON agent_own_traders (tenant_id);

    CREATE FUNCTION note_agent_parent() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(commission_history_lock(), NEW.tenant_id);
      INSERT INTO agent_parents (tenant_id, agent_id, parent_id, since) VALUES (NEW.tenant_id, NEW.id, NEW.parent_id, clock_timestamp());
      RETURN NULL;
    END $$;
    CREATE TRIGGER agents_parent_noted AFTER INSERT ON agents FOR EACH ROW EXECUTE FUNCTION note_agent_parent();
    CREATE TRIGGER agents_move_noted AFTER UPDATE OF parent_id ON agents FOR EACH ROW
      WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION note_agent_parent();

    CREATE FUNCTION note_trader_agent() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(commission_history_lock(), NEW.tenant_id);
      INSERT INTO trader_agents (tenant_id, trader_id, agent_id, since) VALUES (NEW.tenant_id, NEW.id, NEW.agent_id, clock_timestamp());
      RETURN NULL;
    END $$;
    CREATE TRIGGER traders_agent_noted AFTER INSERT ON traders FOR EACH ROW
      WHEN (NEW.agent_id IS NOT NULL) EXECUTE FUNCTION note_trader_agent();
    CREATE TRIGGER traders_move_noted AFTER UPDATE OF agent_id ON traders FOR EACH ROW
      WHEN (OLD.agent_id IS DISTINCT FROM NEW.agent_id) EXECUTE FUNCTION note_trader_agent();

    -- The same e-mail at one partner is the same person. What staff find out besides is noted by command.
    CREATE FUNCTION note_own_trader() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(commission_history_lock(), NEW.tenant_id);
      INSERT INTO agent_own_traders (tenant_id, agent_id, trader_id, why)
        SELECT a.tenant_id, a.id, t.id, 'same-email' FROM agents a JOIN traders t ON t.tenant_id = a.tenant_id AND lower(t.email) = lower(a.email)
        WHERE (TG_TABLE_NAME = 'agents' AND a.id = NEW.id) OR (TG_TABLE_NAME = 'traders' AND t.id = NEW.id)
        ON CONFLICT DO NOTHING;
      RETURN NULL;
    END $$;
    CREATE INDEX agents_email ON agents (tenant_id, lower(email));
    CREATE TRIGGER agents_own_noted AFTER INSERT OR UPDATE OF email ON agents FOR EACH ROW
      WHEN (NEW.email IS NOT NULL) EXECUTE FUNCTION note_own_trader();
    CREATE TRIGGER traders_own_noted AFTER INSERT OR UPDATE OF email ON traders FOR EACH ROW
      WHEN (NEW.email IS NOT NULL) EXECUTE FUNCTION note_own_trader();

    CREATE TABLE commission_plans (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL REFERENCES partners(id),
      name text NOT NULL CONSTRAINT commission_plans_name_given CHECK (length(btrim(name)) BETWEEN 1 AND 80),
      model text NOT NULL CONSTRAINT commission_plans_model_known
        CHECK (model IN ('ratio', 'difference', 'per-lot', 'spread-share', 'chain', 'override')),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      created_by text NOT NULL,
      CONSTRAINT commission_plans_name_once UNIQUE (tenant_id, name),
      UNIQUE (tenant_id, id),
      UNIQUE (id, model)
    );

    CREATE TABLE commission_plan_versions (
      id uuid PRIMARY KEY,
      plan_id uuid NOT NULL,
      tenant_id int NOT NULL,
      model text NOT NULL,
      version int NOT NULL CONSTRAINT commission_plan_versions_from_one CHECK (version > 0),
      effective_from timestamptz NOT NULL DEFAULT clock_timestamp(),
      cap_millionths bigint CONSTRAINT commission_plan_versions_cap_positive CHECK (cap_millionths > 0),
      is_capped_at_fee boolean NOT NULL DEFAULT false,
      note text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      created_by text NOT NULL,
      xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
      CONSTRAINT commission_plan_versions_once UNIQUE (plan_id, version),
      CONSTRAINT commission_plan_versions_same_tenant FOREIGN KEY (tenant_id, plan_id) REFERENCES commission_plans (tenant_id, id),
      CONSTRAINT commission_plan_versions_same_model FOREIGN KEY (plan_id, model) REFERENCES commission_plans (id, model)
    );
    COMMENT ON COLUMN commission_plan_versions.cap_millionths IS 'all levels together get at most this of one fill: millionths of a major unit of its currency';

    CREATE TABLE commission_rates (
      version_id uuid NOT NULL REFERENCES commission_plan_versions(id),
      instrument_id text REFERENCES instruments(id),
      asset_class text CONSTRAINT commission_rates_class_known
        CHECK (asset_class IN ('equity-index', 'metal', 'energy', 'currency', 'crypto')),
      rates bigint[] NOT NULL CONSTRAINT commission_rates_per_level CHECK (cardinality(rates) BETWEEN 1 AND 3 AND 0 <= ALL (rates)
        AND array_position(rates, NULL) IS NULL),
      CONSTRAINT commission_rates_one_each UNIQUE NULLS NOT DISTINCT (version_id, instrument_id, asset_class),
      CONSTRAINT commission_rates_of_one_kind CHECK (instrument_id IS NULL OR asset_class IS NULL)
    );
    COMMENT ON COLUMN commission_rates.rates IS 'level 1 first; millionths of the basis, or of a major unit a lot';

    CREATE TABLE commission_assignments (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL REFERENCES partners(id),
      agent_id uuid,
      plan_id uuid,
      effective_from timestamptz NOT NULL DEFAULT clock_timestamp(),
      note text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      created_by text NOT NULL,
      seq bigint GENERATED ALWAYS AS IDENTITY,
      CONSTRAINT commission_assignments_agent_same_tenant FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id),
      CONSTRAINT commission_assignments_plan_same_tenant FOREIGN KEY (tenant_id, plan_id) REFERENCES commission_plans (tenant_id, id)
    );
    COMMENT ON COLUMN commission_assignments.agent_id IS 'the line of this agent; null: the whole partner';
    COMMENT ON COLUMN commission_assignments.plan_id IS 'null: from then on no plan of its own';
    CREATE INDEX commission_assignments_tenant ON commission_assignments (tenant_id, agent_id, effective_from, seq);

    -- Nothing begins in the past: what orders were accepted under stays as it was.
    CREATE FUNCTION begin_not_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(commission_history_lock(), NEW.tenant_id);
      NEW.created_at := clock_timestamp();
      IF NEW.effective_from IS NULL THEN NEW.effective_from := NEW.created_at; END IF;
      IF NEW.effective_from < NEW.created_at THEN
        RAISE EXCEPTION 'commission terms can''t begin in the past' USING ERRCODE = '23514', CONSTRAINT = 'commission_terms_not_back';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER commission_plan_versions_not_back BEFORE INSERT ON commission_plan_versions FOR EACH ROW EXECUTE FUNCTION begin_not_back();
    CREATE TRIGGER commission_assignments_not_back BEFORE INSERT ON commission_assignments FOR EACH ROW EXECUTE FUNCTION begin_not_back();
    ALTER TABLE commission_plan_versions ALTER COLUMN effective_from DROP DEFAULT;
    ALTER TABLE commission_assignments ALTER COLUMN effective_from DROP DEFAULT;

    -- A version's rates are written with it, never later.
    CREATE FUNCTION rates_come_with_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      IF NOT EXISTS (SELECT FROM commission_plan_versions v WHERE v.id = NEW.version_id AND v.xid = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'the rates of version % are fixed', NEW.version_id USING ERRCODE = '23514', CONSTRAINT = 'commission_rates_fixed';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER commission_rates_with_version BEFORE INSERT ON commission_rates FOR EACH ROW EXECUTE FUNCTION rates_come_with_version();

    DO $$ DECLARE t text; BEGIN
      FOREACH t IN ARRAY ARRAY['agent_parents', 'trader_agents', 'agent_own_traders', 'commission_plans', 'commission_plan_versions',
        'commission_rates', 'commission_assignments'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t || '_append_only', t);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t || '_no_truncate', t);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t, t || '_append_only');
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t, t || '_no_truncate');
      END LOOP;
    END $$;
    ALTER TABLE agents ENABLE ALWAYS TRIGGER agents_parent_noted;
    ALTER TABLE agents ENABLE ALWAYS TRIGGER agents_move_noted;
    ALTER TABLE traders ENABLE ALWAYS TRIGGER traders_agent_noted;
    ALTER TABLE traders ENABLE ALWAYS TRIGGER traders_move_noted;
    ALTER TABLE commission_plan_versions ENABLE ALWAYS TRIGGER commission_plan_versions_not_back;
    ALTER TABLE commission_assignments ENABLE ALWAYS TRIGGER commission_assignments_not_back;
    ALTER TABLE commission_rates ENABLE ALWAYS TRIGGER commission_rates_with_version;

    -- What stood before this migration began is taken to have stood since each row was made.
    INSERT INTO agent_parents (tenant_id, agent_id, parent_id, since) SELECT tenant_id, id, parent_id, created_at FROM agents ORDER BY created_at, id;
    INSERT INTO trader_agents (tenant_id, trader_id, agent_id, since)
      SELECT tenant_id, id, agent_id, created_at FROM traders WHERE agent_id IS NOT NULL ORDER BY created_at, id;
    INSERT INTO agent_own_traders (tenant_id, agent_id, trader_id, why, since)
      SELECT a.tenant_id, a.id, t.id, 'same-email', greatest(a.created_at, t.created_at)
      FROM agents a JOIN traders t ON t.tenant_id = a.tenant_id AND lower(t.email) = lower(a.email);

    GRANT SELECT ON agent_parents, trader_agents TO truewick_app;
    GRANT SELECT, INSERT ON agent_own_traders, commission_plans, commission_plan_versions, commission_rates, commission_assignments TO truewick_app;
    -- Nobody dates a row back, or into another transaction.
    REVOKE INSERT ON agent_own_traders, commission_plans, commission_plan_versions, commission_assignments FROM truewick_app;
    GRANT INSERT (tenant_id, agent_id, trader_id, why) ON agent_own_traders TO truewick_app;
    GRANT INSERT (id, tenant_id, name, model, created_by) ON commission_plans TO truewick_app;
    GRANT INSERT (id, plan_id, tenant_id, model, version, effective_from, cap_millionths, is_capped_at_fee, note, created_by)
      ON commission_plan_versions TO truewick_app;
    GRANT INSERT (id, tenant_id, agent_id, plan_id, effective_from, note, created_by) ON commission_assignments TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TRIGGER agents_parent_noted ON agents;
    DROP TRIGGER agents_move_noted ON agents;
    DROP TRIGGER agents_own_noted ON agents;
    DROP TRIGGER traders_agent_noted ON traders;
    DROP TRIGGER traders_move_noted ON traders;
    DROP TRIGGER traders_own_noted ON traders;
    DROP INDEX agents_email;
    DROP TABLE commission_assignments, commission_rates, commission_plan_versions, commission_plans, agent_own_traders, trader_agents,
      agent_parents;
    DROP FUNCTION rates_come_with_version();
    DROP FUNCTION begin_not_back();
    DROP FUNCTION note_own_trader();
    DROP FUNCTION note_trader_agent();
    DROP FUNCTION note_agent_parent();
    DROP FUNCTION commission_history_lock();
  `);
}
