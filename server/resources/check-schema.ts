import type { Knex } from "knex";
import type { Resource, Resources } from "./model.ts";

/**
 * Compares the declarations with the live schema, so that a forgotten migration stops the start and not the first click.
 * Throws one error that lists every missing table and column.
 */
export async function checkSchema(db: Knex, resources: Resources): Promise<void> {
  const { rows } = await db.raw<{ rows: { table_name: string; columns: string[] }[] }>(
    `SELECT c.relname AS table_name, array_agg(a.attname::text) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') GROUP BY 1`,
  );
  const tables = new Map(rows.map(({ table_name, columns }) => [table_name, new Set(columns)]));
  const missing = [...resources.values()].flatMap((resource) => missingOf(resource, tables));
  if (missing.length > 0)
    throw new Error(
      `resource declarations do not fit the database (is a migration missing?):\n  ${missing.join("\n  ")}`,
    );
}

function missingOf(resource: Resource, tables: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const { source, table, scope } = resource.declaration;
  const columns = tables.get(source);
  if (columns === undefined) return [`${resource.name}: no table or view ${source}`];
  if (table !== undefined && !tables.has(table)) return [`${resource.name}: no table ${table}`];
  const needed = [...resource.readable.map(({ name }) => name), scope.tenantColumn, scope.agentLineColumn];
  return needed
    .filter((column) => column !== null && !columns.has(column))
    .map((column) => `${resource.name}: ${source} has no column ${column}`);
}
