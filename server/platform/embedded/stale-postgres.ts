import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { StartError } from "./start-error.ts";

const stopPatienceMs = 10_000;

/** Where a PostgreSQL server runs on this data directory, by its own lock file; null when none does. */
export function runningPostgres(place: string): { pid: number; port: number } | null {
  const file = path.join(place, "postmaster.pid");
  if (!existsSync(file)) return null;
  const [pid, , , port] = readFileSync(file, "utf8").split("\n");
  if (pid === undefined || port === undefined || !isPostgres(Number(pid))) return null;
  return { pid: Number(pid), port: Number(port) };
}

/** Stops the server that a killed predecessor left on our own data directory. Nothing else is ever stopped. */
export async function stopStalePostgres(place: string): Promise<void> {
  const stale = runningPostgres(place);
  if (stale === null) return;
  process.kill(stale.pid, "SIGINT");
  const deadline = Date.now() + stopPatienceMs;
  while (isAlive(stale.pid)) {
    if (Date.now() > deadline)
      throw new StartError(
        `A PostgreSQL server (process ${stale.pid}) still runs on ${place}: stop it, then start again.`,
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Dead, but nobody has asked for its exit code: in a container whose first process never does, it stays so for ever. */
function isZombie(pid: number): boolean {
  if (process.platform !== "linux") return false;
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true; // gone in between
  }
}

/** Process ids are used again; a lock file left by a crash may name anyone. */
function isPostgres(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return false;
  return commandOf(pid).includes("postgres");
}

export function commandOf(pid: number): string {
  if (process.platform === "linux") {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    } catch {
      return "";
    }
  }
  return spawnSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" }).stdout;
}
