import type { Knex } from "knex";

/** Partners (tenants), staff, the agent tree and traders. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE partners (
      id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      code text NOT NULL UNIQUE CONSTRAINT partners_code_shape CHECK (code ~ '^[a-z][a-z0-9-]{1,39}$'),
      name text NOT NULL,
      origins text[] NOT NULL DEFAULT '{}',
      state text NOT NULL DEFAULT 'active' CONSTRAINT partners_state_known CHECK (state IN ('active', 'disabled')),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1
    );

    CREATE TABLE partner_keys (
      id text PRIMARY KEY,
      tenant_id int NOT NULL REFERENCES partners(id),
      public_key_pem text NOT NULL,
      state text NOT NULL DEFAULT 'active' CONSTRAINT partner_keys_state_known CHECK (state IN ('active', 'revoked')),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );

    CREATE TABLE partner_token_uses (
      tenant_id int NOT NULL REFERENCES partners(id),
      jti text NOT NULL,
      expires_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, jti)
    );

    CREATE TABLE agents (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      tenant_id int NOT NULL REFERENCES partners(id),
      parent_id uuid,
      code text NOT NULL,
      name text NOT NULL,
      email text,
      state text NOT NULL DEFAULT 'active' CONSTRAINT agents_state_known CHECK (state IN ('active', 'disabled')),
      line uuid[] NOT NULL DEFAULT '{}',
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1,
      UNIQUE (tenant_id, code),
      UNIQUE (tenant_id, id),
      CONSTRAINT agents_parent_same_tenant FOREIGN KEY (tenant_id, parent_id) REFERENCES agents (tenant_id, id)
    );
    COMMENT ON COLUMN agents.line IS 'the agent and all above it, root first; kept by trigger';
    CREATE INDEX agents_line ON agents USING gin (line);

    -- Keeps agents.line, moves the whole subtree with its root, and refuses a cycle.
    CREATE FUNCTION keep_agent_line() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE above uuid[] := '{}';
    BEGIN
      IF NEW.parent_id IS NOT NULL THEN
        SELECT line INTO above FROM agents WHERE id = NEW.parent_id FOR UPDATE;
      END IF;
      -- A new agent that names itself is in no line yet, so the line alone would not show it.
      IF NEW.parent_id = NEW.id OR NEW.id = ANY (above) THEN
        RAISE EXCEPTION 'agent % cannot be below itself', NEW.code USING ERRCODE = '23514', CONSTRAINT = 'agents_no_cycle';
      END IF;
      NEW.line := coalesce(above, '{}') || NEW.id;
      RETURN NEW;
    END $$;
    CREATE TRIGGER agents_line_kept BEFORE INSERT OR UPDATE OF parent_id ON agents
      FOR EACH ROW EXECUTE FUNCTION keep_agent_line();

    CREATE FUNCTION move_agent_subtree() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      UPDATE agents SET line = NEW.line || line[array_position(line, NEW.id) + 1 :]
        WHERE line @> ARRAY[NEW.id] AND id <> NEW.id;
      RETURN NULL;
    END $$;
    CREATE TRIGGER agents_subtree_moved AFTER UPDATE OF parent_id ON agents
      FOR EACH ROW WHEN (OLD.line IS DISTINCT FROM NEW.line) EXECUTE FUNCTION move_agent_subtree();

    CREATE TABLE traders (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      tenant_id int NOT NULL REFERENCES partners(id),
      agent_id uuid,
      external_ref text,
      email text,
      name text NOT NULL,
      locale text NOT NULL DEFAULT 'en' CONSTRAINT traders_locale_known CHECK (locale IN ('en', 'zh-CN')),
      password_hash text,
      state text NOT NULL DEFAULT 'active' CONSTRAINT traders_state_known CHECK (state IN ('active', 'disabled')),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1,
      UNIQUE (tenant_id, id),
      CONSTRAINT traders_external_ref_unique UNIQUE (tenant_id, external_ref),
      CONSTRAINT traders_agent_same_tenant FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id)
    );
    CREATE UNIQUE INDEX traders_email_unique ON traders (lower(email));
    CREATE INDEX traders_agent ON traders (agent_id);

    CREATE TABLE staff (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      tenant_id int REFERENCES partners(id),
      agent_id uuid,
      email text NOT NULL,
      name text NOT NULL,
      role text NOT NULL CONSTRAINT staff_role_known CHECK (role IN ('admin', 'risk', 'finance', 'support', 'agent')),
      locale text NOT NULL DEFAULT 'en' CONSTRAINT staff_locale_known CHECK (locale IN ('en', 'zh-CN')),
      password_hash text,
      totp_secret text,
      totp_last_step bigint,
      state text NOT NULL DEFAULT 'active' CONSTRAINT staff_state_known CHECK (state IN ('active', 'disabled')),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1,
      CONSTRAINT staff_agent_same_tenant FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id),
      CONSTRAINT staff_agent_role_has_agent CHECK ((role = 'agent') = (agent_id IS NOT NULL)),
      CONSTRAINT staff_agent_role_has_tenant CHECK (role <> 'agent' OR tenant_id IS NOT NULL)
    );
    COMMENT ON COLUMN staff.tenant_id IS 'null: the operator''s own staff, who see every partner';
    CREATE UNIQUE INDEX staff_email_unique ON staff (lower(email));

    CREATE TABLE api_keys (
      key_hash bytea PRIMARY KEY,
      staff_id uuid NOT NULL REFERENCES staff(id),
      name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      revoked_at timestamptz
    );
    CREATE INDEX api_keys_staff ON api_keys (staff_id);

    CREATE TABLE sessions (
      token_hash bytea PRIMARY KEY,
      subject_kind text NOT NULL CONSTRAINT sessions_subject_known CHECK (subject_kind IN ('staff', 'trader')),
      subject_id uuid NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      expires_at timestamptz NOT NULL,
      revoked_at timestamptz,
      ip text,
      user_agent text
    );
    CREATE INDEX sessions_subject ON sessions (subject_kind, subject_id) WHERE revoked_at IS NULL;

    -- Whoever is disabled, or given other rights, is logged out everywhere, whichever way the row was changed.
    -- (A new password does the same, but in code: a rehash at login must not end sessions.)
    CREATE FUNCTION end_sessions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      UPDATE sessions SET revoked_at = clock_timestamp()
        WHERE subject_kind = TG_ARGV[0] AND subject_id = NEW.id AND revoked_at IS NULL;
      RETURN NULL;
    END $$;
    CREATE TRIGGER traders_sessions_end AFTER UPDATE OF state ON traders FOR EACH ROW
      WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION end_sessions('trader');
    CREATE TRIGGER staff_sessions_end AFTER UPDATE OF state, role, tenant_id, agent_id, totp_secret ON staff FOR EACH ROW
      WHEN ((OLD.state, OLD.role, OLD.tenant_id, OLD.agent_id, OLD.totp_secret)
        IS DISTINCT FROM (NEW.state, NEW.role, NEW.tenant_id, NEW.agent_id, NEW.totp_secret)) EXECUTE FUNCTION end_sessions('staff');

    GRANT SELECT, INSERT ON partners, partner_keys, agents, traders, staff, api_keys, sessions TO truewick_app;
    GRANT UPDATE ON partners, traders, staff TO truewick_app;
    -- Not line (the trigger keeps it), not tenant_id; of keys and sessions nothing that would make an old secret work again.
    GRANT UPDATE (parent_id, code, name, email, state, updated_at, version) ON agents TO truewick_app;
    GRANT UPDATE (state) ON partner_keys TO truewick_app;
    GRANT UPDATE (revoked_at) ON api_keys TO truewick_app;
    GRANT UPDATE (last_seen_at, revoked_at) ON sessions TO truewick_app;
    GRANT SELECT, INSERT, DELETE ON partner_token_uses TO truewick_app;
    GRANT DELETE ON sessions TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TABLE sessions, api_keys, staff, traders, agents, partner_token_uses, partner_keys, partners;
    DROP FUNCTION end_sessions();
    DROP FUNCTION move_agent_subtree();
    DROP FUNCTION keep_agent_line();
  `);
}
