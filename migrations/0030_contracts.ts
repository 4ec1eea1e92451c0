import type { Knex } from "knex";

/** The contracts an instrument is traded in, one after the other: when each ends, and at which quote it was settled. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE contracts (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      instrument_id text NOT NULL REFERENCES instruments(id),
      code text NOT NULL CONSTRAINT contracts_code_shape CHECK (code ~ '^[A-Z0-9]{2,20}$'),
      first_trade_at timestamptz NOT NULL,
      last_trade_at timestamptz NOT NULL,
      expiry_action text NOT NULL CONSTRAINT contracts_expiry_action_known CHECK (expiry_action IN ('close', 'roll')),
      settlement_rule text NOT NULL DEFAULT 'last-quote' CONSTRAINT contracts_settlement_rule_known CHECK (settlement_rule IN ('last-quote')),
      final_quote_max_age_s int NOT NULL DEFAULT 3600 CONSTRAINT contracts_final_quote_max_age_sane CHECK (final_quote_max_age_s BETWEEN 1 AND 172800),
      final_quote_seq bigint,
      final_bid_ticks bigint,
      final_ask_ticks bigint,
      final_venue_at timestamptz,
      final_received_at timestamptz,
      roll_contract_id uuid REFERENCES contracts(id),
      roll_quote_seq bigint,
      roll_bid_ticks bigint,
      roll_ask_ticks bigint,
      roll_venue_at timestamptz,
      roll_received_at timestamptz,
      waits_for text CONSTRAINT contracts_waits_for_known CHECK (waits_for IN ('final-price', 'next-contract', 'next-price', 'failed-accounts')),
      settled_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1,
      CONSTRAINT contracts_code_once UNIQUE (instrument_id, code),
      CONSTRAINT contracts_one_end_each UNIQUE (instrument_id, last_trade_at),
      CONSTRAINT contracts_ends_after_it_begins CHECK (last_trade_at > first_trade_at),
      CONSTRAINT contracts_final_is_whole CHECK (num_nonnulls(final_quote_seq, final_bid_ticks, final_ask_ticks, final_venue_at, final_received_at) IN (0, 5)),
      CONSTRAINT contracts_roll_is_whole CHECK (num_nonnulls(roll_contract_id, roll_quote_seq, roll_bid_ticks, roll_ask_ticks, roll_venue_at, roll_received_at) IN (0, 6)),
      CONSTRAINT contracts_settled_at_a_price CHECK (settled_at IS NULL OR (final_quote_seq IS NOT NULL AND waits_for IS NULL))
    );
    COMMENT ON COLUMN contracts.final_quote_max_age_s IS 'a last quote older than this at the end settles nothing: the contract waits and says so';
    COMMENT ON COLUMN contracts.waits_for IS 'why an ended contract is not settled yet; null: nothing in the way';

    -- What is settled stays: the quotes are written once, a settled contract is not touched any more.
    CREATE FUNCTION contract_settles_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.settled_at IS NOT NULL
        OR OLD.final_quote_seq IS NOT NULL AND (NEW.instrument_id, NEW.last_trade_at, NEW.final_quote_seq, NEW.final_bid_ticks, NEW.final_ask_ticks)
          IS DISTINCT FROM (OLD.instrument_id, OLD.last_trade_at, OLD.final_quote_seq, OLD.final_bid_ticks, OLD.final_ask_ticks)
        OR OLD.roll_quote_seq IS NOT NULL AND (NEW.roll_contract_id, NEW.roll_quote_seq, NEW.roll_bid_ticks, NEW.roll_ask_ticks)
          IS DISTINCT FROM (OLD.roll_contract_id, OLD.roll_quote_seq, OLD.roll_bid_ticks, OLD.roll_ask_ticks) THEN
        RAISE EXCEPTION 'contract % is settled', OLD.code USING ERRCODE = '23514', CONSTRAINT = 'contracts_settle_once';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER contracts_settle_once BEFORE UPDATE ON contracts FOR EACH ROW EXECUTE FUNCTION contract_settles_once();
    CREATE TRIGGER contracts_no_delete BEFORE DELETE ON contracts FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER contracts_no_truncate BEFORE TRUNCATE ON contracts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE contracts ENABLE ALWAYS TRIGGER contracts_settle_once;
    ALTER TABLE contracts ENABLE ALWAYS TRIGGER contracts_no_delete;
    ALTER TABLE contracts ENABLE ALWAYS TRIGGER contracts_no_truncate;

    -- What the end of a contract did to a position, once for each.
    CREATE TABLE contract_settlements (
      contract_id uuid NOT NULL REFERENCES contracts(id),
      account_id uuid NOT NULL REFERENCES accounts(id),
      closed_lots bigint NOT NULL CONSTRAINT contract_settlements_closed_something CHECK (closed_lots <> 0),
      close_order_id uuid NOT NULL REFERENCES orders(id),
      roll_order_id uuid REFERENCES orders(id),
      not_rolled text CONSTRAINT contract_settlements_not_rolled_known CHECK (not_rolled IN ('closes', 'stop-out', 'account-disabled')),
      settled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (contract_id, account_id),
      CONSTRAINT contract_settlements_rolled_or_why CHECK ((roll_order_id IS NULL) = (not_rolled IS NOT NULL))
    );
    COMMENT ON COLUMN contract_settlements.closed_lots IS 'signed: the position as it was, + long, - short';
    CREATE TRIGGER contract_settlements_append_only BEFORE UPDATE OR DELETE ON contract_settlements
      FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER contract_settlements_no_truncate BEFORE TRUNCATE ON contract_settlements
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE contract_settlements ENABLE ALWAYS TRIGGER contract_settlements_append_only;
    ALTER TABLE contract_settlements ENABLE ALWAYS TRIGGER contract_settlements_no_truncate;

    -- Instruments whose contract is over and that trade in no other yet. While one is being settled nothing is traded at all:
    -- any fill would be at a later quote than the final one.
    CREATE VIEW ended_contracts WITH (security_invoker = true) AS
      SELECT DISTINCT ON (c.instrument_id) c.instrument_id, c.code, c.last_trade_at
      FROM contracts c
      WHERE c.last_trade_at <= clock_timestamp() AND (c.settled_at IS NULL OR NOT EXISTS (
        SELECT FROM contracts n WHERE n.instrument_id = c.instrument_id AND n.first_trade_at <= clock_timestamp()
          AND n.last_trade_at > clock_timestamp()))
      ORDER BY c.instrument_id, c.settled_at IS NOT NULL, c.last_trade_at DESC;

    -- Kill switches and ended contracts in one question; a contract's end has the scope 'contract' and its code as reason.
    CREATE FUNCTION trading_stops_on(accounts_asked uuid[], lifted_since timestamptz)
      RETURNS TABLE (scope text, mode text, instrument_id text, reason text, thrown_by text, thrown_at timestamptz,
        lifted_at timestamptz, on_accounts uuid[]) LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      RETURN QUERY SELECT * FROM kill_switches_on(accounts_asked, lifted_since);
      RETURN QUERY SELECT 'contract', 'halt', c.instrument_id, c.code, '', c.last_trade_at, NULL::timestamptz, NULL::uuid[]
        FROM ended_contracts c;
    END $$;

    CREATE VIEW admin_contracts WITH (security_invoker = true) AS
      SELECT c.id, c.instrument_id, c.code, c.first_trade_at, c.last_trade_at, c.expiry_action, c.settlement_rule,
        c.final_quote_max_age_s, c.final_quote_seq, c.final_received_at,
        as_price(c.final_bid_ticks * t.tick_size, t.price_decimals) AS final_bid,
        as_price(c.final_ask_ticks * t.tick_size, t.price_decimals) AS final_ask,
        c.roll_contract_id, c.roll_quote_seq, as_price(c.roll_bid_ticks * t.tick_size, t.price_decimals) AS roll_bid,
        as_price(c.roll_ask_ticks * t.tick_size, t.price_decimals) AS roll_ask, c.waits_for, c.settled_at,
        CASE WHEN c.settled_at IS NOT NULL THEN 'settled' WHEN c.last_trade_at <= clock_timestamp() THEN 'settling'
          WHEN c.first_trade_at <= clock_timestamp() THEN 'trading' ELSE 'listed' END AS state,
        (SELECT count(*)::int FROM contract_settlements s WHERE s.contract_id = c.id) AS closed_positions,
        (SELECT count(s.roll_order_id)::int FROM contract_settlements s WHERE s.contract_id = c.id) AS rolled_positions,
        c.created_at, c.updated_at, c.version
      FROM contracts c JOIN current_instrument_terms t ON t.instrument_id = c.instrument_id;

    GRANT SELECT, INSERT, UPDATE ON contracts TO truewick_app;
    GRANT SELECT, INSERT ON contract_settlements TO truewick_app;
    GRANT SELECT ON ended_contracts, admin_contracts TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_contracts;
    DROP FUNCTION trading_stops_on(uuid[], timestamptz);
    DROP VIEW ended_contracts;
    DROP TABLE contract_settlements, contracts;
    DROP FUNCTION contract_settles_once();
  `);
}
