import type { Knex } from "knex";

/**
 * Commissions: a waterfall for each fill of a trader with an agent, a row for each level, and what each agent has coming of a book
 * date. Rows of fills and levels are never changed; what moves is the payout's state. No foreign keys to fills: millions of rows are
 * written at once, and `npm run verify` recomputes all of them.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- The first moment that counts for a book date or a later one, by halving: book_date_of only ever rises.
    CREATE FUNCTION book_date_began(day date) RETURNS timestamptz LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
    DECLARE midnight timestamptz := day::timestamp AT TIME ZONE 'UTC';
      low bigint := -30 * 86400000000::bigint;
      high bigint := 30 * 86400000000::bigint;
      middle bigint;
    BEGIN
      WHILE high - low > 1 LOOP
        middle := (low + high) / 2;
        IF book_date_of(midnight + middle * interval '1 microsecond') >= day THEN high := middle; ELSE low := middle; END IF;
      END LOOP;
      RETURN midnight + high * interval '1 microsecond';
    END $$;

    CREATE TABLE commission_days (
      tenant_id int NOT NULL REFERENCES partners(id),
      book_date date NOT NULL,
      computed_at timestamptz,
      posted_at timestamptz CONSTRAINT commission_days_computed_first CHECK (posted_at IS NULL OR computed_at IS NOT NULL),
      PRIMARY KEY (tenant_id, book_date)
    );
    COMMENT ON COLUMN commission_days.computed_at IS 'null: computing has begun and is not through';
    COMMENT ON COLUMN commission_days.posted_at IS 'since when no commission of this date can be added';

    CREATE TABLE commission_fills (
      fill_id bigint PRIMARY KEY,
      tenant_id int NOT NULL,
      book_date date NOT NULL,
      plan_version_id uuid REFERENCES commission_plan_versions(id),
      basis_of text NOT NULL CONSTRAINT commission_fills_basis_known CHECK (basis_of IN ('fee', 'spread')),
      basis_minor bigint NOT NULL CONSTRAINT commission_fills_basis_not_negative CHECK (basis_minor >= 0),
      house_minor bigint NOT NULL,
      computed_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    COMMENT ON COLUMN commission_fills.house_minor IS 'basis less what the levels get; negative where they get more than it';
    CREATE INDEX commission_fills_day ON commission_fills (tenant_id, book_date);

    CREATE TABLE commissions (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL,
      book_date date NOT NULL,
      fill_id bigint NOT NULL,
      agent_id uuid NOT NULL REFERENCES agents(id),
      level smallint NOT NULL CONSTRAINT commissions_level_positive CHECK (level > 0),
      plan_version_id uuid,
      rate bigint NOT NULL,
      amount_minor bigint NOT NULL,
      why text CONSTRAINT commissions_why_known CHECK (why IN ('own-account', 'no-rate', 'rank-not-above', 'below-one-unit', 'no-plan',
        'demo', 'liquidation-fee-only', 'bonus-funded')),
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      reverses bigint REFERENCES commissions(id),
      reason_code text CONSTRAINT commissions_reason_known CHECK (reason_code IN ('busted-trade', 'chargeback', 'self-referral', 'correction')),
      note text,
      made_by text,
      computed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT commissions_nothing_has_reason CHECK ((amount_minor = 0) = (why IS NOT NULL)),
      CONSTRAINT commissions_reversal_is_negative CHECK (CASE WHEN reverses IS NULL THEN amount_minor >= 0 ELSE amount_minor < 0 END),
      CONSTRAINT commissions_reversal_has_reason CHECK ((reverses IS NULL) = (num_nonnulls(reason_code, note, made_by) = 0)
        AND num_nonnulls(reason_code, note, made_by) IN (0, 3)),
      FOREIGN KEY (currency, currency_scale) REFERENCES currencies (code, scale)
    );
    CREATE UNIQUE INDEX commissions_once ON commissions (fill_id, agent_id, level, plan_version_id) NULLS NOT DISTINCT WHERE reverses IS NULL;
    CREATE UNIQUE INDEX commissions_reversed_once ON commissions (reverses) WHERE reverses IS NOT NULL;
    CREATE INDEX commissions_day ON commissions (tenant_id, book_date, agent_id);
    CREATE INDEX commissions_agent ON commissions (agent_id, id DESC);

    -- A reversal takes back exactly what was given; and a day that was posted takes no more.
    CREATE FUNCTION check_new_commissions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      IF EXISTS (SELECT FROM n JOIN commission_days d USING (tenant_id, book_date) WHERE d.posted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the commissions of this day were posted' USING ERRCODE = '23514', CONSTRAINT = 'commissions_day_open';
      END IF;
      IF EXISTS (SELECT FROM n LEFT JOIN commissions o ON o.id = n.reverses AND o.reverses IS NULL
          AND (o.tenant_id, o.fill_id, o.agent_id, o.level, o.plan_version_id, o.rate, o.currency, -o.amount_minor)
            IS NOT DISTINCT FROM (n.tenant_id, n.fill_id, n.agent_id, n.level, n.plan_version_id, n.rate, n.currency, n.amount_minor)
          WHERE n.reverses IS NOT NULL AND o.id IS NULL) THEN
        RAISE EXCEPTION 'a reversal takes back what was given' USING ERRCODE = '23514', CONSTRAINT = 'commissions_reversal_is_exact';
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER commissions_checked AFTER INSERT ON commissions
      REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION check_new_commissions();

    -- What all of an agent's transfers of a date share; the same for whoever computes it.
    CREATE FUNCTION commission_group(tenant int, day date, agent uuid, currency text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT substr(encode(sha256(convert_to(concat_ws('/', 'commission', tenant, to_char(day, 'YYYY-MM-DD'), agent, currency), 'UTF8')), 'hex'), 1, 32)::uuid
    $$;

    CREATE TABLE commission_payouts (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL,
      book_date date NOT NULL,
      agent_id uuid NOT NULL,
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      earned_minor bigint NOT NULL CONSTRAINT commission_payouts_earned_not_negative CHECK (earned_minor >= 0),
      clawed_back_minor bigint NOT NULL CONSTRAINT commission_payouts_clawed_not_negative CHECK (clawed_back_minor >= 0),
      state text NOT NULL DEFAULT 'pending' CONSTRAINT commission_payouts_state_known CHECK (state IN ('pending', 'held', 'payable', 'paid')),
      held_for text,
      carried_in_minor bigint,
      taken_back_minor bigint,
      paid_minor bigint,
      carried_out_minor bigint,
      posted_at timestamptz,
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT commission_payouts_group CHECK (id = commission_group(tenant_id, book_date, agent_id, currency)),
      CONSTRAINT commission_payouts_agent_same_tenant FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id),
      CONSTRAINT commission_payouts_currency_scale FOREIGN KEY (currency, currency_scale) REFERENCES currencies (code, scale),
      CONSTRAINT commission_payouts_settled_is_whole CHECK (
        num_nonnulls(carried_in_minor, taken_back_minor, paid_minor, carried_out_minor, posted_at) = CASE state WHEN 'paid' THEN 5 ELSE 0 END),
      CONSTRAINT commission_payouts_adds_up CHECK (state <> 'paid' OR (
        carried_in_minor <= 0 AND carried_out_minor <= 0 AND taken_back_minor >= 0 AND paid_minor = earned_minor - taken_back_minor
        AND paid_minor >= 0 AND carried_in_minor - clawed_back_minor + taken_back_minor = carried_out_minor)),
      CONSTRAINT commission_payouts_held_says_why CHECK (state <> 'held' OR held_for IS NOT NULL)
    );
    COMMENT ON COLUMN commission_payouts.id IS 'also the group of its transfers';
    COMMENT ON COLUMN commission_payouts.carried_out_minor IS 'clawbacks that the earnings did not cover: zero or negative, taken from the next payout';
    CREATE INDEX commission_payouts_day ON commission_payouts (tenant_id, book_date);
    CREATE INDEX commission_payouts_agent ON commission_payouts (agent_id, book_date DESC);
    CREATE INDEX commission_payouts_open ON commission_payouts (tenant_id, book_date) WHERE state <> 'paid';

    CREATE FUNCTION commission_payouts_step() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state = 'paid' OR (OLD.state, NEW.state) IN (('held', 'paid'), ('held', 'pending'), ('payable', 'pending')) THEN
        RAISE EXCEPTION 'commission payout % can''t go from % to %', OLD.id, OLD.state, NEW.state
          USING ERRCODE = '23514', CONSTRAINT = 'commission_payouts_steps';
      END IF;
      NEW.updated_at := clock_timestamp();
      RETURN NEW;
    END $$;
    CREATE TRIGGER commission_payouts_step BEFORE UPDATE ON commission_payouts FOR EACH ROW EXECUTE FUNCTION commission_payouts_step();
    CREATE TRIGGER commission_payouts_no_delete BEFORE DELETE ON commission_payouts FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER commission_payouts_no_truncate BEFORE TRUNCATE ON commission_payouts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE commission_payouts ENABLE ALWAYS TRIGGER commission_payouts_step;
    ALTER TABLE commission_payouts ENABLE ALWAYS TRIGGER commission_payouts_no_delete;
    ALTER TABLE commission_payouts ENABLE ALWAYS TRIGGER commission_payouts_no_truncate;
    ALTER TABLE commissions ENABLE ALWAYS TRIGGER commissions_checked;

    DO $$ DECLARE t text; BEGIN
      FOREACH t IN ARRAY ARRAY['commission_fills', 'commissions'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t || '_append_only', t);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t || '_no_truncate', t);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t, t || '_append_only');
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t, t || '_no_truncate');
      END LOOP;
    END $$;

    GRANT SELECT, INSERT ON commission_days, commission_fills, commissions, commission_payouts TO truewick_app;
    GRANT UPDATE (computed_at, posted_at) ON commission_days TO truewick_app;
    GRANT UPDATE (earned_minor, clawed_back_minor, state, held_for, carried_in_minor, taken_back_minor, paid_minor, carried_out_minor, posted_at)
      ON commission_payouts TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TABLE commission_payouts, commissions, commission_fills, commission_days;
    DROP FUNCTION book_date_began(date);
    DROP FUNCTION commission_payouts_step();
    DROP FUNCTION commission_group(int, date, uuid, text);
    DROP FUNCTION check_new_commissions();
  `);
}
