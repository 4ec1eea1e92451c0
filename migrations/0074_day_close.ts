import type { Knex } from "knex";

/** The close of a partner's book date: its steps one after the other, and the balances each closed date ended with. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE FUNCTION next_book_date(day date) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
      SELECT book_date_of(((day + 1) + time '12:00') AT TIME ZONE 'America/Chicago')
    $$;
    COMMENT ON FUNCTION next_book_date IS 'the book date after this one: whatever book_date_of passes over is passed over here too';

    CREATE FUNCTION closed_books_only_forward() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.tenant_id <> OLD.tenant_id OR NEW.closed_through < OLD.closed_through THEN
        RAISE EXCEPTION 'a closed date is not opened again' USING ERRCODE = '23514', CONSTRAINT = 'closed_books_only_forward';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER closed_books_only_forward BEFORE UPDATE ON closed_books FOR EACH ROW EXECUTE FUNCTION closed_books_only_forward();
    CREATE TRIGGER closed_books_no_delete BEFORE DELETE ON closed_books FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER closed_books_no_truncate BEFORE TRUNCATE ON closed_books FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE closed_books ENABLE ALWAYS TRIGGER closed_books_only_forward;
    ALTER TABLE closed_books ENABLE ALWAYS TRIGGER closed_books_no_delete;
    ALTER TABLE closed_books ENABLE ALWAYS TRIGGER closed_books_no_truncate;

    -- The application may not write closed_books: a date is closed when the database's clock says that it is over, by this alone.
    CREATE FUNCTION close_book(tenant int, day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      IF book_date_of(clock_timestamp()) <= day THEN
        RAISE EXCEPTION 'book date % is not over', day USING ERRCODE = '23514', CONSTRAINT = 'closed_books_date_is_over';
      END IF;
      INSERT INTO closed_books (tenant_id, closed_through) VALUES (tenant, day)
        ON CONFLICT (tenant_id) DO UPDATE SET closed_through = greatest(closed_books.closed_through, EXCLUDED.closed_through);
    END $$;

    CREATE TABLE balance_daily (
      tenant_id int NOT NULL REFERENCES partners(id),
      book_date date NOT NULL,
      ledger_account_id bigint NOT NULL REFERENCES ledger_accounts(id),
      posted bigint NOT NULL,
      held bigint NOT NULL,
      PRIMARY KEY (tenant_id, book_date, ledger_account_id)
    );
    COMMENT ON COLUMN balance_daily.posted IS 'all transfers up to and including the date: the day before plus the day';
    COMMENT ON COLUMN balance_daily.held IS 'as it was when the snapshot was taken; what is held has no date';
    CREATE TRIGGER balance_daily_append_only BEFORE UPDATE OR DELETE ON balance_daily FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER balance_daily_no_truncate BEFORE TRUNCATE ON balance_daily FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE balance_daily ENABLE ALWAYS TRIGGER balance_daily_append_only;
    ALTER TABLE balance_daily ENABLE ALWAYS TRIGGER balance_daily_no_truncate;

    -- Written by the database itself from the journal; the caller has waited until nobody can still commit into the date.
    CREATE FUNCTION snapshot_balances(tenant int, day date) RETURNS TABLE (account_count bigint, transfer_count bigint, digest text)
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
      before date;
    BEGIN
      IF NOT EXISTS (SELECT FROM closed_books c WHERE c.tenant_id = tenant AND c.closed_through >= day) THEN
        RAISE EXCEPTION 'book date % is not closed', day USING ERRCODE = '23514', CONSTRAINT = 'balance_daily_of_closed_date';
      END IF;
      SELECT coalesce(max(d.book_date), '-infinity') INTO before FROM balance_daily d WHERE d.tenant_id = tenant AND d.book_date < day;
      INSERT INTO balance_daily (tenant_id, book_date, ledger_account_id, posted, held)
        SELECT tenant, day, a.id, coalesce(p.posted, 0) + coalesce(e.moved, 0), b.held
        FROM ledger_accounts a JOIN balances b ON b.ledger_account_id = a.id
          LEFT JOIN balance_daily p ON p.tenant_id = tenant AND p.book_date = before AND p.ledger_account_id = a.id
          LEFT JOIN (SELECT n.ledger_account_id, sum(n.amount)::bigint AS moved FROM entries n
            WHERE n.tenant_id = tenant AND n.book_date > before AND n.book_date <= day GROUP BY 1) e ON e.ledger_account_id = a.id
        WHERE a.tenant_id = tenant
          AND (p.ledger_account_id IS NOT NULL OR e.ledger_account_id IS NOT NULL OR book_date_of(a.created_at) <= day);
      RETURN QUERY
        SELECT count(*), (SELECT count(*) FROM transfers t WHERE t.tenant_id = tenant AND t.book_date > before AND t.book_date <= day),
          encode(sha256(convert_to(coalesce(string_agg(concat_ws(',', d.ledger_account_id, d.posted, d.held), E'\\n' ORDER BY d.ledger_account_id), ''), 'UTF8')), 'hex')
        FROM balance_daily d WHERE d.tenant_id = tenant AND d.book_date = day;
    END $$;
    REVOKE EXECUTE ON FUNCTION close_book(int, date), snapshot_balances(int, date) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION close_book(int, date), snapshot_balances(int, date) TO truewick_app;

    CREATE TABLE day_closes (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL REFERENCES partners(id),
      book_date date NOT NULL,
      state text NOT NULL DEFAULT 'open' CONSTRAINT day_closes_state_known CHECK (state IN ('open', 'closing', 'failed', 'closed')),
      asked_by text,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      closed_at timestamptz,
      CONSTRAINT day_closes_one_a_date UNIQUE (tenant_id, book_date),
      CONSTRAINT day_closes_closed_at_end CHECK ((state = 'closed') = (closed_at IS NOT NULL))
    );
    COMMENT ON COLUMN day_closes.asked_by IS 'who had it run or go on; null: it ran by itself';
    CREATE UNIQUE INDEX day_closes_one_under_way ON day_closes (tenant_id) WHERE state <> 'closed';

    CREATE TABLE day_close_steps (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      close_id bigint NOT NULL REFERENCES day_closes(id),
      step_no smallint NOT NULL CONSTRAINT day_close_steps_numbered CHECK (step_no > 0),
      step text NOT NULL,
      state text NOT NULL DEFAULT 'pending' CONSTRAINT day_close_steps_state_known CHECK (state IN ('pending', 'failed', 'done')),
      figures jsonb,
      told_by text,
      told_at timestamptz,
      CONSTRAINT day_close_steps_once UNIQUE (close_id, step_no),
      CONSTRAINT day_close_steps_outcome_is_whole CHECK (num_nonnulls(figures, told_by, told_at) = CASE state WHEN 'pending' THEN 0 ELSE 3 END)
    );
    CREATE FUNCTION day_close_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state = 'closed' OR (NEW.id, NEW.tenant_id, NEW.book_date, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.book_date, OLD.created_at)
        OR (NEW.state = 'closed' AND EXISTS (SELECT FROM day_close_steps s WHERE s.close_id = OLD.id AND s.state <> 'done')) THEN
        RAISE EXCEPTION 'day close % may not change so', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'day_closes_end_once';
      END IF;
      RETURN NEW;
    END $$;
    CREATE FUNCTION day_close_step_is_done_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state = 'done' OR (NEW.id, NEW.close_id, NEW.step_no, NEW.step) IS DISTINCT FROM (OLD.id, OLD.close_id, OLD.step_no, OLD.step)
        OR EXISTS (SELECT FROM day_close_steps s WHERE s.close_id = OLD.close_id AND s.step_no < OLD.step_no AND s.state <> 'done') THEN
        RAISE EXCEPTION 'step % of day close % is done, or not yet its turn', OLD.step_no, OLD.close_id
          USING ERRCODE = '23514', CONSTRAINT = 'day_close_steps_in_order';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER day_closes_end_once BEFORE UPDATE ON day_closes FOR EACH ROW EXECUTE FUNCTION day_close_ends_once();
    CREATE TRIGGER day_closes_no_delete BEFORE DELETE ON day_closes FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER day_closes_no_truncate BEFORE TRUNCATE ON day_closes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER day_close_steps_in_order BEFORE UPDATE ON day_close_steps FOR EACH ROW EXECUTE FUNCTION day_close_step_is_done_once();
    CREATE TRIGGER day_close_steps_no_delete BEFORE DELETE ON day_close_steps FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER day_close_steps_no_truncate BEFORE TRUNCATE ON day_close_steps FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE day_closes ENABLE ALWAYS TRIGGER day_closes_end_once;
    ALTER TABLE day_closes ENABLE ALWAYS TRIGGER day_closes_no_delete;
    ALTER TABLE day_closes ENABLE ALWAYS TRIGGER day_closes_no_truncate;
    ALTER TABLE day_close_steps ENABLE ALWAYS TRIGGER day_close_steps_in_order;
    ALTER TABLE day_close_steps ENABLE ALWAYS TRIGGER day_close_steps_no_delete;
    ALTER TABLE day_close_steps ENABLE ALWAYS TRIGGER day_close_steps_no_truncate;

    CREATE VIEW admin_day_closes WITH (security_invoker = true) AS
      SELECT c.id, c.tenant_id, c.book_date,
        CASE WHEN c.state = 'open' AND book_date_of(clock_timestamp()) > c.book_date THEN 'due' ELSE c.state END AS state,
        s.done AS steps_done, s.steps, s.failed_step, c.asked_by, c.closed_at, c.created_at
      FROM day_closes c CROSS JOIN LATERAL (
        SELECT count(*)::int AS steps, (count(*) FILTER (WHERE state = 'done'))::int AS done, max(step) FILTER (WHERE state = 'failed') AS failed_step
        FROM day_close_steps WHERE close_id = c.id) s;
    CREATE VIEW admin_day_close_steps WITH (security_invoker = true) AS
      SELECT s.id, s.close_id, c.tenant_id, c.book_date, s.step_no, s.step, s.state, s.figures, s.told_by, s.told_at
      FROM day_close_steps s JOIN day_closes c ON c.id = s.close_id;

    GRANT SELECT ON balance_daily, day_closes, day_close_steps, admin_day_closes, admin_day_close_steps TO truewick_app;
    GRANT INSERT (tenant_id, book_date), UPDATE (state, asked_by, closed_at) ON day_closes TO truewick_app;
    GRANT INSERT (close_id, step_no, step), UPDATE (state, figures, told_by, told_at) ON day_close_steps TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_day_close_steps, admin_day_closes;
    DROP TABLE day_close_steps, day_closes;
    DROP FUNCTION day_close_step_is_done_once();
    DROP FUNCTION day_close_ends_once();
    DROP FUNCTION snapshot_balances(int, date);
    DROP TABLE balance_daily;
    DROP FUNCTION close_book(int, date);
    DROP TRIGGER closed_books_no_truncate ON closed_books;
    DROP TRIGGER closed_books_no_delete ON closed_books;
    DROP TRIGGER closed_books_only_forward ON closed_books;
    DROP FUNCTION closed_books_only_forward();
    DROP FUNCTION next_book_date(date);
  `);
}
