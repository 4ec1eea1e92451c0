import { type ChildProcess, spawn } from "node:child_process";
import type { SystemUser } from "./identity.ts";
import { StartError } from "./start-error.ts";

const outputKept = 8_000;

/** What we started and still runs: none of it outlives us, however we go (but for kill -9, see guard.ts). */
const ours = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of ours) child.kill("SIGKILL");
});

export function endsWithUs<Child extends ChildProcess>(child: Child): Child {
  ours.add(child);
  child.once("exit", () => ours.delete(child));
  return child;
}

export interface Service {
  readonly pid: number;
  /** The last lines it wrote, for the message when it fails. */
  readonly output: () => string;
  readonly exited: Promise<number | null>;
  readonly isRunning: () => boolean;
  /** Asks with `signal`, waits, and kills when it does not obey. */
  readonly stop: (signal: NodeJS.Signals, patienceMs: number) => Promise<void>;
}

export interface ServiceCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly user?: SystemUser | null;
  readonly input?: string;
}

/**
 * Starts a server in a process group of its own, so that Ctrl-C reaches us alone and we stop it after the drain.
 * Throws `StartError` when the program cannot be run at all.
 */
export async function startService(what: ServiceCommand): Promise<Service> {
  const child = spawn(what.command, what.args, {
    cwd: what.cwd,
    env: what.env ?? process.env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    ...(what.user ? { uid: what.user.uid, gid: what.user.gid } : {}),
  });
  endsWithUs(child);
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-outputKept);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  child.stdin.on("error", () => {}); // it died before it read; `exited` tells
  child.stdin.end(what.input ?? "");
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const pid = await started(child, what.command);
  return { pid, output: () => output.trim(), exited, ...controls(child, exited) };
}

function started(child: ChildProcess, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("spawn", () => resolve(child.pid ?? 0));
    child.once("error", (error) => reject(new StartError(`${command} cannot be run: ${error.message}.`)));
  });
}

function controls(child: ChildProcess, exited: Promise<unknown>): Pick<Service, "isRunning" | "stop"> {
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const kill = (): void => {
    if (isRunning()) child.kill("SIGKILL");
  };
  const stop = async (signal: NodeJS.Signals, patienceMs: number): Promise<void> => {
    if (!isRunning()) return;
    child.kill(signal);
    const timer = setTimeout(kill, patienceMs);
    await exited;
    clearTimeout(timer);
  };
  return { isRunning, stop };
}
