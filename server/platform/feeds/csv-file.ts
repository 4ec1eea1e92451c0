import { createReadStream } from "node:fs";
import { access, constants } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { parse } from "csv-parse";
import { FeedError } from "#core/feed.ts";

const shapes = {
  ticks: ["ts_ms", "symbol", "bid", "ask", "price", "size"],
  bars: ["ts_ms", "symbol", "open", "high", "low", "close", "volume"],
} as const;
export type PriceFileShape = keyof typeof shapes;

/** One line of the file; the header is row 1. */
export interface PriceRow {
  readonly row: number;
  readonly cells: readonly string[];
}

const rowCharsMax = 1_024;

/** Whether the file can be opened. Throws a FeedError that names it. */
export async function checkPriceFile(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch {
    throw new FeedError(
      `The replay file ${file} is not there or can't be read; FEED names it as replay:FILE@INSTRUMENT.`,
    );
  }
}

/**
 * Opens a price file (.csv, or .csv.gz) and streams its rows after the header. Throws a FeedError when the file is missing, has
 * another header, or breaks off; single bad rows are the reader's business.
 */
export async function openPriceFile(file: string): Promise<{ shape: PriceFileShape; rows: AsyncGenerator<PriceRow> }> {
  await checkPriceFile(file);
  const parser = parse({ bom: true, quote: null, relax_column_count: true, max_record_size: rowCharsMax });
  const source = createReadStream(file);
  const parts = file.endsWith(".gz") ? [source, createGunzip(), parser] : [source, parser];
  // Errors reach the reader through the parser, which the pipeline destroys with them.
  pipeline(parts, () => {});
  const records: AsyncIterator<string[]> = parser[Symbol.asyncIterator]();
  const header = await nextRecord(records, file, 1);
  const shape = header && shapeOf(header);
  if (shape === undefined) {
    parser.destroy();
    throw new FeedError(
      `${file}, row 1: expected the header ${shapes.ticks.join(",")} or ${shapes.bars.join(",")}, found ${(header ?? []).join(",").slice(0, 100) || "nothing"}.`,
    );
  }
  return { shape, rows: rowsOf(records, file, () => parser.destroy()) };
}

const shapeOf = (header: readonly string[]): PriceFileShape | undefined =>
  (Object.keys(shapes) as PriceFileShape[]).find((shape) => shapes[shape].join(",") === header.join(","));

async function* rowsOf(records: AsyncIterator<string[]>, file: string, close: () => void): AsyncGenerator<PriceRow> {
  try {
    for (let row = 2; ; row++) {
      const cells = await nextRecord(records, file, row);
      if (cells === undefined) return;
      const isBlank = cells.length === 1 && cells[0] === "";
      if (!isBlank) yield { row, cells };
    }
  } finally {
    close();
  }
}

async function nextRecord(records: AsyncIterator<string[]>, file: string, row: number): Promise<string[] | undefined> {
  try {
    const next = await records.next();
    return next.done ? undefined : next.value;
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new FeedError(`${file}, row ${row}: the file can't be read on (${found}).`);
  }
}
