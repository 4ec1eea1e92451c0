import { createHash } from "node:crypto";
import type { SnapshotReader } from "../../platform/db/copy-out.ts";
import { type SheetColumn, sheetColumns } from "./cells.ts";
import type { ExportRow } from "./exports.store.ts";
import { reports, sheetRowsSql } from "./reports.ts";

/** A sheet as the port that writes it takes it: each value as text, a time as ISO 8601 without zone; null: empty. */
export interface Sheet {
  readonly name: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
}
export type WriteWorksheet = (sheet: Sheet) => Promise<Buffer>;

/** All rows are in memory at once, here and where the file is opened. */
export const worksheetRowsMax = 100_000n;

export interface MadeFile {
  readonly rows: bigint;
  readonly bytes: bigint;
  readonly sha256: string;
}

/** The report as one sheet of an XLSX file. */
export async function worksheetOf(
  reader: SnapshotReader,
  asked: ExportRow,
  write: WriteWorksheet,
): Promise<{ readonly file: Buffer; readonly made: MadeFile }> {
  const columns = sheetColumns(reports[asked.report].cells);
  const rows = await reader.rows<Record<string, string | null>>(sheetRowsSql(asked));
  const file = await write({
    name: asked.report,
    columns,
    rows: rows.map((row) => columns.map((_column, at) => row[`c${at}`] ?? null)),
  });
  const sha256 = createHash("sha256").update(file).digest("hex");
  return { file, made: { rows: BigInt(rows.length), bytes: BigInt(file.length), sha256 } };
}
