import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { RedisBinary } from "./redis-binaries.ts";

const run = promisify(execFile);
const timeoutMs = 120_000;
/** The C library and its loader must be the system's own; everything else the package names may come along. */
const systemsOwn = /^(libc6|libgcc-s1|libc-bin)$/;

/**
 * Debian's (or Ubuntu's) Redis without installing anything and without root: apt works on lists and a cache of our own,
 * the packages are unpacked under `cacheDir`. Returns the reason when that is not possible here.
 */
export async function unpackedRedis(
  aptGet: string,
  cacheDir: string,
  say: (line: string) => void,
): Promise<RedisBinary | string> {
  const root = path.join(cacheDir, "redis");
  try {
    if (!existsSync(root)) {
      say("no redis-server on this machine: unpacking the distribution's package into the cache (a few MB, once) …");
      await unpack(aptGet, cacheDir, root);
    }
    const binary: RedisBinary = {
      program: path.join(root, "usr/bin/redis-server"),
      libraries: libraryFolders(root),
      foundAt: root,
    };
    await run(binary.program, ["--version"], { env: { LD_LIBRARY_PATH: binary.libraries.join(":") } });
    return binary;
  } catch (error) {
    rmSync(root, { recursive: true, force: true }); // the next start tries afresh
    return `fetching it with apt-get failed: ${lastLine(error)}`;
  }
}

async function unpack(aptGet: string, cacheDir: string, root: string): Promise<void> {
  const work = path.join(cacheDir, `apt-${process.pid}`);
  try {
    for (const folder of ["lists/partial", "cache/archives/partial", "debs", "root"])
      mkdirSync(path.join(work, folder), { recursive: true });
    const options = aptOptions(work);
    await run(aptGet, [...options, "-qq", "update"], { timeout: timeoutMs });
    const packages = await packagesNeeded(path.join(path.dirname(aptGet), "apt-cache"), options);
    await run(aptGet, [...options, "-qq", "download", ...packages], {
      cwd: path.join(work, "debs"),
      timeout: timeoutMs,
    });
    for (const deb of readdirSync(path.join(work, "debs")))
      await run("dpkg", ["-x", path.join(work, "debs", deb), path.join(work, "root")], { timeout: timeoutMs });
    renameSync(path.join(work, "root"), root);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function aptOptions(work: string): string[] {
  const settings = {
    "Dir::State::lists": path.join(work, "lists"),
    "Dir::Cache": path.join(work, "cache"),
    "APT::Sandbox::User": "",
    "Debug::NoLocking": "1",
    "Acquire::Languages": "none",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

/** The two packages and the libraries they name; names differ between releases (libssl3, libssl3t64), so apt is asked. */
async function packagesNeeded(aptCache: string, options: readonly string[]): Promise<string[]> {
  const wanted = ["redis-server", "redis-tools"];
  const important = [
    "--no-recommends",
    "--no-suggests",
    "--no-conflicts",
    "--no-breaks",
    "--no-replaces",
    "--no-enhances",
  ];
  const { stdout } = await run(aptCache, [...options, "depends", ...important, ...wanted], { timeout: timeoutMs });
  const named = [...stdout.matchAll(/^\s+(?:Pre)?Depends: (lib[a-z0-9.+-]+)$/gm)].flatMap((match) => match[1] ?? []);
  return [...new Set([...wanted, ...named.filter((name) => !systemsOwn.test(name))])];
}

/** Every folder of the unpacked tree that holds shared libraries (usr/lib/<architecture> and the like). */
function libraryFolders(root: string): string[] {
  return ["usr/lib", "lib"].flatMap((base) => {
    const folder = path.join(root, base);
    if (!existsSync(folder)) return [];
    const inside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [folder, ...inside.map((entry) => path.join(folder, entry.name))];
  });
}

function lastLine(error: unknown): string {
  const said = (error as { stderr?: string }).stderr?.trim() || String(error);
  return said.split("\n").at(-1) ?? "";
}
