import type { Knex } from "knex";

/** Since when each trade mode was in force: a quote is judged by the mode at its own time, also when it is looked at later. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE trade_modes (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      instrument_id text NOT NULL REFERENCES instruments(id),
      mode text NOT NULL,
      since timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    COMMENT ON TABLE trade_modes IS 'the history of instruments.trade_mode: written by the database, whoever changes the mode';
    CREATE INDEX trade_modes_of ON trade_modes (instrument_id, id DESC);
    INSERT INTO trade_modes (instrument_id, mode, since) SELECT id, trade_mode, '-infinity' FROM instruments;

    -- As with kill switches: a change waits for whoever decides without having seen it, so its time lies before every later decision.
    CREATE FUNCTION keep_trade_mode() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      INSERT INTO trade_modes (instrument_id, mode, since)
        VALUES (NEW.id, NEW.trade_mode, CASE WHEN TG_OP = 'INSERT' THEN '-infinity' ELSE clock_timestamp() END);
      RETURN NULL;
    END $$;
    CREATE TRIGGER instruments_fence_trade_mode BEFORE UPDATE OF trade_mode ON instruments
      FOR EACH STATEMENT EXECUTE FUNCTION fence_kill_switches();
    CREATE TRIGGER instruments_first_trade_mode AFTER INSERT ON instruments FOR EACH ROW EXECUTE FUNCTION keep_trade_mode();
    CREATE TRIGGER instruments_keep_trade_mode AFTER UPDATE OF trade_mode ON instruments FOR EACH ROW
      WHEN (OLD.trade_mode <> NEW.trade_mode) EXECUTE FUNCTION keep_trade_mode();
    ALTER TABLE instruments ENABLE ALWAYS TRIGGER instruments_fence_trade_mode;
    ALTER TABLE instruments ENABLE ALWAYS TRIGGER instruments_first_trade_mode;
    ALTER TABLE instruments ENABLE ALWAYS TRIGGER instruments_keep_trade_mode;

    CREATE TRIGGER trade_modes_append_only BEFORE UPDATE OR DELETE ON trade_modes FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER trade_modes_no_truncate BEFORE TRUNCATE ON trade_modes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE trade_modes ENABLE ALWAYS TRIGGER trade_modes_append_only;
    ALTER TABLE trade_modes ENABLE ALWAYS TRIGGER trade_modes_no_truncate;
    GRANT SELECT ON trade_modes TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TRIGGER instruments_fence_trade_mode ON instruments;
    DROP TRIGGER instruments_first_trade_mode ON instruments;
    DROP TRIGGER instruments_keep_trade_mode ON instruments;
    DROP TABLE trade_modes;
    DROP FUNCTION keep_trade_mode();
  `);
}
