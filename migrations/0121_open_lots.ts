import type { Knex } from "knex";

/**
 * What all traders of a partner hold in an instrument, long and short, as parts that sum to it: each statement that changes positions adds one for
 * each instrument, nobody ever changes one, and a job puts them together. So orders under a cap read some rows instead of all positions, and no row is
 * waited for.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE open_lots (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      book text NOT NULL,
      tenant_id int NOT NULL REFERENCES partners (id),
      instrument_id text NOT NULL REFERENCES instruments (id),
      long bigint NOT NULL,
      short bigint NOT NULL
    );
    COMMENT ON TABLE open_lots IS 'parts, also negative ones: their sums are the lots of the positions';
    CREATE INDEX open_lots_instrument ON open_lots (instrument_id, book);
    GRANT SELECT, INSERT, DELETE ON open_lots TO truewick_app;

    INSERT INTO open_lots (book, tenant_id, instrument_id, long, short)
      SELECT book, tenant_id, instrument_id, sum(greatest(lots, 0)), sum(greatest(-lots, 0)) FROM positions WHERE lots <> 0 GROUP BY 1, 2, 3;

    CREATE FUNCTION add_open_lots() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO open_lots (book, tenant_id, instrument_id, long, short)
          SELECT book, tenant_id, instrument_id, sum(greatest(lots, 0)), sum(greatest(-lots, 0)) FROM added WHERE lots <> 0 GROUP BY 1, 2, 3;
        RETURN NULL;
      END $$;
    CREATE FUNCTION change_open_lots() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO open_lots (book, tenant_id, instrument_id, long, short)
          SELECT book, tenant_id, instrument_id, sum(long), sum(short) FROM (
            SELECT book, tenant_id, instrument_id, greatest(lots, 0) AS long, greatest(-lots, 0) AS short FROM added
            UNION ALL
            SELECT book, tenant_id, instrument_id, -greatest(lots, 0), -greatest(-lots, 0) FROM taken) c
          GROUP BY 1, 2, 3 HAVING sum(long) <> 0 OR sum(short) <> 0;
        RETURN NULL;
      END $$;
    CREATE FUNCTION take_open_lots() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO open_lots (book, tenant_id, instrument_id, long, short)
          SELECT book, tenant_id, instrument_id, -sum(greatest(lots, 0)), -sum(greatest(-lots, 0)) FROM taken WHERE lots <> 0 GROUP BY 1, 2, 3;
        RETURN NULL;
      END $$;
    CREATE TRIGGER positions_add_open_lots AFTER INSERT ON positions REFERENCING NEW TABLE AS added
      FOR EACH STATEMENT EXECUTE FUNCTION add_open_lots();
    CREATE TRIGGER positions_change_open_lots AFTER UPDATE ON positions REFERENCING OLD TABLE AS taken NEW TABLE AS added
      FOR EACH STATEMENT EXECUTE FUNCTION change_open_lots();
    CREATE TRIGGER positions_take_open_lots AFTER DELETE ON positions REFERENCING OLD TABLE AS taken
      FOR EACH STATEMENT EXECUTE FUNCTION take_open_lots();
    ALTER TABLE positions ENABLE ALWAYS TRIGGER positions_add_open_lots;
    ALTER TABLE positions ENABLE ALWAYS TRIGGER positions_change_open_lots;
    ALTER TABLE positions ENABLE ALWAYS TRIGGER positions_take_open_lots;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TRIGGER positions_add_open_lots ON positions;
    DROP TRIGGER positions_change_open_lots ON positions;
    DROP TRIGGER positions_take_open_lots ON positions;
    DROP FUNCTION add_open_lots(), change_open_lots(), take_open_lots();
    DROP TABLE open_lots;
  `);
}
