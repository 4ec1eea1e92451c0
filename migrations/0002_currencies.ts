import type { Knex } from "knex";

/** Currencies with the scale of their minor unit, and the two conversions that reports use. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE currencies (
      code text PRIMARY KEY,
      scale smallint NOT NULL CONSTRAINT currencies_scale_sane CHECK (scale BETWEEN 0 AND 8),
      CONSTRAINT currencies_code_scale UNIQUE (code, scale)
    );
    INSERT INTO currencies VALUES ('USD', 2), ('EUR', 2), ('CNY', 2), ('USDT', 6);
    GRANT SELECT ON currencies TO truewick_app;

    -- Minor units as a decimal in major units: 12345 USD -> 123.45. Exact.
    CREATE FUNCTION to_major(minor bigint, scale smallint) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
      $$ SELECT round(minor::numeric / power(10::numeric, scale), scale) $$;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP FUNCTION to_major(bigint, smallint);
    DROP TABLE currencies;
  `);
}
