import type { Writable } from "node:stream";
import type { Knex } from "knex";
import pg from "pg";
import type { StaffIdentity } from "#contracts/identity.ts";
import { assert } from "#core/result.ts";
import { copyOut } from "../platform/db/copy-out.ts";
import { formulaGuardSql } from "../platform/db/csv-cells.ts";
import type { Column, Resource } from "./model.ts";
import { type Masks, masksOf } from "./permissions.ts";
import type { RowsRequest } from "./query.ts";
import { inOrder, matching } from "./rows.ts";
import { maskedSql } from "./wire.ts";

/**
 * Streams every row that matches and that this person may see as CSV (RFC 4180 quoting, LF line ends, UTF-8, a header row
 * of field names): numbers are plain decimals, times ISO 8601 in UTC with microseconds, and a text that a spreadsheet would take
 * for a formula gets a leading apostrophe. PostgreSQL formats; this process only moves bytes.
 * `open` is called with the first bytes, so that an error before them can still be answered as one.
 */
export async function streamCsv(
  db: Knex,
  resource: Resource,
  staff: StaffIdentity,
  request: RowsRequest,
  open: () => Writable,
): Promise<void> {
  const sql = copyStatement(db, resource, staff, request);
  await copyOut(db, sql, open);
}

/** The columns of a resource's file, in order. */
export function csvColumns(resource: Resource): readonly Column[] {
  const named = resource.declaration.csv;
  if (named === undefined) return resource.readable.filter(({ spec }) => spec.kind !== "json");
  return named.map((field) => {
    const column = resource.columns.get(field);
    assert(column?.readable === true, `${resource.name} exports the field ${field}, which cannot be read`);
    return column;
  });
}

function copyStatement(db: Knex, resource: Resource, staff: StaffIdentity, request: RowsRequest): string {
  const masks = masksOf(staff, resource);
  const cells = csvColumns(resource).map((column) =>
    db.raw(`${cellSql(column, masks)} AS ${pg.escapeIdentifier(column.field)}`),
  );
  const rows = matching(db, resource, staff, request.conditions).select(cells);
  const native = inOrder(rows, resource, request.sort).toSQL().toNative();
  return `COPY (${withLiterals(native.sql, native.bindings)}) TO STDOUT WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')`;
}

/** COPY takes no bindings, so each placeholder becomes a literal by the server's own quoting rules. */
function withLiterals(sql: string, bindings: readonly unknown[]): string {
  return sql.replace(/\$(\d+)/g, (_placeholder, position: string) => literal(bindings[Number(position) - 1]));
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(",")}]`;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  assert(typeof value === "string", `a value of type ${typeof value} cannot be exported by`);
  return pg.escapeLiteral(value);
}

function cellSql({ spec, name }: Column, masks: Masks): string {
  const column = pg.escapeIdentifier(name);
  const shown = masks(spec) ? maskedSql(column) : column;
  switch (spec.kind) {
    case "time":
      return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
    case "clock":
      return `to_char(${column}, 'HH24:MI')`;
    case "boolean":
      return `CASE WHEN ${column} THEN 'true' WHEN NOT ${column} THEN 'false' END`;
    case "texts":
      return formulaGuardSql(`array_to_string(${column}, ' ')`);
    case "json":
      return `${column}::text`;
    case "text":
    case "email":
      return formulaGuardSql(shown);
    default:
      return column;
  }
}
