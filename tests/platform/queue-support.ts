import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { pino } from "pino";
import { endsWithUs } from "../../server/platform/embedded/child.ts";
import { type JobQueue, type JobWork, openJobQueue } from "../../server/platform/queue/job-queue.ts";
import { until } from "../support/until.ts";

export const silent = pino({ level: "silent" });
export const aQueueName = (): string => `test-${randomBytes(6).toString("hex")}`;

export interface TestWorker {
  readonly queue: JobQueue;
  /** Payloads in the order they were taken. */
  readonly taken: unknown[];
}

/** A queue that takes its own jobs; `handle` may throw. */
export async function aWorker(
  url: string,
  name: string,
  handle: (payload: unknown) => Promise<void> = async () => {},
  more: Partial<JobWork> = {},
): Promise<TestWorker> {
  const taken: unknown[] = [];
  const queue = await openJobQueue(
    { url, name, log: silent },
    {
      concurrency: 5,
      handle: async (payload) => {
        taken.push(payload);
        await handle(payload);
      },
      ...more,
    },
  );
  return { queue, taken };
}

export interface OtherProcess {
  readonly child: ChildProcess;
  readonly said: (words: string) => Promise<void>;
}

/** A worker in another process (queue-worker-process.ts). */
export async function aWorkerElsewhere(url: string, name: string): Promise<OtherProcess> {
  const { NODE_OPTIONS: _jestOnly, ...environment } = process.env;
  const child = endsWithUs(
    spawn(process.execPath, ["--import", "tsx", path.resolve(import.meta.dirname, "queue-worker-process.ts")], {
      cwd: path.resolve(import.meta.dirname, "../.."),
      env: { ...environment, REDIS_URL: url, QUEUE: name },
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const said = async (words: string): Promise<void> => {
    await until(
      async () => output,
      (seen) => seen.includes(words),
    );
  };
  await said("ready");
  return { child, said };
}

export async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exit;
}
