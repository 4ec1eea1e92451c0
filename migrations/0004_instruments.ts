import type { Knex } from "knex";

/** Session calendars, instruments and their contract terms as versions. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE session_calendars (
      id text PRIMARY KEY CONSTRAINT session_calendars_id_shape CHECK (id ~ '^[a-z][a-z0-9-]{1,39}$'),
      name text NOT NULL,
      zone text NOT NULL,
      trade_date_cut time NOT NULL,
      sessions jsonb NOT NULL,
      holidays jsonb NOT NULL DEFAULT '[]',
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1
    );
    COMMENT ON COLUMN session_calendars.sessions IS
      '[{validFrom, validTo|null, open: {weekday 0-6 (0 Sunday), time}, close: {weekday, time}}], local times of the zone, validTo inclusive';
    COMMENT ON COLUMN session_calendars.holidays IS '[{date, name, closesAt: null (closed all trade date) or local time}]';

    CREATE TABLE instruments (
      id text PRIMARY KEY CONSTRAINT instruments_id_shape CHECK (id ~ '^[A-Z0-9]{2,20}$'),
      name text NOT NULL,
      asset_class text NOT NULL CONSTRAINT instruments_asset_class_known
        CHECK (asset_class IN ('equity-index', 'metal', 'energy', 'currency', 'crypto')),
      exchange text NOT NULL,
      calendar_id text NOT NULL REFERENCES session_calendars(id),
      bar_price text NOT NULL DEFAULT 'last' CONSTRAINT instruments_bar_price_known CHECK (bar_price IN ('last', 'bid', 'mid')),
      trade_mode text NOT NULL DEFAULT 'full' CONSTRAINT instruments_trade_mode_known CHECK (trade_mode IN ('full', 'close-only', 'halted')),
      max_quote_age_ms int NOT NULL DEFAULT 5000 CONSTRAINT instruments_max_quote_age_sane CHECK (max_quote_age_ms BETWEEN 100 AND 3600000),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1
    );

    CREATE TABLE instrument_terms (
      instrument_id text NOT NULL REFERENCES instruments(id),
      terms_version int NOT NULL CONSTRAINT instrument_terms_version_positive CHECK (terms_version > 0),
      effective_from timestamptz NOT NULL DEFAULT clock_timestamp(),
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      tick_size numeric(20, 8) NOT NULL CONSTRAINT instrument_terms_tick_size_positive CHECK (tick_size > 0),
      price_decimals smallint NOT NULL CONSTRAINT instrument_terms_price_decimals_sane CHECK (price_decimals BETWEEN 0 AND 8),
      multiplier numeric(20, 8) NOT NULL CONSTRAINT instrument_terms_multiplier_positive CHECK (multiplier > 0),
      tick_value_minor bigint NOT NULL,
      lot_step bigint NOT NULL DEFAULT 1 CONSTRAINT instrument_terms_lot_step_positive CHECK (lot_step > 0),
      min_lots bigint NOT NULL DEFAULT 1,
      max_lots_per_order bigint NOT NULL,
      initial_margin_minor bigint NOT NULL CONSTRAINT instrument_terms_initial_margin_positive CHECK (initial_margin_minor > 0),
      maintenance_margin_minor bigint NOT NULL,
      fee_per_side_minor bigint NOT NULL CONSTRAINT instrument_terms_fee_not_negative CHECK (fee_per_side_minor >= 0),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      created_by text NOT NULL,
      PRIMARY KEY (instrument_id, terms_version),
      FOREIGN KEY (currency, currency_scale) REFERENCES currencies (code, scale),
      CONSTRAINT instrument_terms_tick_value_exact CHECK (tick_value_minor = tick_size * multiplier * power(10::numeric, currency_scale)),
      CONSTRAINT instrument_terms_tick_fits_decimals CHECK (tick_size = round(tick_size, price_decimals)),
      CONSTRAINT instrument_terms_lots_ordered CHECK (min_lots > 0 AND max_lots_per_order >= min_lots AND min_lots % lot_step = 0),
      CONSTRAINT instrument_terms_margins_ordered CHECK (maintenance_margin_minor BETWEEN 1 AND initial_margin_minor)
    );
    COMMENT ON CONSTRAINT instrument_terms_tick_value_exact ON instrument_terms IS 'tick_value = tick_size x multiplier (two published pages break it)';
    CREATE TRIGGER instrument_terms_append_only BEFORE UPDATE OR DELETE ON instrument_terms
      FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER instrument_terms_no_truncate BEFORE TRUNCATE ON instrument_terms
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE instrument_terms ENABLE ALWAYS TRIGGER instrument_terms_append_only;
    ALTER TABLE instrument_terms ENABLE ALWAYS TRIGGER instrument_terms_no_truncate;

    -- The terms in force now; security_invoker, so that the reader's own grants count.
    CREATE VIEW current_instrument_terms WITH (security_invoker = true) AS
      SELECT DISTINCT ON (instrument_id) * FROM instrument_terms
      WHERE effective_from <= clock_timestamp()
      ORDER BY instrument_id, terms_version DESC;

    GRANT SELECT, INSERT, UPDATE ON session_calendars, instruments TO truewick_app;
    GRANT SELECT, INSERT ON instrument_terms TO truewick_app;
    GRANT SELECT ON current_instrument_terms TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW current_instrument_terms;
    DROP TABLE instrument_terms, instruments, session_calendars;
  `);
}
