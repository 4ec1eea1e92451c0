import { accessSync, constants } from "node:fs";
import path from "node:path";
import { unpackedRedis } from "./redis-debian.ts";
import { StartError } from "./start-error.ts";

export interface RedisBinary {
  readonly program: string;
  /** Folders of its own libraries, for LD_LIBRARY_PATH; empty: the system's. */
  readonly libraries: readonly string[];
  readonly foundAt: string;
}

const names = ["redis-server", "valkey-server"];
const homebrew = ["/opt/homebrew/bin", "/usr/local/bin", "/home/linuxbrew/.linuxbrew/bin"];
const whereProgramsAre = (): readonly string[] => [...(process.env.PATH ?? "").split(path.delimiter), ...homebrew];

/**
 * A real Redis server, by this ladder: redis-server or valkey-server on PATH or in Homebrew's folders; Debian's or
 * Ubuntu's package unpacked (not installed) under `cacheDir`; else one sentence that says what to install.
 */
export async function redisBinary(
  cacheDir: string,
  say: (line: string) => void,
  folders: readonly string[] = whereProgramsAre(),
): Promise<RedisBinary> {
  const installed = onPath(names, folders);
  if (installed !== null) return { program: installed, libraries: [], foundAt: installed };
  const aptGet = onPath(["apt-get"], folders);
  const why = aptGet === null ? "apt-get is not there to fetch it with" : await unpackedRedis(aptGet, cacheDir, say);
  if (typeof why !== "string") return why;
  throw new StartError(
    `No Redis server was found (${why}): install one (${process.platform === "darwin" ? "brew install redis" : "the package redis-server or valkey"}), or set REDIS_URL to an existing one.`,
  );
}

/** The first of `programs` that can be executed in one of `folders`. */
export function onPath(programs: readonly string[], folders: readonly string[]): string | null {
  for (const folder of folders.filter((name) => path.isAbsolute(name)))
    for (const program of programs) {
      const file = path.join(folder, program);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not in this folder
      }
    }
  return null;
}
