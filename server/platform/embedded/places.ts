import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { canReach, type SystemUser } from "./identity.ts";

/**
 * A folder of our own that every user of the machine can enter: for what a less privileged user must reach. One that
 * belongs to somebody else is not used: programs are run from it.
 */
export function commonPlace(): string {
  const uid = process.getuid?.() ?? 0;
  for (const place of ["/var/lib/truewick", path.join(os.tmpdir(), `truewick-${uid}`)])
    try {
      mkdirSync(place, { recursive: true, mode: 0o755 });
      const found = lstatSync(place);
      if (found.isDirectory() && (process.platform === "win32" || found.uid === uid)) return place;
    } catch {
      // not ours to make: the next one
    }
  throw new Error("neither /var/lib nor the temporary folder has a place of our own");
}

/**
 * Where the PostgreSQL data of `dataDir` lives: dataDir/postgres, unless `user` cannot walk there (a checkout in root's
 * home); then a place that he can, with dataDir/postgres linking to it. What exists already is moved along.
 */
export function postgresDataPlace(dataDir: string, user: SystemUser | null): string {
  const wanted = path.join(dataDir, "postgres");
  if (isLink(wanted)) {
    if (existsSync(wanted)) return realpathSync(wanted);
    rmSync(wanted); // it links to a place that is gone
  }
  if (user === null || canReach(path.join(realpathSync(dataDir), "postgres"), user)) return wanted;
  const name = createHash("sha256").update(realpathSync(dataDir)).digest("hex").slice(0, 12);
  const place = path.join(commonPlace(), name, "postgres");
  mkdirSync(path.dirname(place), { recursive: true, mode: 0o755 });
  if (existsSync(wanted)) move(wanted, place);
  symlinkSync(place, wanted);
  return place;
}

function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** Across file systems, keeping owners and modes; the original goes only when the copy is complete. */
function move(from: string, to: string): void {
  const copied = spawnSync("cp", ["-a", from, `${to}.new`], { encoding: "utf8" });
  if (copied.status !== 0) throw new Error(`cp -a ${from} ${to}.new: ${copied.stderr}`);
  renameSync(`${to}.new`, to);
  rmSync(from, { recursive: true });
}

/** Where fetched programs are kept: the project's .cache, or the data folder when the checkout may not be written. */
export function cacheDirOf(projectRoot: string, dataDir: string): string {
  const cache = path.join(projectRoot, ".cache");
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
    return cache;
  } catch {
    return path.join(dataDir, "cache");
  }
}
