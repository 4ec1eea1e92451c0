import writeXlsxFile from "write-excel-file/node";

/** A column of a worksheet: what it is called, and how its values are written. */
export interface WorksheetColumn {
  readonly name: string;
  readonly kind: "text" | "figure" | "time";
}

/** A sheet; each value as text: a figure as a decimal, a time as ISO 8601 without zone; null: empty. */
export interface Worksheet {
  readonly name: string;
  readonly columns: readonly WorksheetColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** A spreadsheet keeps so many digits of a number; a longer one is written as text, so that none is lost. */
const digitsMax = 15;
const timeFormat = "yyyy-mm-dd hh:mm:ss.000";

/**
 * An XLSX file of one sheet, the head row bold and fixed. Texts are text whatever they begin with, so none is a formula. The same sheet
 * is the same bytes.
 */
export async function writeWorksheet({ name, columns, rows }: Worksheet): Promise<Buffer> {
  const head = columns.map((column) => ({ value: column.name, fontWeight: "bold" as const }));
  const body = rows.map((row) => row.map((value, at) => cell(value, columns[at]?.kind ?? "text")));
  const file = writeXlsxFile([head, ...body], { sheet: name, stickyRowsCount: 1 });
  return withoutTimes(await file.toBuffer());
}

function cell(value: string | null, kind: WorksheetColumn["kind"]) {
  if (value === null) return null;
  if (kind === "time") return { value: new Date(`${value}Z`), type: Date, format: timeFormat };
  const digits = value.replace(/[-.]/g, "").replace(/^0+/, "").length;
  if (kind === "text" || digits > digitsMax) return { value, type: String };
  const decimals = value.split(".")[1]?.length ?? 0;
  return { value: Number(value), type: Number, format: decimals === 0 ? "0" : `0.${"0".repeat(decimals)}` };
}

const [endMark, entryMark] = [0x06054b50, 0x02014b50];
/** 1980-01-01, the earliest that a ZIP file can tell. */
const firstDay = 0x21;

/** Takes the time of making out of a ZIP file: of each entry, in the directory at its end and before its bytes. */
function withoutTimes(zip: Buffer): Buffer {
  const end = zip.lastIndexOf(Buffer.from(Uint32Array.of(endMark).buffer));
  let entry = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(entry) !== entryMark) throw new Error("the worksheet is no ZIP file as it was known to be");
    const local = zip.readUInt32LE(entry + 42);
    for (const at of [entry + 12, local + 10]) {
      zip.writeUInt16LE(0, at);
      zip.writeUInt16LE(firstDay, at + 2);
    }
    entry += 46 + zip.readUInt16LE(entry + 28) + zip.readUInt16LE(entry + 30) + zip.readUInt16LE(entry + 32);
  }
  return zip;
}
