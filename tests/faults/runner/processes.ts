import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { projectRoot } from "../../../server/config.ts";
import { endsWithUs } from "../../../server/platform/embedded/child.ts";

export interface ProcessWanted {
  readonly name: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** What it prints when it is ready. */
  readonly readyAt: RegExp;
  /** Gets lines on its standard input. */
  readonly reads?: boolean;
}

/** A process of the installation under a supervisor: whatever way it ends, it is started again, until `stop`. */
export interface Supervised {
  readonly name: string;
  readonly ready: () => Promise<void>;
  readonly isReady: () => boolean;
  readonly kill: () => void;
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** SIGTERM; resolves with its exit code and the time it took, when it has ended. The supervisor starts the next. */
  readonly restart: () => Promise<{ code: number | null; ms: number }>;
  readonly write: (line: string) => void;
  readonly stop: () => Promise<void>;
  /** Ends nobody asked for, with the last words. */
  readonly unexpected: readonly string[];
  /** Resident memory in MB; null while it is down. */
  readonly pid: () => number | null;
}

const restartAfterMs = 300;
const readyPatienceMs = 120_000;
const stopPatienceMs = 12_000;
const wordsKept = 4_000;
const loader = path.join(projectRoot, "node_modules/tsx/dist/loader.mjs");

export function supervise(wanted: ProcessWanted): Supervised {
  const unexpected: string[] = [];
  let lastEnd = "it has not ended before";
  let current = launch(wanted);
  let isStopping = false;
  let asked = false;

  const watch = (run: Run): void => {
    void run.exited.then((code) => {
      const end = `${wanted.name} ended by itself with ${code}: ${run.words().trim().slice(-600)}`;
      if (!asked && !isStopping) {
        lastEnd = end;
        if (run.wasReady()) unexpected.push(end);
      }
      asked = false;
      if (isStopping) return;
      setTimeout(() => {
        if (isStopping) return;
        current = launch(wanted);
        watch(current);
      }, restartAfterMs);
    });
  };
  watch(current);

  return {
    name: wanted.name,
    unexpected,
    isReady: () => current.wasReady() && current.isRunning(),
    ready: async () => {
      const deadline = performance.now() + readyPatienceMs;
      while (!(current.wasReady() && current.isRunning())) {
        if (performance.now() > deadline)
          throw new Error(`${wanted.name} is not ready: ${current.words()} (${lastEnd})`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    kill: () => {
      asked = true;
      current.child.kill("SIGKILL");
    },
    freeze: () => void current.child.kill("SIGSTOP"),
    thaw: () => void current.child.kill("SIGCONT"),
    restart: async () => {
      asked = true;
      const began = performance.now();
      const run = current;
      run.child.kill("SIGTERM");
      const code = await run.exited;
      return { code, ms: performance.now() - began };
    },
    write: (line) => {
      if (current.wasReady() && current.isRunning()) current.child.stdin?.write(`${line}\n`);
    },
    stop: async () => {
      isStopping = true;
      current.child.kill("SIGCONT");
      current.child.kill("SIGTERM");
      const late = setTimeout(() => current.child.kill("SIGKILL"), stopPatienceMs);
      await current.exited;
      clearTimeout(late);
    },
    pid: () => (current.isRunning() ? (current.child.pid ?? null) : null),
  };
}

interface Run {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly wasReady: () => boolean;
  readonly isRunning: () => boolean;
  readonly words: () => string;
}

function launch(wanted: ProcessWanted): Run {
  const { PATH = "", LANG = "", HOME = "" } = process.env;
  const child = endsWithUs(
    spawn(process.execPath, ["--import", loader, path.join(projectRoot, wanted.script)], {
      cwd: projectRoot,
      env: { PATH, LANG, HOME, ...wanted.env },
      stdio: [wanted.reads ? "pipe" : "ignore", "pipe", "pipe"],
    }),
  );
  diesWithUs(child);
  let words = "";
  let isReady = false;
  const hear = (chunk: Buffer): void => {
    words = (words + chunk.toString()).slice(-wordsKept);
    isReady ||= wanted.readyAt.test(words);
    if (process.env.FAULTS_VERBOSE) process.stderr.write(`[${wanted.name}] ${chunk}`);
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  child.stdin?.on("error", () => {}); // it died before it read
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  return {
    child,
    exited,
    wasReady: () => isReady,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    words: () => words,
  };
}

/** A shell that waits for our end of a pipe to close and then kills the child, frozen or not: for when we are killed ourselves. */
function diesWithUs(child: ChildProcess): void {
  const shell = spawn("/bin/sh", ["-c", 'read -r word; [ "$word" = gone ] || kill -9 "$1"', "guard", `${child.pid}`], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  shell.unref();
  child.once("exit", () => shell.stdin.end("gone\n"));
}
