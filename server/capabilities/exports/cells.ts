import pg from "pg";
import { formulaGuardSql } from "../../platform/db/csv-cells.ts";
import type { ExportRow } from "./exports.store.ts";

/** A column of a report: what is typed as text is guarded for spreadsheets, a number never is. */
export interface Cell {
  readonly name: string;
  readonly kind: "text" | "plain" | "time";
  /** An expression over the report's rows. */
  readonly sql: string;
}

export const text = (name: string, sql: string): Cell => ({ name, kind: "text", sql });
/** A number, a date, an id: it can't begin a formula but for the minus of a number. */
export const plain = (name: string, sql: string): Cell => ({ name, kind: "plain", sql });
export const time = (name: string, sql: string): Cell => ({ name, kind: "time", sql });

const stamp = 'YYYY-MM-DD"T"HH24:MI:SS.US';

/** The cells as they are written. A time is told twice: in UTC, and in the zone asked for. */
export function cellsSql(cells: readonly Cell[], { profile, time_zone }: ExportRow): string {
  const zone = pg.escapeLiteral(time_zone);
  return cells
    .flatMap(({ name, kind, sql }) => {
      if (kind === "time")
        return [
          `to_char(${sql} AT TIME ZONE 'UTC', '${stamp}"Z"') AS ${name}_utc`,
          `to_char(${sql} AT TIME ZONE ${zone}, '${stamp}') AS ${name}_local`,
        ];
      return [`${kind === "text" && profile === "excel" ? formulaGuardSql(sql) : sql} AS ${name}`];
    })
    .join(", ");
}
