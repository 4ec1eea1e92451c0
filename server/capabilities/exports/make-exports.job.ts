import { createHash } from "node:crypto";
import { Transform } from "node:stream";
import type { Knex } from "knex";
import { assert } from "#core/result.ts";
import type { Clock } from "../../platform/clock.ts";
import { inSnapshot, type SnapshotReader } from "../../platform/db/copy-out.ts";
import type { ExportFolder } from "./export-folder.ts";
import { type ExportRow, takeNext, writeFailed, writeProgress, writeQueued, writeSucceeded } from "./exports.store.ts";
import { fileNameOf } from "./file-name.ts";
import { balancesByKind, checkTotals, type Manifest, periodFacts, type Totals } from "./manifest.ts";
import { copySql, totalsSql } from "./reports.ts";
import { type MadeFile, type WriteWorksheet, worksheetOf } from "./worksheet.ts";

export interface MakeExportsPorts {
  readonly db: Knex;
  /** Reads that take long, in a pool of their own. */
  readonly readDb: Knex;
  readonly clock: Pick<Clock, "elapsedMs">;
  /** Lets whoever waits for an answer go first: is the machine quiet, and a rest after each piece while it is not. */
  readonly spare: { readonly isQuiet: () => Promise<boolean>; readonly yield: () => Promise<void> };
  readonly folder: ExportFolder;
  readonly writeWorksheet: WriteWorksheet;
  /** More rows than that are refused as a worksheet. */
  readonly worksheetRowsMax: bigint;
  readonly announceChanged: (id: string) => void;
  readonly onError: (error: unknown, id: string) => void;
}

const attemptsMax = 3;
/** Tries, with those whose maker died: a file that takes its maker down must not do so for ever, nor keep the others waiting. */
const takesMax = 6;
const keptDays = 7;
const tellEveryMs = 500;
const byteOrderMark = Buffer.from("\u{feff}");
const lineEnd = 0x0a;

/**
 * Makes the files that were asked for, one after the other; one process of the installation does it at a time. Each is written from
 * one snapshot under a name of its own try, and the row says that it is there only when it is whole and its totals agree; so a maker
 * may be killed anywhere: the next one begins the file anew. Returns how many were made; ends at the first that fails, which is tried again.
 */
export async function makeExports(ports: MakeExportsPorts): Promise<number> {
  for (let made = 0; ; made += 1) {
    const asked = await takeNext(ports.db);
    if (asked === null) return made;
    ports.announceChanged(asked.id);
    try {
      await makeOne(ports, asked);
    } catch (error) {
      if (error instanceof Hopeless) await writeFailed(ports.db, asked, error.message);
      else if (!(error instanceof GivenUp)) {
        ports.onError(error, asked.id);
        if (asked.attempts < attemptsMax) await writeQueued(ports.db, asked);
        else await writeFailed(ports.db, asked, "It could not be made; the server's log says why.");
        return made;
      }
      await ports.folder.remove(asked.id, { only: asked.attempts });
    } finally {
      ports.announceChanged(asked.id);
    }
  }
}

/** It was cancelled, or another process makes it: nobody waits for this file. */
class GivenUp extends Error {}

/** That does not change by trying again. */
class Hopeless extends Error {}

async function makeOne(ports: MakeExportsPorts, asked: ExportRow): Promise<void> {
  const { db, readDb, folder, spare, announceChanged } = ports;
  if (asked.attempts > takesMax) throw new Hopeless(`Its maker ended ${takesMax} times before it was whole.`);
  const isAlone = await spare.isQuiet();
  const make = async (reader: SnapshotReader) => {
    const facts = await figuresOf(reader, asked);
    const total = facts.totals.reduce((sum, { rows }) => sum + BigInt(rows), 0n);
    const tell = async (done: bigint): Promise<void> => {
      if (!(await writeProgress(db, asked, { done, total }))) throw new GivenUp();
      announceChanged(asked.id);
    };
    await tell(0n);
    const write = asked.profile === "worksheet" ? writeSheet : writeCsv;
    const made = await write(ports, reader, asked, { total, tell });
    assert(made.rows === total, `${made.rows} rows were written, ${total} were counted`);
    return { manifest: manifestOf(asked, facts, made), file: made };
  };
  const { manifest, file } = await inSnapshot(readDb, make, { isAlone });
  await folder.writeManifest(asked, `${JSON.stringify(manifest, null, 2)}\n`);
  if (!(await writeSucceeded(db, asked, file, keptDays))) throw new GivenUp();
  await folder.remove(asked.id, { but: asked.attempts });
}

