import { createWriteStream } from "node:fs";
import path from "node:path";
import { Writable } from "node:stream";
import {
  type ExportFolder,
  exportFolder,
  makeExports,
  worksheetRowsMax,
} from "../../server/capabilities/exports/index.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { connectDatabase } from "../../server/platform/db/connect.ts";
import { writeWorksheet } from "../../server/platform/worksheet.ts";
import { noWait } from "../support/no-wait.ts";

/**
 * The scheduler's maker of exports, in a process of its own that a test may kill. It makes what waits and ends, or stands still for
 * ever at the moment that STAND_AT names, and says "stands".
 */
const { APP_URL = "", FOLDER = "", STAND_AT = "" } = process.env;
const db = connectDatabase({ url: APP_URL, applicationName: "faults", poolMax: 2, statementTimeoutMs: 30_000 });
const readDb = connectDatabase({
  ...{ url: APP_URL, applicationName: "faults-reads", poolMax: 2, statementTimeoutMs: 30_000 },
  streams: true,
});
const rowsBytes = 100_000;

/** Nothing comes after: whoever waits for it is killed. */
function stand(): Promise<never> {
  process.stdout.write("stands\n");
  return new Promise(() => setInterval(() => {}, 60_000));
}

function standing(folder: ExportFolder): ExportFolder {
  switch (STAND_AT) {
    case "amid the rows":
      return { ...folder, open: async (attempt) => halfWritten(path.join(folder.path, folder.nameOf(attempt, "csv"))) };
    case "before the worksheet":
      return { ...folder, writeSheet: stand };
    case "before the manifest":
      return { ...folder, writeManifest: stand };
    case "after the manifest":
      return { ...folder, writeManifest: (attempt, text) => folder.writeManifest(attempt, text).then(stand) };
    default:
      return folder;
  }
}

/** A file that takes its first bytes, and then nothing more. */
function halfWritten(name: string): Writable {
  const file = createWriteStream(name);
  let left = rowsBytes;
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      file.write(part, () => (left > 0 ? done() : void stand()));
    },
  });
}

let failed = 0;
await makeExports({
  ...{
    db,
    readDb,
    clock: systemClock,
    spare: noWait,
    writeWorksheet,
    worksheetRowsMax,
    folder: standing(exportFolder(FOLDER)),
  },
  announceChanged: () => {},
  onError: (error) => {
    failed += 1;
    process.stderr.write(`${error}\n`);
  },
});
await db.destroy();
await readDb.destroy();
process.exitCode = failed === 0 ? 0 : 1;
