import type { Knex } from "knex";

/** Quotes that jumped away from the market are kept and flagged, as crossed or late ones are: they price nothing. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE quotes DROP CONSTRAINT quotes_flag_known;
    ALTER TABLE quotes ADD CONSTRAINT quotes_flag_known
      CHECK (flag IN ('crossed', 'not-positive', 'out-of-order', 'off-tick', 'jump'));
  `);
}

/** Fails while there is a quote with the new flag: without it, it would look tradable. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE quotes DROP CONSTRAINT quotes_flag_known;
    ALTER TABLE quotes ADD CONSTRAINT quotes_flag_known
      CHECK (flag IN ('crossed', 'not-positive', 'out-of-order', 'off-tick'));
  `);
}
