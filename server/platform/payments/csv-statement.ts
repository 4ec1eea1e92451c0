import { parse } from "csv-parse/sync";
import type { CsvMapping, RawLine, RawStatement } from "#core/statement.ts";

/** A file has no more rows than that; a bank's month of a busy account has a few thousand. */
const rowsMax = 50_000;

/** Reads a bank's CSV by the account's mapping; the balances are not in it and are told. null: it is no such file. */
export function readCsvStatement(
  text: string,
  mapping: CsvMapping,
  told: Pick<RawStatement, "currency" | "opening" | "closing">,
): RawStatement | null {
  const records = recordsOf(text, mapping.delimiter);
  const [heads] = records ?? [];
  if (records === null || heads === undefined || records.length > rowsMax) return null;
  const columns = [mapping.date, mapping.amount, mapping.text, mapping.name, mapping.reference];
  if (columns.some((name) => name !== null && !heads.includes(name))) return null;
  const cell = (record: readonly string[], name: string | null): string =>
    name === null ? "" : (record[heads.indexOf(name)]?.trim() ?? "");
  return {
    ...{ ...told, account: null },
    lines: records.slice(1).map(
      (record, index): RawLine => ({
        row: index + 2,
        bookedOn: dateOf(cell(record, mapping.date), mapping.dateOrder),
        amount: amountOf(cell(record, mapping.amount), mapping.decimalPoint),
        bankReference: cell(record, mapping.reference),
        partyName: cell(record, mapping.name),
        text: cell(record, mapping.text),
        // Such files have no place for either; a reference of ours is found in the text.
        ...{ endToEndId: "", returnReason: null },
      }),
    ),
  };
}

function recordsOf(text: string, delimiter: string): string[][] | null {
  try {
    return parse(text, { bom: true, delimiter, skip_empty_lines: true, relax_column_count: false }) as string[][];
  } catch {
    return null;
  }
}

/** "31.12.2026" by its order as 2026-12-31; what is no date stays as it is, to be named as wrong. */
function dateOf(text: string, order: CsvMapping["dateOrder"]): string {
  const parts = text.split(/[./-]/);
  const [a = "", b = "", c = ""] = parts;
  if (parts.length !== 3) return text;
  const [year, month, day] = order === "YMD" ? [a, b, c] : order === "DMY" ? [c, b, a] : [c, a, b];
  return `${year.padStart(4, "20")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** "1.234,56" or "1,234.56" as "1234.56"; a plus in front is left out. */
function amountOf(text: string, point: CsvMapping["decimalPoint"]): string {
  const grouping = point === "." ? /[,'\s]/g : /[.'\s]/g;
  return text.replace(grouping, "").replace(",", ".").replace(/^\+/, "");
}
