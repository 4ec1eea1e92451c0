import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { projectRoot } from "../../server/config.ts";

/** A start of the real program, as `npm start` does it, with what it says. */
export interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly output: () => string;
  readonly errors: () => string;
  /** Resolves with the line's text; rejects when the program ends before. */
  readonly said: (words: string) => Promise<void>;
  readonly exited: Promise<{ code: number | null; ms: number }>;
}

/** Node's arguments as `npm start` has them, so that what is measured is what runs; the loader by its path, for any folder. */
const startArguments = (
  JSON.parse(readFileSync(path.join(projectRoot, "package.json"), "utf8")).scripts.start as string
)
  .split(" ")
  .slice(1)
  .map((one) => (one === "tsx" ? path.join(projectRoot, "node_modules/tsx/dist/loader.mjs") : one))
  .map((one) => (one === "server/main.ts" ? path.join(projectRoot, one) : one));
const made: string[] = [];
const running = new Set<ChildProcess>();

/** A data folder that root's PostgreSQL user can walk into. */
export function aDataDir(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "truewick-runtime-"));
  chmodSync(folder, 0o711);
  made.push(folder);
  return folder;
}

export function startInstallation(
  env: Record<string, string>,
  as: (program: string, args: string[]) => [string, string[]] = (program, args) => [program, args],
): Started {
  const [program, args] = as(process.execPath, startArguments);
  const { PATH = "", LANG = "" } = process.env;
  const child = spawn(program, args, {
    cwd: projectRoot,
    env: { PATH, LANG, DEMO: "0", LOG_LEVEL: "error", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const began = performance.now();
  let [output, errors] = ["", ""];
  const listeners = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    for (const listen of listeners) listen();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const exited = new Promise<{ code: number | null; ms: number }>((resolve) => {
    child.once("close", (code) => {
      running.delete(child);
      resolve({ code, ms: performance.now() - began });
    });
  });
  const said = (words: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (output.includes(words)) resolve();
      };
      listeners.add(look);
      look();
      exited.then(() => reject(new Error(`it ended without saying "${words}":\n${output}${errors}`)), reject);
    });
  return { child, url: `http://localhost:${env.PORT}`, output: () => output, errors: () => errors, said, exited };
}

/** Process ids of the private servers of `dataDir`, by their own lock files. */
export function serversOf(dataDir: string): number[] {
  const pidIn = (file: string): number => Number.parseInt(readFileSync(path.join(dataDir, file), "utf8"), 10);
  return [pidIn("postgres/postmaster.pid"), pidIn("redis/redis.pid")];
}

export async function cleanUp(): Promise<void> {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
}
