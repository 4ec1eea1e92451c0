import type { Knex } from "knex";

/** USDT on TRON. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw("INSERT INTO channel_names VALUES ('usdt-trc20')");
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DELETE FROM channel_names WHERE name = 'usdt-trc20'");
}
