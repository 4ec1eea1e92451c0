import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const installPatienceMs = 300_000;
const runPatienceMs = 60_000;
const debians = "/usr/bin/hledger";

/** hledger, the accounting program that recomputes the books from outside: installed, or (root, with apt-get) installed now; else null. */
export function findHledger(say: (line: string) => void): string | null {
  if (existsSync(debians)) return debians;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return null;
  say("no hledger on this machine: apt-get install hledger (about 5 MB) …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [
    ["-qq", "update"],
    ["-qq", "install", "-y", "--no-install-recommends", "hledger"],
  ])
    spawnSync("apt-get", args, { env, stdio: "ignore", timeout: installPatienceMs });
  return existsSync(debians) ? debians : null;
}

/** What hledger prints for a journal on its standard input. Throws with its words when it refuses. */
export function hledger(program: string, journal: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, ["-f", "-", ...args], {
    input: journal,
    encoding: "utf8",
    env: { LANG: "C.UTF-8", PATH: "/usr/bin:/bin" },
    timeout: runPatienceMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`hledger ${args.join(" ")}: ${stderr}`);
  return stdout;
}