interface Progress {
  readonly total: bigint;
  readonly tell: (done: bigint) => Promise<void>;
}

async function writeCsv(
  ports: MakeExportsPorts,
  reader: SnapshotReader,
  asked: ExportRow,
  { tell }: Progress,
): Promise<MadeFile> {
  const measure = measured(ports, asked.profile === "excel", tell);
  const rows = await reader.copy(copySql(asked), measure.stream, await ports.folder.open(asked));
  return { rows, bytes: measure.bytes(), sha256: measure.sha256() };
}

async function writeSheet(
  { folder, writeWorksheet, worksheetRowsMax }: MakeExportsPorts,
  reader: SnapshotReader,
  asked: ExportRow,
  { total }: Progress,
): Promise<MadeFile> {
  if (total > worksheetRowsMax)
    throw new Hopeless(
      `It has ${total} rows, a worksheet at most ${worksheetRowsMax}. Ask for CSV or a shorter period.`,
    );
  const { file, made } = await worksheetOf(reader, asked, writeWorksheet);
  await folder.writeSheet(asked, file);
  return made;
}

interface Figures extends Pick<Manifest, "totals" | "balances" | "partner" | "isClosed"> {}

async function figuresOf(reader: SnapshotReader, asked: ExportRow): Promise<Figures> {
  const totals = await reader.rows<Totals>(totalsSql(asked));
  const isOfBooks = asked.report === "ledger" || asked.report === "trial-balance";
  const balances = isOfBooks ? await balancesByKind(reader, asked) : [];
  checkTotals(asked, totals, balances);
  return { totals, balances, ...(await periodFacts(reader, asked)) };
}

function manifestOf(
  asked: ExportRow,
  { totals, balances, partner, isClosed }: Figures,
  { rows, bytes, sha256 }: MadeFile,
): Manifest {
  return {
    ...{
      version: 1,
      exportId: asked.id,
      requestedBy: asked.requested_by,
      report: asked.report,
      partner,
      book: asked.book,
    },
    ...{ fromDate: asked.from_date, toDate: asked.to_date, isClosed, profile: asked.profile },
    ...{ separator: asked.separator, timeZone: asked.time_zone },
    file: { name: fileNameOf(asked, partner), rows: rows.toString(), bytes: bytes.toString(), sha256 },
    totals,
    balances,
  };
}

/** Lets bytes through and knows their number, hash and lines; `tell` hears of the lines now and then, and may stop it. */
function measured(
  { clock, spare }: Pick<MakeExportsPorts, "clock" | "spare">,
  withMark: boolean,
  tell: (rows: bigint) => Promise<void>,
) {
  const hash = createHash("sha256");
  let bytes = 0n;
  let lines = 0;
  let toldAt = clock.elapsedMs();
  const take = (chunk: Buffer): Buffer => {
    hash.update(chunk);
    bytes += BigInt(chunk.length);
    return chunk;
  };
  const after = async (): Promise<void> => {
    await spare.yield();
    if (clock.elapsedMs() - toldAt < tellEveryMs) return;
    toldAt = clock.elapsedMs();
    // The header is a line too.
    await tell(BigInt(Math.max(0, lines - 1)));
  };
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (bytes === 0n && withMark) this.push(take(byteOrderMark));
      for (let at = chunk.indexOf(lineEnd); at !== -1; at = chunk.indexOf(lineEnd, at + 1)) lines += 1;
      this.push(take(chunk));
      after().then(() => done(), done);
    },
  });
  return { stream, bytes: () => bytes, sha256: () => hash.digest("hex") };
}
