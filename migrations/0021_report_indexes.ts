import type { Knex } from "knex";

/** The journal by time, for reports: it grows at its end, so a block range index is enough and costs next to nothing. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw("CREATE INDEX transfers_posted ON transfers USING brin (posted_at)");
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP INDEX transfers_posted");
}
