import type { Knex } from "knex";

/** The settlement price of each trade date, and what open positions paid and received by it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE instruments
      ADD COLUMN settlement_rule text NOT NULL DEFAULT 'mid' CONSTRAINT instruments_settlement_rule_known CHECK (settlement_rule IN ('mid', 'last')),
      ADD COLUMN daily_settlement text NOT NULL DEFAULT 'none' CONSTRAINT instruments_daily_settlement_known CHECK (daily_settlement IN ('none', 'cash'));
    COMMENT ON COLUMN instruments.settlement_rule IS 'price of the daily mark: middle of the last quote before the cut, or the last trade it shows';
    COMMENT ON COLUMN instruments.daily_settlement IS 'cash: open positions pay and receive the difference to the mark each day';

    CREATE TABLE settlement_marks (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      instrument_id text NOT NULL REFERENCES instruments(id),
      trade_date date NOT NULL,
      cut_at timestamptz NOT NULL,
      rule text NOT NULL CONSTRAINT settlement_marks_rule_known CHECK (rule IN ('mid', 'last')),
      rule_version int NOT NULL,
      terms_version int NOT NULL,
      price_ticks bigint,
      quote_seq bigint,
      quote_bid_ticks bigint,
      quote_ask_ticks bigint,
      quote_last_ticks bigint,
      quote_received_at timestamptz,
      daily_settlement text NOT NULL CONSTRAINT settlement_marks_daily_settlement_known CHECK (daily_settlement IN ('none', 'cash')),
      paid_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT settlement_marks_one_a_date UNIQUE (instrument_id, trade_date),
      CONSTRAINT settlement_marks_terms FOREIGN KEY (instrument_id, terms_version) REFERENCES instrument_terms (instrument_id, terms_version),
      CONSTRAINT settlement_marks_price_has_quote CHECK (num_nonnulls(price_ticks, quote_seq, quote_bid_ticks, quote_ask_ticks, quote_received_at) IN (0, 5)),
      CONSTRAINT settlement_marks_paid_at_a_price CHECK (paid_at IS NULL OR (daily_settlement = 'cash' AND price_ticks IS NOT NULL))
    );
    COMMENT ON COLUMN settlement_marks.price_ticks IS 'null: no tradable quote was received on this trade date, so nothing is settled at it';
    COMMENT ON COLUMN settlement_marks.rule_version IS 'version of the instrument that named the rule';
    COMMENT ON COLUMN settlement_marks.paid_at IS 'when all open positions had paid or received their difference';
    CREATE FUNCTION mark_is_paid_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.paid_at IS NOT NULL OR to_jsonb(NEW) - 'paid_at' IS DISTINCT FROM to_jsonb(OLD) - 'paid_at' THEN
        RAISE EXCEPTION 'settlement mark % is fixed', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'settlement_marks_fixed';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER settlement_marks_fixed BEFORE UPDATE ON settlement_marks FOR EACH ROW EXECUTE FUNCTION mark_is_paid_once();
    CREATE TRIGGER settlement_marks_no_delete BEFORE DELETE ON settlement_marks FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER settlement_marks_no_truncate BEFORE TRUNCATE ON settlement_marks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE settlement_marks ENABLE ALWAYS TRIGGER settlement_marks_fixed;
    ALTER TABLE settlement_marks ENABLE ALWAYS TRIGGER settlement_marks_no_delete;
    ALTER TABLE settlement_marks ENABLE ALWAYS TRIGGER settlement_marks_no_truncate;

    CREATE TABLE position_marks (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      mark_id bigint NOT NULL REFERENCES settlement_marks(id),
      position_id uuid NOT NULL REFERENCES positions(id),
      account_id uuid NOT NULL REFERENCES accounts(id),
      lots bigint NOT NULL CONSTRAINT position_marks_some_lots CHECK (lots <> 0),
      cost_ticks bigint NOT NULL,
      amount_minor bigint NOT NULL,
      group_id uuid NOT NULL UNIQUE,
      marked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT position_marks_once UNIQUE (mark_id, position_id)
    );
    COMMENT ON COLUMN position_marks.lots IS 'signed: what was open at the cut and still is';
    COMMENT ON COLUMN position_marks.cost_ticks IS 'what these lots had cost; from the mark on they cost price x lots';
    COMMENT ON COLUMN position_marks.amount_minor IS 'received (+) or paid (-), booked as one transfer of code 14';
    CREATE INDEX position_marks_position ON position_marks (position_id);
    CREATE TRIGGER position_marks_append_only BEFORE UPDATE OR DELETE ON position_marks FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER position_marks_no_truncate BEFORE TRUNCATE ON position_marks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE position_marks ENABLE ALWAYS TRIGGER position_marks_append_only;
    ALTER TABLE position_marks ENABLE ALWAYS TRIGGER position_marks_no_truncate;

    CREATE OR REPLACE VIEW admin_instruments WITH (security_invoker = true) AS
      SELECT i.id, i.name, i.asset_class, i.exchange, i.calendar_id, i.bar_price, i.trade_mode, i.max_quote_age_ms,
        t.currency, trim_scale(t.tick_size) AS tick_size, t.price_decimals, trim_scale(t.multiplier) AS multiplier,
        to_major(t.tick_value_minor, t.currency_scale) AS tick_value, t.lot_step, t.min_lots, t.max_lots_per_order,
        to_major(t.initial_margin_minor, t.currency_scale) AS initial_margin,
        to_major(t.maintenance_margin_minor, t.currency_scale) AS maintenance_margin,
        to_major(t.fee_per_side_minor, t.currency_scale) AS fee_per_side,
        t.terms_version, t.effective_from AS terms_from, i.created_at, i.updated_at, i.version, i.settlement_rule, i.daily_settlement
      FROM instruments i LEFT JOIN current_instrument_terms t ON t.instrument_id = i.id;

    CREATE VIEW admin_settlement_marks WITH (security_invoker = true) AS
      SELECT m.id, m.instrument_id, m.trade_date, m.cut_at, m.rule, m.rule_version, m.terms_version,
        as_price(m.price_ticks * t.tick_size, t.price_decimals) AS price, m.quote_seq,
        as_price(m.quote_bid_ticks * t.tick_size, t.price_decimals) AS quote_bid,
        as_price(m.quote_ask_ticks * t.tick_size, t.price_decimals) AS quote_ask, m.quote_received_at, m.daily_settlement, m.paid_at,
        CASE WHEN m.price_ticks IS NULL THEN 'no-price' WHEN m.daily_settlement = 'none' THEN 'priced'
          WHEN m.paid_at IS NULL THEN 'paying' ELSE 'paid' END AS state,
        (SELECT count(*)::int FROM position_marks p WHERE p.mark_id = m.id) AS positions,
        to_major((SELECT coalesce(sum(p.amount_minor), 0)::bigint FROM position_marks p WHERE p.mark_id = m.id), t.currency_scale) AS paid_net,
        t.currency, m.created_at
      FROM settlement_marks m
        JOIN instrument_terms t ON t.instrument_id = m.instrument_id AND t.terms_version = m.terms_version;

    GRANT SELECT, INSERT ON settlement_marks, position_marks TO truewick_app;
    GRANT UPDATE (paid_at) ON settlement_marks TO truewick_app;
    GRANT SELECT ON admin_settlement_marks TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_settlement_marks, admin_instruments;
    DROP TABLE position_marks, settlement_marks;
    DROP FUNCTION mark_is_paid_once();
    ALTER TABLE instruments DROP COLUMN settlement_rule, DROP COLUMN daily_settlement;
    CREATE VIEW admin_instruments WITH (security_invoker = true) AS
      SELECT i.id, i.name, i.asset_class, i.exchange, i.calendar_id, i.bar_price, i.trade_mode, i.max_quote_age_ms,
        t.currency, trim_scale(t.tick_size) AS tick_size, t.price_decimals, trim_scale(t.multiplier) AS multiplier,
        to_major(t.tick_value_minor, t.currency_scale) AS tick_value, t.lot_step, t.min_lots, t.max_lots_per_order,
        to_major(t.initial_margin_minor, t.currency_scale) AS initial_margin,
        to_major(t.maintenance_margin_minor, t.currency_scale) AS maintenance_margin,
        to_major(t.fee_per_side_minor, t.currency_scale) AS fee_per_side,
        t.terms_version, t.effective_from AS terms_from, i.created_at, i.updated_at, i.version
      FROM instruments i LEFT JOIN current_instrument_terms t ON t.instrument_id = i.id;
    GRANT SELECT ON admin_instruments TO truewick_app;
  `);
}
