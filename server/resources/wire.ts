import { masked } from "#core/mask.ts";
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
      return [column.field, masks(column.spec) && typeof value === "string" ? masked(value) : value];
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

/** `masked` in SQL, for exports. `column` is an escaped identifier. */
export function maskedSql(column: string): string {
  const hidden = `normalize(regexp_replace(${column}, '@[^@]*$', ''), NFC)`;
  const first = `CASE WHEN length(${hidden}) > 1 THEN left(${hidden}, 1) ELSE '' END`;
  return `CASE WHEN ${column} = '' THEN '' ELSE ${first} || '•••' || coalesce(substring(${column} from '@[^@]*$'), '') END`;
}
