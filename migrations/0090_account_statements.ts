import type { Knex } from "knex";

/** What an account had, what moved and what was open on a closed book date: made by the close from journal, snapshot and fills, never changed. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE account_statements (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL,
      book_date date NOT NULL,
      account_id uuid NOT NULL,
      trader_id uuid NOT NULL,
      book text NOT NULL,
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      opening_minor bigint NOT NULL,
      moved_minor bigint NOT NULL,
      closing_minor bigint NOT NULL,
      held_minor bigint NOT NULL,
      movements int NOT NULL,
      totals jsonb NOT NULL,
      movements_hash bytea NOT NULL,
      positions jsonb NOT NULL,
      open_pnl_minor bigint,
      hash bytea NOT NULL CONSTRAINT account_statements_hash_length CHECK (octet_length(hash) = 32),
      made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT account_statements_one_a_date UNIQUE (account_id, book_date),
      CONSTRAINT account_statements_account FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
      CONSTRAINT account_statements_add_up CHECK (opening_minor + moved_minor = closing_minor),
      CONSTRAINT account_statements_of_something CHECK (movements > 0 OR positions <> '[]')
    );
    COMMENT ON COLUMN account_statements.held_minor IS 'for positions, orders and withdrawals, when the snapshot was taken';
    COMMENT ON COLUMN account_statements.totals IS 'what moved, by the name of the transfer code: signed minor units as text';
    COMMENT ON COLUMN account_statements.movements_hash IS 'SHA-256 over that of each code''s entries (transfer, amount), in order of code';
    COMMENT ON COLUMN account_statements.positions IS 'open when the date ended, by instrument; priced by the newest settlement mark up to the date, null: there is none';
    COMMENT ON COLUMN account_statements.open_pnl_minor IS 'null: a position has no settlement price';
    CREATE INDEX account_statements_date ON account_statements (tenant_id, book_date);

    CREATE FUNCTION account_statement_hash(s account_statements) RETURNS bytea LANGUAGE sql STABLE AS $$
      SELECT sha256(convert_to(jsonb_build_array('truewick/statement/1', s.tenant_id, s.book_date, s.account_id, s.trader_id, s.book, s.currency,
        s.currency_scale, s.opening_minor, s.moved_minor, s.closing_minor, s.held_minor, s.movements, s.totals, encode(s.movements_hash, 'hex'),
        s.positions, s.open_pnl_minor)::text, 'UTF8')) $$;
    CREATE FUNCTION account_statement_is_hashed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.hash := account_statement_hash(NEW);
      RETURN NEW;
    END $$;
    CREATE TRIGGER account_statements_hashed BEFORE INSERT ON account_statements FOR EACH ROW EXECUTE FUNCTION account_statement_is_hashed();
    CREATE TRIGGER account_statements_append_only BEFORE UPDATE OR DELETE ON account_statements FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER account_statements_no_truncate BEFORE TRUNCATE ON account_statements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE account_statements ENABLE ALWAYS TRIGGER account_statements_hashed;
    ALTER TABLE account_statements ENABLE ALWAYS TRIGGER account_statements_append_only;
    ALTER TABLE account_statements ENABLE ALWAYS TRIGGER account_statements_no_truncate;

    -- What moved on an account on a date, from the journal.
    CREATE FUNCTION account_movements(tenant int, day date)
      RETURNS TABLE (account_id uuid, moved bigint, movements int, totals jsonb, movements_hash bytea) LANGUAGE sql STABLE AS $$
      WITH by_code AS (
        SELECT a.id, e.code, sum(e.amount) AS moved, count(*) AS movements,
          sha256(convert_to(string_agg(e.transfer_id || ',' || e.amount, E'\\n' ORDER BY e.transfer_id), 'UTF8')) AS hash
        FROM entries e JOIN accounts a ON a.ledger_account_id = e.ledger_account_id
        WHERE e.tenant_id = tenant AND e.book_date = day GROUP BY a.id, e.code)
      SELECT c.id, sum(c.moved)::bigint, sum(c.movements)::int, jsonb_object_agg(k.name, c.moved::text), sha256(string_agg(c.hash, ''::bytea ORDER BY c.code))
      FROM by_code c JOIN transfer_codes k ON k.code = c.code GROUP BY c.id $$;

    -- What was open when a date ended: what is open now, less what fills and daily marks have changed since.
    CREATE FUNCTION positions_at_end(tenant int, day date)
      RETURNS TABLE (account_id uuid, instrument_id text, terms_version int, tick_value_minor bigint, lots bigint, cost_ticks bigint)
      LANGUAGE sql STABLE AS $$
      WITH ended AS MATERIALIZED (SELECT book_date_began(day + 1) AS at),
      filled AS (
        SELECT f.account_id, f.instrument_id, sum(CASE f.side WHEN 'buy' THEN f.lots ELSE -f.lots END) AS lots,
          sum(f.price_ticks * CASE f.side WHEN 'buy' THEN f.lots ELSE -f.lots END + f.realized_pnl_minor / t.tick_value_minor) AS cost
        FROM fills f JOIN instrument_terms t ON t.instrument_id = f.instrument_id AND t.terms_version = f.terms_version
        WHERE f.tenant_id = tenant AND f.filled_at >= (SELECT at FROM ended) GROUP BY 1, 2),
      marked AS (
        SELECT m.position_id, sum(m.amount_minor / t.tick_value_minor) AS cost
        FROM position_marks m JOIN settlement_marks s ON s.id = m.mark_id
          JOIN instrument_terms t ON t.instrument_id = s.instrument_id AND t.terms_version = s.terms_version
        WHERE m.marked_at >= (SELECT at FROM ended) GROUP BY 1)
      SELECT p.account_id, p.instrument_id, p.terms_version, t.tick_value_minor, (p.lots - coalesce(f.lots, 0))::bigint,
        (p.cost_ticks - coalesce(f.cost, 0) - coalesce(m.cost, 0))::bigint
      FROM positions p JOIN instrument_terms t ON t.instrument_id = p.instrument_id AND t.terms_version = p.terms_version
        LEFT JOIN filled f ON f.account_id = p.account_id AND f.instrument_id = p.instrument_id
        LEFT JOIN marked m ON m.position_id = p.id
      WHERE p.tenant_id = tenant AND p.lots <> coalesce(f.lots, 0) $$;

    CREATE FUNCTION make_account_statements(tenant int, day date) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      IF NOT EXISTS (SELECT FROM balance_daily d WHERE d.tenant_id = tenant AND d.book_date = day) THEN
        RAISE EXCEPTION 'book date % has no snapshot', day USING ERRCODE = '23514', CONSTRAINT = 'account_statements_of_closed_date';
      END IF;
      INSERT INTO account_statements (tenant_id, book_date, account_id, trader_id, book, currency, currency_scale, opening_minor, moved_minor,
          closing_minor, held_minor, movements, totals, movements_hash, positions, open_pnl_minor, hash)
        SELECT a.tenant_id, day, a.id, a.trader_id, a.book, a.currency, a.currency_scale, d.posted - coalesce(m.moved, 0), coalesce(m.moved, 0),
          d.posted, d.held, coalesce(m.movements, 0), coalesce(m.totals, '{}'), coalesce(m.movements_hash, sha256('')),
          coalesce(o.positions, '[]'), CASE WHEN o.account_id IS NULL THEN 0 ELSE o.open_pnl END, ''
        FROM accounts a JOIN balance_daily d ON d.tenant_id = tenant AND d.book_date = day AND d.ledger_account_id = a.ledger_account_id
          LEFT JOIN account_movements(tenant, day) m ON m.account_id = a.id
          LEFT JOIN (
            SELECT p.account_id, CASE WHEN count(s.price_ticks) = count(*) THEN sum((s.price_ticks * p.lots - p.cost_ticks) * p.tick_value_minor)::bigint END AS open_pnl,
              jsonb_agg(jsonb_build_object('instrument', p.instrument_id, 'termsVersion', p.terms_version, 'lots', p.lots::text,
                'costTicks', p.cost_ticks::text, 'markDate', s.trade_date, 'priceTicks', s.price_ticks::text,
                'openPnl', ((s.price_ticks * p.lots - p.cost_ticks) * p.tick_value_minor)::text) ORDER BY p.instrument_id) AS positions
            FROM positions_at_end(tenant, day) p LEFT JOIN LATERAL (
              SELECT k.trade_date, k.price_ticks FROM settlement_marks k
              WHERE k.instrument_id = p.instrument_id AND k.trade_date <= day AND k.price_ticks IS NOT NULL ORDER BY k.trade_date DESC LIMIT 1) s ON true
            GROUP BY 1) o ON o.account_id = a.id
        WHERE a.tenant_id = tenant AND (m.account_id IS NOT NULL OR o.account_id IS NOT NULL)
        ORDER BY a.id
        ON CONFLICT (account_id, book_date) DO NOTHING;
      RETURN (SELECT count(*) FROM account_statements s WHERE s.tenant_id = tenant AND s.book_date = day);
    END $$;
    REVOKE EXECUTE ON FUNCTION make_account_statements(int, date) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION make_account_statements(int, date) TO truewick_app;
    GRANT SELECT ON account_statements TO truewick_app;

    CREATE VIEW admin_account_statements WITH (security_invoker = true) AS
      SELECT s.id, s.tenant_id, s.book_date, s.account_id, s.trader_id, s.book, s.currency, to_major(s.opening_minor, s.currency_scale) AS opening,
        to_major(s.moved_minor, s.currency_scale) AS moved, to_major(s.closing_minor, s.currency_scale) AS closing,
        to_major(s.held_minor, s.currency_scale) AS held, s.movements, jsonb_array_length(s.positions) AS positions,
        to_major(s.open_pnl_minor, s.currency_scale) AS open_pnl, encode(s.hash, 'hex') AS hash, s.made_at, coalesce(g.line, '{}') AS agent_line
      FROM account_statements s JOIN traders t ON t.id = s.trader_id LEFT JOIN agents g ON g.id = t.agent_id;
    GRANT SELECT ON admin_account_statements TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_account_statements;
    DROP FUNCTION make_account_statements(int, date);
    DROP FUNCTION positions_at_end(int, date);
    DROP FUNCTION account_movements(int, date);
    DROP FUNCTION account_statement_hash(account_statements) CASCADE;
    DROP TABLE account_statements;
    DROP FUNCTION account_statement_is_hashed();
  `);
}
