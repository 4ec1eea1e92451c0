import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Redis } from "ioredis";
import { projectRoot } from "../../server/config.ts";
import { endsWithUs } from "../../server/platform/embedded/child.ts";
import { cacheDirOf } from "../../server/platform/embedded/places.ts";
import { freePort } from "../../server/platform/embedded/ports.ts";
import { redisBinary } from "../../server/platform/embedded/redis-binaries.ts";

/** A Redis of a test's own, that it may flush, kill and start again on the same port. Forgets everything when it ends. */
export interface TestRedis {
  readonly url: string;
  readonly flush: () => Promise<void>;
  /** One command, over a connection of its own. */
  readonly ask: (command: string, ...given: (string | number)[]) => Promise<unknown>;
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const startTimeoutMs = 10_000;

export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  const dir = mkdtempSync(path.join(os.tmpdir(), "truewick-redis-"));
  const url = `redis://127.0.0.1:${port}`;
  const { program, libraries } = await redisBinary(cacheDirOf(projectRoot, dir), () => undefined);
  const env = { ...process.env, ...(libraries.length > 0 ? { LD_LIBRARY_PATH: libraries.join(":") } : {}) };
  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--appendonly", "no"];
    child = endsWithUs(spawn(program, args, { env, stdio: "ignore" }));
    await answers(url);
  };
  const kill = async (): Promise<void> => {
    const gone = new Promise((resolve) => child?.once("exit", resolve));
    child?.kill("SIGKILL");
    await gone;
  };
  await start();
  return {
    url,
    start,
    kill,
    flush: async () => void (await once(url, (client) => client.flushall())),
    ask: (command, ...given) => once(url, (client) => client.call(command, ...given)),
    stop: async () => {
      if (child?.exitCode === null && child.signalCode === null) await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  for (;;) {
    try {
      await once(url, (client) => client.ping());
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}

async function once<T>(url: string, ask: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, {
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    lazyConnect: true,
    // A connection that failed keeps a timer for so long, and with it the process.
    disconnectTimeout: 20,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await ask(client);
  } finally {
    client.disconnect();
  }
}
