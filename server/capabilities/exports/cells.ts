import pg from "pg";
import { formulaGuardSql } from "../../platform/db/csv-cells.ts";
import type { ExportRow } from "./exports.store.ts";

/** A column of a report: what is typed as text is guarded for spreadsheets, a number never is. */
export interface Cell {
  readonly name: string;
  readonly kind: "text" | "plain" | "figure" | "time";
  /** An expression over the report's rows. */
  readonly sql: string;
}

export const text = (name: string, sql: string): Cell => ({ name, kind: "text", sql });
/** A number to reckon with: money, lots, a price. */
export const figure = (name: string, sql: string): Cell => ({ name, kind: "figure", sql });
/** A date, an id, a word of a closed list: it can't begin a formula. */
export const plain = (name: string, sql: string): Cell => ({ name, kind: "plain", sql });
export const time = (name: string, sql: string): Cell => ({ name, kind: "time", sql });

/** A spreadsheet knows no finer time than a millisecond. */
const sheetStamp = 'YYYY-MM-DD"T"HH24:MI:SS.MS';
const stamp = 'YYYY-MM-DD"T"HH24:MI:SS.US';

/** The cells of a worksheet, in the order of `sheetColumns`: all as text, a time twice as in a file. */
export function sheetSql(cells: readonly Cell[], { time_zone }: ExportRow): string {
  return cells
    .flatMap(({ kind, sql }) =>
      kind === "time"
        ? ["'UTC'", pg.escapeLiteral(time_zone)].map((zone) => `to_char(${sql} AT TIME ZONE ${zone}, '${sheetStamp}')`)
        : [`(${sql})::text`],
    )
    .map((sql, at) => `${sql} AS c${at}`)
    .join(", ");
}

export interface SheetColumn {
  readonly name: string;
  readonly kind: "text" | "figure" | "time";
}

/** What the columns of `sheetSql` are called, and how they are written. */
export const sheetColumns = (cells: readonly Cell[]): readonly SheetColumn[] =>
  cells.flatMap(({ name, kind }): SheetColumn[] => {
    if (kind === "time") return ["utc", "local"].map((zone) => ({ name: `${name}_${zone}`, kind }));
    return [{ name, kind: kind === "figure" ? kind : "text" }];
  });

/** The cells as they are written. A time is told twice: in UTC, and in the zone asked for. */
export function cellsSql(
  cells: readonly Cell[],
  { profile, time_zone }: Pick<ExportRow, "profile" | "time_zone">,
): string {
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
