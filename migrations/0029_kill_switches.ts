import type { Knex } from "knex";

/** Switches that stop trading at once, for everybody or for somebody: who threw them, why, and when they were lifted. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE kill_switches (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      scope text NOT NULL CONSTRAINT kill_switches_scope_known CHECK (scope IN ('all', 'partner', 'agent', 'instrument', 'account')),
      mode text NOT NULL CONSTRAINT kill_switches_mode_known CHECK (mode IN ('halt', 'close-only')),
      tenant_id int REFERENCES partners(id),
      agent_id uuid,
      instrument_id text REFERENCES instruments(id),
      account_id uuid,
      reason text NOT NULL CONSTRAINT kill_switches_reason_given CHECK (length(btrim(reason)) > 0),
      confirmation text CONSTRAINT kill_switches_all_is_confirmed CHECK (scope <> 'all' OR confirmation IS NOT DISTINCT FROM 'ALL'),
      cancel_working boolean NOT NULL DEFAULT false,
      cancelled_at timestamptz,
      cancelled_orders int NOT NULL DEFAULT 0,
      thrown_by_id uuid,
      thrown_by text NOT NULL,
      thrown_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      lifted_by_id uuid,
      lifted_by text,
      lifted_at timestamptz,
      lift_reason text CONSTRAINT kill_switches_lift_reason_given CHECK (length(btrim(lift_reason)) > 0),
      CONSTRAINT kill_switches_scope_names_one CHECK (CASE scope
        WHEN 'all' THEN num_nonnulls(tenant_id, agent_id, instrument_id, account_id) = 0
        WHEN 'partner' THEN tenant_id IS NOT NULL AND num_nonnulls(agent_id, instrument_id, account_id) = 0
        WHEN 'agent' THEN num_nonnulls(tenant_id, agent_id) = 2 AND num_nonnulls(instrument_id, account_id) = 0
        WHEN 'instrument' THEN instrument_id IS NOT NULL AND num_nonnulls(tenant_id, agent_id, account_id) = 0
        WHEN 'account' THEN num_nonnulls(tenant_id, account_id) = 2 AND num_nonnulls(agent_id, instrument_id) = 0 END),
      CONSTRAINT kill_switches_agent_same_tenant FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id),
      CONSTRAINT kill_switches_account_same_tenant FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
      CONSTRAINT kill_switches_lift_is_whole CHECK (num_nonnulls(lifted_by, lifted_at, lift_reason) IN (0, 3))
    );
    COMMENT ON COLUMN kill_switches.confirmation IS 'typed by whoever stops the whole house';
    COMMENT ON COLUMN kill_switches.cancel_working IS 'working orders it concerns are cancelled; cancelled_at: all are';
    CREATE UNIQUE INDEX kill_switches_one_open_each ON kill_switches (scope, tenant_id, agent_id, instrument_id, account_id, mode)
      NULLS NOT DISTINCT WHERE lifted_at IS NULL;
    CREATE INDEX kill_switches_thrown ON kill_switches (thrown_at DESC);
    CREATE INDEX kill_switches_lifted ON kill_switches (lifted_at) WHERE lifted_at IS NOT NULL;

    -- Whoever decides about orders reads the switches under the shared half of this lock and keeps it to his commit, so a thrown
    -- switch waits for orders that did not see it, and every later one does. Taken before any account is locked.
    CREATE FUNCTION kill_switches_lock() RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT 6010520032211145216::bigint $$;
    CREATE FUNCTION fence_kill_switches() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock(kill_switches_lock());
      RETURN NULL;
    END $$;
    CREATE TRIGGER kill_switches_fence BEFORE INSERT OR UPDATE OF lifted_at ON kill_switches
      FOR EACH STATEMENT EXECUTE FUNCTION fence_kill_switches();
    ALTER TABLE kill_switches ENABLE ALWAYS TRIGGER kill_switches_fence;

    CREATE FUNCTION lift_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'kill switch % was lifted', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'kill_switches_lifted_once';
    END $$;
    CREATE TRIGGER kill_switches_lift_once BEFORE UPDATE ON kill_switches FOR EACH ROW
      WHEN (OLD.lifted_at IS NOT NULL) EXECUTE FUNCTION lift_once();
    CREATE TRIGGER kill_switches_no_delete BEFORE DELETE ON kill_switches FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER kill_switches_no_truncate BEFORE TRUNCATE ON kill_switches FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE kill_switches ENABLE ALWAYS TRIGGER kill_switches_lift_once;
    ALTER TABLE kill_switches ENABLE ALWAYS TRIGGER kill_switches_no_delete;
    ALTER TABLE kill_switches ENABLE ALWAYS TRIGGER kill_switches_no_truncate;

    -- The switches in force (and those lifted since then) that concern any of the accounts; on_accounts: which, null: all.
    -- Volatile, so that it reads after it has the lock.
    CREATE FUNCTION kill_switches_on(accounts_asked uuid[], lifted_since timestamptz)
      RETURNS TABLE (scope text, mode text, instrument_id text, reason text, thrown_by text, thrown_at timestamptz,
        lifted_at timestamptz, on_accounts uuid[]) LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(kill_switches_lock());
      RETURN QUERY
        SELECT s.scope, s.mode, s.instrument_id, s.reason, s.thrown_by, s.thrown_at, s.lifted_at, m.on_accounts
        FROM kill_switches s LEFT JOIN LATERAL (
          SELECT array_agg(a.id) AS on_accounts
          FROM accounts a JOIN traders t ON t.id = a.trader_id LEFT JOIN agents g ON g.id = t.agent_id
          WHERE s.tenant_id IS NOT NULL AND a.id = ANY (accounts_asked) AND a.tenant_id = s.tenant_id
            AND (s.agent_id IS NULL OR s.agent_id = ANY (g.line)) AND (s.account_id IS NULL OR s.account_id = a.id)) m ON true
        WHERE (s.lifted_at IS NULL OR s.lifted_at > lifted_since) AND (s.tenant_id IS NULL OR m.on_accounts IS NOT NULL);
    END $$;

    CREATE VIEW admin_kill_switches WITH (security_invoker = true) AS
      SELECT s.*, CASE WHEN s.lifted_at IS NULL THEN 'in-force' ELSE 'lifted' END AS state,
        CASE s.scope WHEN 'partner' THEN p.name WHEN 'agent' THEN g.code || ' (' || p.name || ')' WHEN 'instrument' THEN s.instrument_id
          WHEN 'account' THEN t.name || ' · ' || a.book || ' · ' || a.currency END AS target
      FROM kill_switches s LEFT JOIN partners p ON p.id = s.tenant_id LEFT JOIN agents g ON g.id = s.agent_id
        LEFT JOIN accounts a ON a.id = s.account_id LEFT JOIN traders t ON t.id = a.trader_id;

    GRANT SELECT, INSERT ON kill_switches TO truewick_app;
    GRANT UPDATE (lifted_by_id, lifted_by, lifted_at, lift_reason, cancelled_at, cancelled_orders) ON kill_switches TO truewick_app;
    GRANT SELECT ON admin_kill_switches TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_kill_switches;
    DROP FUNCTION kill_switches_on(uuid[], timestamptz);
    DROP TABLE kill_switches;
    DROP FUNCTION lift_once();
    DROP FUNCTION fence_kill_switches();
    DROP FUNCTION kill_switches_lock();
  `);
}
