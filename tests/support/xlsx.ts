import { inflateRawSync } from "node:zlib";
import { XMLParser } from "fast-xml-parser";

/** A cell as a spreadsheet holds it. */
export type SheetCell = { readonly text: string } | { readonly number: string } | null;

/** Reads the only sheet of an XLSX file as a spreadsheet would: texts by their list, numbers with their digits. */
export function readXlsx(file: Buffer): SheetCell[][] {
  const parts = unzip(file);
  const texts = list(parse(parts, "xl/sharedStrings.xml").sst?.si).map((one) =>
    String(one.t?.["#text"] ?? one.t ?? ""),
  );
  const sheet = parse(parts, "xl/worksheets/sheet1.xml").worksheet;
  return list(sheet.sheetData.row).map((row) => {
    const cells: SheetCell[] = [];
    for (const { "@r": at, "@t": type, v } of list(row.c))
      cells[columnOf(at)] =
        v === undefined ? null : type === "s" ? { text: texts[Number(v)] ?? "" } : { number: String(v) };
    return Array.from(cells, (cell) => cell ?? null);
  });
}

/** A day number of a spreadsheet as an instant, to the millisecond. */
export const instantOf = (days: string): string =>
  new Date(Math.round((Number(days) - 25_569) * 86_400_000)).toISOString().slice(0, -1);

// biome-ignore lint/suspicious/noExplicitAny: XML of somebody else's, read once.
type Xml = any;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseTagValue: false,
  trimValues: false,
});
const list = (value: Xml): Xml[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

function parse(parts: ReadonlyMap<string, Buffer>, name: string): Xml {
  const part = parts.get(name);
  if (part === undefined) throw new Error(`the file has no ${name}`);
  return parser.parse(part);
}

const columnOf = (reference: string): number =>
  [...reference.replace(/\d/g, "")].reduce((at, letter) => at * 26 + letter.charCodeAt(0) - 64, 0) - 1;

function unzip(file: Buffer): Map<string, Buffer> {
  const parts = new Map<string, Buffer>();
  let entry = file.readUInt32LE(file.lastIndexOf("PK\u0005\u0006") + 16);
  while (file.readUInt32LE(entry) === 0x02014b50) {
    const [method, size, nameChars] = [
      file.readUInt16LE(entry + 10),
      file.readUInt32LE(entry + 20),
      file.readUInt16LE(entry + 28),
    ];
    const local = file.readUInt32LE(entry + 42);
    const begin = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const bytes = file.subarray(begin, begin + size);
    parts.set(file.toString("utf8", entry + 46, entry + 46 + nameChars), method === 0 ? bytes : inflateRawSync(bytes));
    entry += 46 + nameChars + file.readUInt16LE(entry + 30) + file.readUInt16LE(entry + 32);
  }
  return parts;
}
