import type { Knex } from "knex";

/**
 * Our books beside what each channel itself says: its lines as it stated them, the comparisons that were made, and each difference as a
 * task that lives until the difference is gone or a person has said why it may stay.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE FUNCTION business_days_between(since date, until date) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
      SELECT count(*)::int FROM generate_series(since + 1, until, interval '1 day') AS d WHERE extract(isodow FROM d) < 6
    $$;
    COMMENT ON FUNCTION business_days_between IS 'Mondays to Fridays after the one date up to the other; holidays count';

    CREATE TABLE reconciliation_runs (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL REFERENCES partners(id),
      channel text NOT NULL REFERENCES channel_names (name),
      from_date date NOT NULL,
      to_date date NOT NULL,
      close_id bigint REFERENCES day_closes(id),
      state text NOT NULL DEFAULT 'asked' CONSTRAINT reconciliation_runs_state_known CHECK (state IN ('asked', 'done', 'incomplete')),
      problem text CONSTRAINT reconciliation_runs_problem_known CHECK (problem IN ('NO_ANSWER', 'NOT_SET_UP', 'TOO_MUCH', 'UNREADABLE', 'FAILED')),
      asked_by_id uuid,
      asked_by text NOT NULL,
      asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      ended_at timestamptz,
      CONSTRAINT reconciliation_runs_period_in_order CHECK (to_date >= from_date AND to_date - from_date <= 366 OR close_id IS NOT NULL),
      CONSTRAINT reconciliation_runs_close_once UNIQUE (close_id, channel),
      CONSTRAINT reconciliation_runs_end_is_whole CHECK ((ended_at IS NULL) = (state = 'asked') AND (problem IS NULL) = (state <> 'incomplete'))
    );
    COMMENT ON COLUMN reconciliation_runs.close_id IS 'the day''s close that asked for it, once for each channel; null: a person did';
    CREATE INDEX reconciliation_runs_asked ON reconciliation_runs (asked_at) WHERE state = 'asked';
    CREATE INDEX reconciliation_runs_channel ON reconciliation_runs (tenant_id, channel, asked_at DESC);

    CREATE TABLE channel_lines (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL REFERENCES partners(id),
      channel text NOT NULL REFERENCES channel_names (name),
      line_no text NOT NULL CONSTRAINT channel_lines_number_bounded CHECK (length(line_no) BETWEEN 1 AND 300),
      payment_no text,
      reference text,
      withdrawal_id uuid REFERENCES withdrawals(id),
      amount_minor bigint NOT NULL,
      currency text NOT NULL REFERENCES currencies(code),
      currency_scale smallint NOT NULL,
      is_fee boolean NOT NULL,
      booked_on date NOT NULL,
      block_number bigint,
      stored_on date NOT NULL DEFAULT book_date_of(clock_timestamp()),
      run_id uuid NOT NULL REFERENCES reconciliation_runs(id)
    );
    COMMENT ON TABLE channel_lines IS 'what a channel said it did, as it said it; of a line that was said anew the last row counts';
    COMMENT ON COLUMN channel_lines.amount_minor IS '+ came to the house, - went from it; 0: the line does not stand any more';
    CREATE INDEX channel_lines_line ON channel_lines (tenant_id, channel, line_no, id DESC);
    CREATE INDEX channel_lines_block ON channel_lines (tenant_id, channel, block_number) WHERE block_number IS NOT NULL;
    CREATE TRIGGER channel_lines_append_only BEFORE UPDATE OR DELETE ON channel_lines FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER channel_lines_no_truncate BEFORE TRUNCATE ON channel_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE channel_lines ENABLE ALWAYS TRIGGER channel_lines_append_only;
    ALTER TABLE channel_lines ENABLE ALWAYS TRIGGER channel_lines_no_truncate;

    CREATE TABLE chain_reads (
      run_id uuid PRIMARY KEY REFERENCES reconciliation_runs(id),
      tenant_id int NOT NULL,
      channel text NOT NULL,
      from_block bigint NOT NULL,
      to_block bigint NOT NULL,
      read_on date NOT NULL DEFAULT book_date_of(clock_timestamp()),
      CONSTRAINT chain_reads_in_order CHECK (to_block >= from_block)
    );
    COMMENT ON TABLE chain_reads IS 'blocks whose transfers were read for a run, apart from the looks that credit them';
    CREATE INDEX chain_reads_channel ON chain_reads (tenant_id, channel, to_block DESC);

    CREATE TABLE reconciliation_totals (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      run_id uuid NOT NULL REFERENCES reconciliation_runs(id),
      currency text NOT NULL REFERENCES currencies(code),
      currency_scale smallint NOT NULL,
      matched int NOT NULL, matched_minor bigint NOT NULL,
      differs int NOT NULL, differs_ours_minor bigint NOT NULL, differs_theirs_minor bigint NOT NULL,
      only_ours int NOT NULL, only_ours_minor bigint NOT NULL,
      only_theirs int NOT NULL, only_theirs_minor bigint NOT NULL,
      ours_minor bigint NOT NULL,
      theirs_minor bigint,
      aside_minor bigint NOT NULL,
      explained_minor bigint NOT NULL,
      CONSTRAINT reconciliation_totals_once UNIQUE (run_id, currency)
    );
    COMMENT ON COLUMN reconciliation_totals.ours_minor IS 'what the books say the channel has for the house when the run was made';
    COMMENT ON COLUMN reconciliation_totals.theirs_minor IS 'what the channel says it has; null: it does not say';
    COMMENT ON COLUMN reconciliation_totals.aside_minor IS 'of theirs: openings, fees, and what is on its way and does not count yet';
    COMMENT ON COLUMN reconciliation_totals.explained_minor IS 'theirs - ours of the differences that are known';

    CREATE FUNCTION reconciliation_list(payments int, ours bigint, theirs bigint, scale smallint) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT jsonb_build_object('count', payments, 'ours', to_major(ours, scale)::text, 'theirs', to_major(theirs, scale)::text)
    $$;

    CREATE TABLE reconciliation_items (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      run_id uuid NOT NULL REFERENCES reconciliation_runs(id),
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      payment text NOT NULL,
      found_in text NOT NULL CONSTRAINT reconciliation_items_found_known CHECK (found_in IN ('matched', 'differs', 'only-ours', 'only-theirs')),
      ours_minor bigint NOT NULL,
      theirs_minor bigint NOT NULL,
      since date NOT NULL
    );
    CREATE INDEX reconciliation_items_list ON reconciliation_items (run_id, found_in, id);

    CREATE TABLE reconciliation_tasks (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL REFERENCES partners(id),
      channel text NOT NULL REFERENCES channel_names (name),
      currency text NOT NULL REFERENCES currencies(code),
      currency_scale smallint NOT NULL,
      payment text NOT NULL,
      found_in text NOT NULL CONSTRAINT reconciliation_tasks_found_known CHECK (found_in IN ('differs', 'only-ours', 'only-theirs')),
      ours_minor bigint NOT NULL,
      theirs_minor bigint NOT NULL,
      since date NOT NULL,
      state text NOT NULL DEFAULT 'open' CONSTRAINT reconciliation_tasks_state_known CHECK (state IN ('open', 'claimed', 'resolved', 'matched')),
      claimed_by_id uuid, claimed_by text, claimed_at timestamptz,
      note text,
      reason text CONSTRAINT reconciliation_tasks_reason_known
        CHECK (reason IN ('mended', 'channel-fee', 'house-money', 'channel-error', 'written-off')),
      mended_by uuid,
      resolved_by_id uuid, resolved_by text, resolved_at timestamptz,
      even_on date,
      reopened int NOT NULL DEFAULT 0,
      run_id uuid NOT NULL REFERENCES reconciliation_runs(id),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1,
      CONSTRAINT reconciliation_tasks_once UNIQUE (tenant_id, channel, currency, payment),
      CONSTRAINT reconciliation_tasks_claim_is_whole CHECK (num_nonnulls(claimed_by_id, claimed_by, claimed_at) IN (0, 3)
        AND (state <> 'claimed' OR claimed_by IS NOT NULL)),
      CONSTRAINT reconciliation_tasks_resolved_is_whole CHECK (
        num_nonnulls(reason, resolved_by_id, resolved_by, resolved_at) = CASE WHEN state = 'resolved' THEN 4 ELSE 0 END),
      CONSTRAINT reconciliation_tasks_resolved_says_why CHECK (state <> 'resolved' OR length(btrim(note)) > 0),
      CONSTRAINT reconciliation_tasks_mended_names_it CHECK ((mended_by IS NOT NULL) = (reason IS NOT DISTINCT FROM 'mended')),
      CONSTRAINT reconciliation_tasks_matched_is_even CHECK (state <> 'matched' OR even_on IS NOT NULL)
    );
    COMMENT ON TABLE reconciliation_tasks IS 'a difference, once for each payment of a channel, however often it is found';
    COMMENT ON COLUMN reconciliation_tasks.payment IS 'the id of a deposit or withdrawal, ''line N'' of what the channel alone has, or ''balance''';
    COMMENT ON COLUMN reconciliation_tasks.even_on IS 'the book date on which the difference was found to be gone; null: it is there';
    COMMENT ON COLUMN reconciliation_tasks.run_id IS 'the run that found it, or found it anew';
    CREATE INDEX reconciliation_tasks_uneven ON reconciliation_tasks (tenant_id, channel) WHERE even_on IS NULL;
    CREATE INDEX reconciliation_tasks_open ON reconciliation_tasks (since) WHERE state IN ('open', 'claimed');
    CREATE FUNCTION keep_reconciliation_task() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF (NEW.id, NEW.tenant_id, NEW.channel, NEW.currency, NEW.currency_scale, NEW.payment, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.channel, OLD.currency, OLD.currency_scale, OLD.payment, OLD.created_at) THEN
        RAISE EXCEPTION 'what task % is about is fixed', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'reconciliation_tasks_fixed';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER reconciliation_tasks_kept BEFORE UPDATE ON reconciliation_tasks FOR EACH ROW EXECUTE FUNCTION keep_reconciliation_task();
    CREATE TRIGGER reconciliation_tasks_no_delete BEFORE DELETE ON reconciliation_tasks FOR EACH ROW EXECUTE FUNCTION refuse_change();
    ALTER TABLE reconciliation_tasks ENABLE ALWAYS TRIGGER reconciliation_tasks_kept;
    ALTER TABLE reconciliation_tasks ENABLE ALWAYS TRIGGER reconciliation_tasks_no_delete;

    CREATE VIEW admin_reconciliation_runs WITH (security_invoker = true) AS
      SELECT r.id, r.tenant_id, r.channel, r.from_date, r.to_date, r.close_id, r.state, r.problem, r.asked_by, r.asked_at, r.ended_at,
        t.matched, t.differs, t.only_ours, t.only_theirs, t.totals
      FROM reconciliation_runs r CROSS JOIN LATERAL (
        SELECT sum(t.matched)::int AS matched, sum(t.differs)::int AS differs, sum(t.only_ours)::int AS only_ours,
          sum(t.only_theirs)::int AS only_theirs, jsonb_agg(jsonb_build_object('currency', t.currency, 'lists', jsonb_build_object(
            'matched', reconciliation_list(t.matched, t.matched_minor, t.matched_minor, t.currency_scale),
            'differs', reconciliation_list(t.differs, t.differs_ours_minor, t.differs_theirs_minor, t.currency_scale),
            'only-ours', reconciliation_list(t.only_ours, t.only_ours_minor, 0, t.currency_scale),
            'only-theirs', reconciliation_list(t.only_theirs, 0, t.only_theirs_minor, t.currency_scale)),
            'ours', to_major(t.ours_minor, t.currency_scale)::text, 'theirs', to_major(t.theirs_minor, t.currency_scale)::text,
            'aside', to_major(t.aside_minor, t.currency_scale)::text, 'explained', to_major(t.explained_minor, t.currency_scale)::text,
            'unexplained', to_major(t.theirs_minor - t.ours_minor - t.aside_minor - t.explained_minor, t.currency_scale)::text) ORDER BY t.currency) AS totals
        FROM reconciliation_totals t WHERE t.run_id = r.id) t;
    CREATE VIEW admin_reconciliation_items WITH (security_invoker = true) AS
      SELECT i.id, i.run_id, r.tenant_id, r.channel, i.found_in, i.payment, d.id AS deposit_id, w.id AS withdrawal_id,
        CASE WHEN r.channel = 'bank' AND i.payment ~ '^line [0-9]{1,18}$' THEN substr(i.payment, 6)::bigint END AS line_id,
        to_major(i.ours_minor, i.currency_scale) AS ours, to_major(i.theirs_minor, i.currency_scale) AS theirs,
        to_major(i.theirs_minor - i.ours_minor, i.currency_scale) AS difference, i.currency, i.since, t.id AS task_id
      FROM reconciliation_items i JOIN reconciliation_runs r ON r.id = i.run_id
        LEFT JOIN LATERAL (SELECT i.payment::uuid AS id WHERE i.payment ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$') p ON true
        LEFT JOIN deposits d ON d.id = p.id LEFT JOIN withdrawals w ON w.id = p.id
        LEFT JOIN reconciliation_tasks t ON (t.tenant_id, t.channel, t.currency, t.payment) = (r.tenant_id, r.channel, i.currency, i.payment)
          AND i.found_in <> 'matched';
    CREATE VIEW admin_reconciliation_tasks WITH (security_invoker = true) AS
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
        LEFT JOIN LATERAL (SELECT t.payment::uuid AS id WHERE t.payment ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$') p ON true
        LEFT JOIN deposits d ON d.id = p.id LEFT JOIN withdrawals w ON w.id = p.id;

    GRANT SELECT ON reconciliation_runs, channel_lines, chain_reads, reconciliation_totals, reconciliation_items, reconciliation_tasks,
      admin_reconciliation_runs, admin_reconciliation_items, admin_reconciliation_tasks TO truewick_app;
    GRANT INSERT (id, tenant_id, channel, from_date, to_date, close_id, asked_by_id, asked_by), UPDATE (state, problem, ended_at)
      ON reconciliation_runs TO truewick_app;
    GRANT INSERT ON channel_lines, chain_reads, reconciliation_totals, reconciliation_items TO truewick_app;
    GRANT INSERT (id, tenant_id, channel, currency, currency_scale, payment, found_in, ours_minor, theirs_minor, since, run_id),
      UPDATE (found_in, ours_minor, theirs_minor, since, state, claimed_by_id, claimed_by, claimed_at, note, reason, mended_by, resolved_by_id,
        resolved_by, resolved_at, even_on, reopened, run_id, version) ON reconciliation_tasks TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_reconciliation_tasks, admin_reconciliation_items, admin_reconciliation_runs;
    DROP TABLE reconciliation_tasks, reconciliation_items, reconciliation_totals, chain_reads, channel_lines, reconciliation_runs;
    DROP FUNCTION keep_reconciliation_task();
    DROP FUNCTION reconciliation_list(int, bigint, bigint, smallint);
    DROP FUNCTION business_days_between(date, date);
  `);
}
