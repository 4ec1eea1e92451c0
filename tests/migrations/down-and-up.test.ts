import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const config = { directory: path.resolve(import.meta.dirname, "../../migrations"), loadExtensions: [".ts"] };

/** Everything of ours in the schema, as text: tables with their columns, constraints, indexes, triggers, functions, grants. */
async function schema(): Promise<string[]> {
  const { rows } = await db.owner.raw(`
    SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || coalesce(column_default, '') AS what
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'knex%'
    UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND conrelid::regclass::text NOT LIKE 'knex%'
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'knex%'
    UNION ALL SELECT 'trigger ' || tgrelid::regclass || ' ' || pg_get_triggerdef(oid) || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'view ' || viewname || ' ' || definition FROM pg_views WHERE schemaname = 'public'
    UNION ALL SELECT 'grant ' || table_name || ' ' || privilege_type FROM information_schema.role_table_grants
      WHERE grantee = 'truewick_app' AND table_schema = 'public'
    UNION ALL SELECT 'grant ' || table_name || '.' || column_name || ' ' || privilege_type
      FROM information_schema.role_column_grants WHERE grantee = 'truewick_app' AND table_schema = 'public'
    ORDER BY 1`);
  return rows.map((row: { what: string }) => row.what);
}

test("all migrations undone leave nothing, and done again give the same schema", async () => {
  const before = await schema();
  expect(before.length).toBeGreaterThan(200);
  await db.owner.migrate.rollback(config, true);
  expect(await schema()).toEqual([]);
  await db.owner.migrate.latest(config);
  expect(await schema()).toEqual(before);
});
