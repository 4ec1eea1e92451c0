import type { Knex } from "knex";

/** Double-entry books: an unbalanced transfer cannot be written, a balance cannot drift from its journal. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE ledger_accounts (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL REFERENCES partners(id),
      book text NOT NULL CONSTRAINT ledger_accounts_book_known CHECK (book IN ('live', 'demo')),
      owner_id uuid,
      kind text NOT NULL,
      shard smallint NOT NULL DEFAULT 0,
      currency text NOT NULL REFERENCES currencies(code),
      floor bigint,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT ledger_accounts_one_of_a_kind UNIQUE NULLS NOT DISTINCT (tenant_id, book, owner_id, kind, currency, shard),
      CONSTRAINT ledger_accounts_within_one_book UNIQUE (id, tenant_id, book, currency),
      CONSTRAINT ledger_accounts_kind_known CHECK (kind IN ('trader.cash', 'agent.commission', 'house.pnl', 'house.fee',
        'house.protection', 'equity.adjustment', 'suspense.unmatched', 'withdrawal.in_flight') OR kind ~ '^(clearing|fx)[.][a-z0-9.-]+$'),
      CONSTRAINT ledger_accounts_owner_iff_personal CHECK ((kind LIKE 'trader.%' OR kind LIKE 'agent.%') = (owner_id IS NOT NULL)),
      CONSTRAINT ledger_accounts_personal_has_floor CHECK (owner_id IS NULL OR (floor IS NOT NULL AND floor >= 0))
    );
    COMMENT ON COLUMN ledger_accounts.floor IS 'least available balance (posted - held); null: may run negative (house, clearing)';

    CREATE TABLE balances (
      ledger_account_id bigint PRIMARY KEY REFERENCES ledger_accounts(id),
      posted bigint NOT NULL DEFAULT 0,
      held bigint NOT NULL DEFAULT 0 CONSTRAINT balances_held_not_negative CHECK (held >= 0),
      floor bigint,
      version bigint NOT NULL DEFAULT 0,
      CONSTRAINT available_not_below_floor CHECK (floor IS NULL OR posted - held >= floor)
    ) WITH (fillfactor = 70);

    CREATE TABLE closed_books (
      tenant_id int PRIMARY KEY REFERENCES partners(id),
      closed_through date NOT NULL
    );

    CREATE TABLE transfer_codes (code smallint PRIMARY KEY, name text NOT NULL UNIQUE);
    INSERT INTO transfer_codes VALUES (1, 'deposit'), (2, 'withdrawal'), (3, 'withdrawal-fee'), (10, 'realized-pnl'), (11, 'fee'),
      (12, 'liquidation-fee'), (13, 'negative-balance-protection'), (14, 'daily-settlement'), (20, 'commission'),
      (21, 'commission-clawback'), (40, 'adjustment'), (50, 'fx'), (60, 'copy-fee'), (90, 'reversal');

    -- The date a transfer counts for: from 17:00 Chicago on the next day, and no day is a Saturday or Sunday.
    CREATE FUNCTION book_date_of(at timestamptz) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
      SELECT d + CASE extract(isodow FROM d) WHEN 6 THEN 2 WHEN 7 THEN 1 ELSE 0 END
      FROM (SELECT ((at AT TIME ZONE 'America/Chicago') + interval '7 hours')::date AS d) s
    $$;

    CREATE TABLE transfers (
      id bigint GENERATED ALWAYS AS IDENTITY,
      book_date date NOT NULL DEFAULT book_date_of(clock_timestamp()),
      posted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
      tenant_id int NOT NULL,
      book text NOT NULL,
      currency text NOT NULL,
      debit_account bigint NOT NULL,
      credit_account bigint NOT NULL,
      amount bigint NOT NULL CONSTRAINT transfers_amount_positive CHECK (amount > 0),
      code smallint NOT NULL,
      group_id uuid NOT NULL,
      leg smallint NOT NULL,
      reverses bigint,
      memo text,
      PRIMARY KEY (book_date, id),
      CONSTRAINT transfers_two_accounts CHECK (debit_account <> credit_account),
      CONSTRAINT transfers_code_known FOREIGN KEY (code) REFERENCES transfer_codes(code)
    ) PARTITION BY RANGE (book_date);
    COMMENT ON COLUMN transfers.group_id IS 'the event all legs belong to: the fill, the deposit, the adjustment';
    CREATE INDEX transfers_debit ON transfers (debit_account, id);
    CREATE INDEX transfers_credit ON transfers (credit_account, id);
    CREATE UNIQUE INDEX transfers_group_leg ON transfers (group_id, leg, book_date);

    CREATE FUNCTION open_balance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      INSERT INTO balances (ledger_account_id, floor) SELECT id, floor FROM n;
      RETURN NULL;
    END $$;
    CREATE TRIGGER ledger_accounts_open_balance AFTER INSERT ON ledger_accounts
      REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION open_balance();
    CREATE TRIGGER ledger_accounts_fixed BEFORE UPDATE OR DELETE ON ledger_accounts
      FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER ledger_accounts_no_truncate BEFORE TRUNCATE ON ledger_accounts
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE ledger_accounts ENABLE ALWAYS TRIGGER ledger_accounts_open_balance;
    ALTER TABLE ledger_accounts ENABLE ALWAYS TRIGGER ledger_accounts_fixed;
    ALTER TABLE ledger_accounts ENABLE ALWAYS TRIGGER ledger_accounts_no_truncate;

    -- One lock order everywhere (by ledger account), one update per touched account and statement.
    CREATE FUNCTION apply_transfers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      IF EXISTS (
        SELECT FROM n
          LEFT JOIN ledger_accounts d ON d.id = n.debit_account AND (d.tenant_id, d.book, d.currency) = (n.tenant_id, n.book, n.currency)
          LEFT JOIN ledger_accounts c ON c.id = n.credit_account AND (c.tenant_id, c.book, c.currency) = (n.tenant_id, n.book, n.currency)
          WHERE d.id IS NULL OR c.id IS NULL) THEN
        RAISE EXCEPTION 'a transfer may not cross tenant, book or currency' USING ERRCODE = '23514', CONSTRAINT = 'transfers_within_one_book';
      END IF;
      IF EXISTS (SELECT FROM n JOIN closed_books b USING (tenant_id) WHERE n.book_date <= b.closed_through) THEN
        RAISE EXCEPTION 'the book is closed' USING ERRCODE = '23514', CONSTRAINT = 'transfers_book_open';
      END IF;
      PERFORM FROM balances
        WHERE ledger_account_id IN (SELECT debit_account FROM n UNION SELECT credit_account FROM n)
        ORDER BY ledger_account_id FOR NO KEY UPDATE;
      UPDATE balances b SET posted = b.posted + d.delta, version = b.version + 1
        FROM (SELECT a, sum(x)::bigint AS delta FROM
               (SELECT credit_account AS a, amount AS x FROM n UNION ALL SELECT debit_account, -amount FROM n) s
              GROUP BY a) d
        WHERE b.ledger_account_id = d.a;
      RETURN NULL;
    END $$;
    CREATE TRIGGER transfers_apply AFTER INSERT ON transfers
      REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION apply_transfers();
    CREATE TRIGGER transfers_append_only BEFORE UPDATE OR DELETE ON transfers
      FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER transfers_no_truncate BEFORE TRUNCATE ON transfers
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    -- ENABLE ALWAYS: session_replication_role = replica would otherwise skip them silently.
    ALTER TABLE transfers ENABLE ALWAYS TRIGGER transfers_apply;
    ALTER TABLE transfers ENABLE ALWAYS TRIGGER transfers_append_only;
    ALTER TABLE transfers ENABLE ALWAYS TRIGGER transfers_no_truncate;

    -- Makes the month's partition if it is missing. A partition gets its own TRUNCATE trigger (the parent's does not
    -- fire for it) and no grants (an insert straight into it would not move the balances).
    CREATE FUNCTION ensure_transfer_partition(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
      first date := date_trunc('month', day)::date;
      part text := 'transfers_' || to_char(day, 'YYYY_MM'); -- always in public: a temporary table of the name must not count
    BEGIN
      PERFORM pg_advisory_xact_lock(hashtext('ensure_transfer_partition'));
      IF to_regclass('public.' || part) IS NOT NULL THEN RETURN; END IF;
      EXECUTE format('CREATE TABLE public.%I PARTITION OF transfers FOR VALUES FROM (%L) TO (%L)', part, first, (first + interval '1 month')::date);
      EXECUTE format('CREATE TRIGGER transfers_no_truncate BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', part);
      EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER transfers_no_truncate', part);
      EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, truewick_app', part);
    END $$;
    REVOKE EXECUTE ON FUNCTION ensure_transfer_partition(date) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION ensure_transfer_partition(date) TO truewick_app;
    SELECT ensure_transfer_partition((date_trunc('month', now()) + make_interval(months => m))::date) FROM generate_series(-1, 12) m;

    CREATE TABLE holds (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      ledger_account_id bigint NOT NULL REFERENCES ledger_accounts(id),
      kind text NOT NULL CONSTRAINT holds_kind_known CHECK (kind IN ('order', 'position', 'withdrawal')),
      ref_id uuid NOT NULL,
      amount bigint NOT NULL CONSTRAINT holds_amount_positive CHECK (amount > 0),
      state text NOT NULL DEFAULT 'open' CONSTRAINT holds_state_known CHECK (state IN ('open', 'posted', 'voided')),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      resolved_at timestamptz,
      CONSTRAINT holds_resolved_iff_closed CHECK ((state = 'open') = (resolved_at IS NULL))
    );
    COMMENT ON COLUMN holds.ref_id IS 'the order, position or withdrawal the money is reserved for';
    CREATE UNIQUE INDEX holds_one_open_each ON holds (kind, ref_id) WHERE state = 'open';
    CREATE INDEX holds_account_open ON holds (ledger_account_id) WHERE state = 'open';

    CREATE FUNCTION resolve_hold_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state <> 'open' OR NEW.state NOT IN ('posted', 'voided')
         OR (NEW.id, NEW.ledger_account_id, NEW.kind, NEW.ref_id, NEW.amount, NEW.created_at)
            IS DISTINCT FROM (OLD.id, OLD.ledger_account_id, OLD.kind, OLD.ref_id, OLD.amount, OLD.created_at) THEN
        RAISE EXCEPTION 'hold % may only go from open to posted or voided, once', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'holds_resolved_once';
      END IF;
      NEW.resolved_at := clock_timestamp();
      RETURN NEW;
    END $$;
    CREATE TRIGGER holds_resolve_once BEFORE UPDATE ON holds FOR EACH ROW EXECUTE FUNCTION resolve_hold_once();

    CREATE FUNCTION apply_holds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      PERFORM FROM balances WHERE ledger_account_id IN (SELECT ledger_account_id FROM n)
        ORDER BY ledger_account_id FOR NO KEY UPDATE;
      UPDATE balances b SET held = b.held + d.delta, version = b.version + 1
        FROM (SELECT ledger_account_id AS a, sum(CASE TG_OP WHEN 'INSERT' THEN amount ELSE -amount END)::bigint AS delta
              FROM n GROUP BY 1) d
        WHERE b.ledger_account_id = d.a;
      RETURN NULL;
    END $$;
    CREATE FUNCTION check_new_holds_open() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.state <> 'open' THEN RAISE EXCEPTION 'a hold begins open' USING ERRCODE = '23514'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER holds_begin_open BEFORE INSERT ON holds FOR EACH ROW EXECUTE FUNCTION check_new_holds_open();
    CREATE TRIGGER holds_apply_insert AFTER INSERT ON holds
      REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION apply_holds();
    CREATE TRIGGER holds_apply_update AFTER UPDATE ON holds
      REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION apply_holds();
    CREATE TRIGGER holds_no_delete BEFORE DELETE ON holds FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER holds_no_truncate BEFORE TRUNCATE ON holds FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE holds ENABLE ALWAYS TRIGGER holds_resolve_once;
    ALTER TABLE holds ENABLE ALWAYS TRIGGER holds_begin_open;
    ALTER TABLE holds ENABLE ALWAYS TRIGGER holds_apply_insert;
    ALTER TABLE holds ENABLE ALWAYS TRIGGER holds_apply_update;
    ALTER TABLE holds ENABLE ALWAYS TRIGGER holds_no_delete;
    ALTER TABLE holds ENABLE ALWAYS TRIGGER holds_no_truncate;

    -- Locks balances in the one lock order and returns them. The application has no UPDATE on balances, so it
    -- could not lock them itself.
    CREATE FUNCTION lock_balances(accounts bigint[]) RETURNS TABLE (ledger_account_id bigint, posted bigint, held bigint)
      LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      SELECT b.ledger_account_id, b.posted, b.held FROM balances b
      WHERE b.ledger_account_id = ANY (accounts) ORDER BY b.ledger_account_id FOR NO KEY UPDATE
    $$;
    REVOKE EXECUTE ON FUNCTION lock_balances(bigint[]) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION lock_balances(bigint[]) TO truewick_app;

    -- Both sides of each transfer, one row an account: what a statement shows.
    CREATE VIEW entries WITH (security_invoker = true) AS
      SELECT book_date, id AS transfer_id, posted_at, tenant_id, book, currency, debit_account AS ledger_account_id, -amount AS amount, code, group_id, leg FROM transfers
      UNION ALL
      SELECT book_date, id, posted_at, tenant_id, book, currency, credit_account, amount, code, group_id, leg FROM transfers;

    GRANT SELECT ON ledger_accounts, balances, closed_books, transfer_codes, transfers, holds, entries TO truewick_app;
    GRANT INSERT ON ledger_accounts TO truewick_app;
    -- Not book_date, posted_at or xid: the database's clock dates a transfer, nobody else.
    GRANT INSERT (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg, reverses, memo) ON transfers TO truewick_app;
    GRANT INSERT (ledger_account_id, kind, ref_id, amount), UPDATE (state) ON holds TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW entries;
    DROP FUNCTION lock_balances(bigint[]);
    DROP TABLE holds;
    DROP FUNCTION check_new_holds_open();
    DROP FUNCTION apply_holds();
    DROP FUNCTION resolve_hold_once();
    DROP FUNCTION ensure_transfer_partition(date);
    DROP TABLE transfers;
    DROP FUNCTION apply_transfers();
    DROP FUNCTION book_date_of(timestamptz);
    DROP TABLE transfer_codes, closed_books, balances, ledger_accounts;
    DROP FUNCTION open_balance();
  `);
}
