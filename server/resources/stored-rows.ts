import type { Knex } from "knex";
import { assert } from "#core/result.ts";
import type { Input } from "./input.ts";
import type { Column, Resource } from "./model.ts";

/** Adds a row with the given fields and returns its id. */
export async function insertRow(db: Knex, resource: Resource, input: Input): Promise<string> {
  const [row] = await db(tableOf(resource)).insert(storedValues(resource, input)).returning(resource.id.name);
  return String(row[resource.id.name]);
}

/** Changes the given fields of a row, and with them its version and time of change. */
export async function updateRow(db: Knex, resource: Resource, id: string, changes: Input): Promise<void> {
  const stamps: Record<string, Knex.Raw> = {};
  const { version } = resource.declaration;
  const versionColumn = version === undefined ? undefined : resource.columns.get(version)?.name;
  if (versionColumn !== undefined) stamps[versionColumn] = db.raw("?? + 1", [versionColumn]);
  if (resource.columns.has("updatedAt")) stamps.updated_at = db.raw("clock_timestamp()");
  const changed = await db(tableOf(resource))
    .where(resource.id.name, id)
    .update({ ...storedValues(resource, changes), ...stamps });
  assert(changed === 1, `an update of ${resource.name} ${id} changed ${changed} rows`);
}

const storedValues = (resource: Resource, input: Input): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(input).map(([field, value]) => {
      const column = resource.columns.get(field);
      assert(column !== undefined, `${resource.name} has no field ${field}`);
      return [column.name, storedValue(column, value)];
    }),
  );

const storedValue = ({ spec }: Column, value: unknown): unknown =>
  spec.kind === "json" && value !== null ? JSON.stringify(value) : value;

/** The table that is written; a declaration without one has no writing operation. */
export function tableOf(resource: Resource): string {
  const { table } = resource.declaration;
  assert(table !== undefined, `${resource.name} is written but names no table`);
  return table;
}
