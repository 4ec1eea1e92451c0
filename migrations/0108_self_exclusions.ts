import type { Knex } from "knex";

/** Traders who shut themselves out. A row is never changed or removed, by anybody; a later one may only last longer. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE self_exclusions (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL,
      trader_id uuid NOT NULL,
      until timestamptz NOT NULL,
      set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT self_exclusions_trader_same_tenant FOREIGN KEY (tenant_id, trader_id) REFERENCES traders (tenant_id, id),
      CONSTRAINT self_exclusions_lasts_a_day_to_five_years
        CHECK (until >= set_at + interval '23 hours 59 minutes' AND until <= set_at + interval '5 years 1 day')
    );
    CREATE INDEX self_exclusions_trader ON self_exclusions (trader_id, until DESC);
    CREATE FUNCTION keep_self_exclusion() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      IF EXISTS (SELECT FROM self_exclusions WHERE trader_id = NEW.trader_id AND until > NEW.until) THEN
        RAISE EXCEPTION 'an exclusion can only be made longer' USING ERRCODE = '23514', CONSTRAINT = 'self_exclusions_never_shorter';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER self_exclusions_never_shorter BEFORE INSERT ON self_exclusions FOR EACH ROW EXECUTE FUNCTION keep_self_exclusion();
    CREATE TRIGGER self_exclusions_append_only BEFORE UPDATE OR DELETE ON self_exclusions FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER self_exclusions_no_truncate BEFORE TRUNCATE ON self_exclusions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE self_exclusions ENABLE ALWAYS TRIGGER self_exclusions_never_shorter;
    ALTER TABLE self_exclusions ENABLE ALWAYS TRIGGER self_exclusions_append_only;
    ALTER TABLE self_exclusions ENABLE ALWAYS TRIGGER self_exclusions_no_truncate;
    GRANT SELECT, INSERT ON self_exclusions TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP TABLE self_exclusions; DROP FUNCTION keep_self_exclusion();");
}
