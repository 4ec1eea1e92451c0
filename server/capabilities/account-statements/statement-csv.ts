import type { Knex } from "knex";
import { formatDecimal } from "#core/units.ts";
import { readMovements, type StatementRow } from "./statements.store.ts";

const heads = [
  ...["book_date", "time_utc", "kind", "instrument", "side", "lots", "price", "amount", "currency", "balance"],
  ...["transfer_id", "group_id"],
];

/**
 * A statement as CSV (RFC 4180, LF): the opening balance, each entry with the balance after it, the closing balance. The same bytes whenever
 * it is made. No cell holds free text, so none needs quotes or could be a formula.
 */
export async function* statementCsv(db: Knex, statement: StatementRow): AsyncGenerator<string> {
  const { bookDate, currency, scale } = statement;
  const line = (cells: readonly string[]): string => `${cells.join(",")}\n`;
  const balanceLine = (kind: string, minor: bigint): string =>
    line([bookDate, "", kind, "", "", "", "", "", currency, formatDecimal(minor, scale), "", ""]);
  yield line(heads) + balanceLine("opening-balance", statement.opening);
  let balance = statement.opening;
  for await (const rows of readMovements(db, statement)) {
    const lines = rows.map((row) => {
      balance += row.amount;
      return line([
        ...[
          bookDate,
          row.postedAt,
          row.code,
          row.instrument ?? "",
          row.side ?? "",
          `${row.lots ?? ""}`,
          row.price ?? "",
        ],
        ...[formatDecimal(row.amount, scale), currency, formatDecimal(balance, scale), `${row.id}`, row.groupId],
      ]);
    });
    yield lines.join("");
  }
  yield balanceLine("closing-balance", statement.closing);
}
