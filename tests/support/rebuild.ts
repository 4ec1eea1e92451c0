import type { Knex } from "knex";
import type { TestDesk } from "./trading.ts";

/** Settles what acceptance and triggers have promised so far. */
export async function settlePromised(house: TestDesk): Promise<void> {
  const ids = house.promised.splice(0).flatMap(({ payload }) => payload.orderIds as string[]);
  if (ids.length > 0) await house.settler()(ids);
}

/** What a superuser can do: past every guard of the schema. */
export const tamper = (house: TestDesk, change: (trx: Knex.Transaction) => Promise<unknown>): Promise<void> =>
  house.db.owner.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: { table: string; name: string }[] }>(
      `SELECT tgrelid::regclass::text AS table, tgname AS name FROM pg_trigger
       WHERE NOT tgisinternal AND tgparentid = 0 AND tgenabled = 'A'`,
    );
    const tables = new Set(rows.map(({ table }) => table));
    await trx.raw("SET LOCAL session_replication_role = replica");
    for (const table of tables) await trx.raw("ALTER TABLE ?? DISABLE TRIGGER USER", [table]);
    await change(trx);
    for (const { table, name } of rows) await trx.raw("ALTER TABLE ?? ENABLE ALWAYS TRIGGER ??", [table, name]);
  });
