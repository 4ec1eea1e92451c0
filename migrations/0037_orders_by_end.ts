import type { Knex } from "knex";

/** Orders by their end, for the sweep that finds ends whose announcement was lost. It grows at its right edge only. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw("CREATE INDEX orders_done ON orders (done_at) WHERE done_at IS NOT NULL");
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP INDEX orders_done");
}
