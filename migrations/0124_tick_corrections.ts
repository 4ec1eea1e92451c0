import type { Knex } from "knex";

/** Ticks that a venue or an operator took back or gave another price: bars are made anew of them, the sealed quotes stay as they are. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE tick_corrections (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      instrument_id text NOT NULL REFERENCES instruments(id),
      seq bigint NOT NULL,
      kind text NOT NULL CONSTRAINT tick_corrections_kind_known CHECK (kind IN ('cancel', 'price', 'restore')),
      price_ticks bigint CONSTRAINT tick_corrections_price_positive CHECK (price_ticks > 0),
      was_ticks bigint NOT NULL,
      minute_at timestamptz NOT NULL,
      bars_changed int NOT NULL,
      reason text NOT NULL CONSTRAINT tick_corrections_reason_given CHECK (btrim(reason) <> ''),
      corrected_by_id uuid,
      corrected_by text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT tick_corrections_price_where_changed CHECK ((kind = 'price') = (price_ticks IS NOT NULL))
    );
    COMMENT ON TABLE tick_corrections IS 'the newest of a quote holds; quotes are sealed and never changed';
    COMMENT ON COLUMN tick_corrections.seq IS 'of the quote; no foreign key, which would look every swept quote up';
    COMMENT ON COLUMN tick_corrections.was_ticks IS 'what the quote itself gives to bars';
    CREATE INDEX tick_corrections_quote ON tick_corrections (instrument_id, seq, id);
    CREATE TRIGGER tick_corrections_append_only BEFORE UPDATE OR DELETE ON tick_corrections FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER tick_corrections_no_truncate BEFORE TRUNCATE ON tick_corrections FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE tick_corrections ENABLE ALWAYS TRIGGER tick_corrections_append_only;
    ALTER TABLE tick_corrections ENABLE ALWAYS TRIGGER tick_corrections_no_truncate;

    ALTER TABLE bars ADD COLUMN correction_id bigint NOT NULL DEFAULT 0;
    COMMENT ON COLUMN bars.correction_id IS 'newest correction of the instrument that its writer knew of, 0: none; who knows an older one may not write over the bar';

    CREATE VIEW admin_tick_corrections WITH (security_invoker = true) AS
      SELECT c.id, c.instrument_id, c.seq, c.kind, as_price(c.price_ticks * t.tick_size, t.price_decimals) AS price,
        as_price(c.was_ticks * t.tick_size, t.price_decimals) AS was_price, c.minute_at, c.bars_changed, c.reason, c.corrected_by, c.created_at
      FROM tick_corrections c JOIN current_instrument_terms t ON t.instrument_id = c.instrument_id;
    GRANT SELECT, INSERT ON tick_corrections TO truewick_app;
    GRANT SELECT ON admin_tick_corrections TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_tick_corrections;
    ALTER TABLE bars DROP COLUMN correction_id;
    DROP TABLE tick_corrections;
  `);
}
