import pg from "pg";
import type { Cell } from "./cells.ts";
import type { ExportRow } from "./exports.store.ts";

/** A file's rows as SQL. No bindings: COPY takes none, so values are literals by the server's own rules. */
export interface Report {
  readonly cells: readonly Cell[];
  /** FROM and WHERE of one export, with what goes before them (WITH). */
  readonly rowsSql: (asked: ExportRow) => { readonly withSql: string; readonly fromSql: string };
  /** A whole order: the same rows make the same file. */
  readonly orderSql: string;
  /** Control totals, each by currency: numeric expressions over the rows, by name. */
  readonly sums: Readonly<Record<string, string>>;
  readonly currencySql: string;
  /** FROM and WHERE of the same rows for the totals alone, where those of the file carry more than the sums need. */
  readonly summedSql?: Report["rowsSql"];
}

/** What lies on the book dates asked for, in the tenant's book; `at` decides the book date. */
export function dated({ tenant_id, from_date, to_date }: ExportRow, table: string, at: string): string {
  const [from, to] = [pg.escapeLiteral(from_date), pg.escapeLiteral(to_date)];
  return `${table}.tenant_id = ${Number(tenant_id)} AND ${table}.${at} >= (SELECT book_date_began(${from}::date))
    AND ${table}.${at} < (SELECT book_date_began(${to}::date + 1))`;
}
