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
}
