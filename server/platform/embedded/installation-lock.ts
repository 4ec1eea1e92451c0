import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { commandOf, isAlive } from "./stale-postgres.ts";
import { StartError } from "./start-error.ts";

/**
 * Lets one process at a time run the private services of `dataDir`: a second one would stop the first one's database as a
 * leftover. A lock whose owner has died is taken over. Returns the release.
 */
export function lockInstallation(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, "truewick.pid");
  const holder = holderOf(file);
  if (holder !== null)
    throw new StartError(
      `Truewick already runs on ${dataDir} (process ${holder}): stop it first, or set DATA_DIR to another folder.`,
    );
  writeFileSync(file, `${process.pid}\n`);
  return () => rmSync(file, { force: true });
}

/** The living process that holds the lock; its command is looked at, because process ids are used again. */
function holderOf(file: string): number | null {
  const pid = Number(readTextIfThere(file).trim());
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid || !isAlive(pid)) return null;
  return /node|npm|truewick/.test(commandOf(pid)) ? pid : null;
}

function readTextIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
