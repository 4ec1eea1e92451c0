import { assert } from "#core/result.ts";
import type { Column, Resource } from "./model.ts";
import type { Masks } from "./permissions.ts";
import type { Row } from "./rows.ts";

/** A record as the back office gets it: decimals and bigints as strings, times in ISO 8601, personal fields masked. */
export type WireRecord = Record<string, unknown>;

export function toWire(resource: Resource, row: Row, masks: Masks): WireRecord {
  return Object.fromEntries(
    resource.readable.map((column) => {
      const value = wireValue(column, row[column.name]);
      return [column.field, masks(column.spec) ? masked(value) : value];
    }),
  );
}

function wireValue({ spec, field }: Column, value: unknown): unknown {
  if (value === null) return null;
  assert(value !== undefined, `the row has no ${field}`);
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (spec.kind === "clock") return String(value).slice(0, 5);
  return value;
}

/** What a mask shows: the first letter, and for an address where it is hosted. The same in lists, pages and files. */
export function masked<Value>(value: Value): Value | string {
  if (typeof value !== "string" || value === "") return value;
  const at = value.lastIndexOf("@");
  return `${[...value][0]}•••${at > 0 ? value.slice(at) : ""}`;
}

/** The same mask in SQL, for exports. `column` is an escaped identifier. */
export const maskedSql = (column: string): string =>
  `left(${column}, 1) || '•••' || CASE WHEN strpos(${column}, '@') > 1 THEN '@' || reverse(split_part(reverse(${column}), '@', 1)) ELSE '' END`;
