import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Redis } from "ioredis";
import { type Service, startService } from "./child.ts";
import { freePort } from "./ports.ts";
import { type RedisBinary, redisBinary } from "./redis-binaries.ts";
import { commandOf, isAlive } from "./stale-postgres.ts";
import { StartError } from "./start-error.ts";

export interface EmbeddedRedis {
  readonly pid: number;
  readonly url: string;
  readonly foundAt: string;
  readonly stop: () => Promise<void>;
}

export interface RedisSettings {
  readonly dataDir: string;
  /** Where a fetched package may be unpacked. */
  readonly cacheDir: string;
  readonly password: string;
  /** False for tests: nothing is written to disk. */
  readonly durable: boolean;
  readonly say: (line: string) => void;
}

const portsTried = 5;
const startPatienceMs = 20_000;
const stopPatienceMs = 4_000;

/** Starts a private Redis on a free loopback port, with its append-only file (fsync each second) under `dataDir`. */
export async function startRedis(wanted: RedisSettings): Promise<EmbeddedRedis> {
  const binary = await redisBinary(wanted.cacheDir, wanted.say);
  const folder = path.join(wanted.dataDir, "redis");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await stopStaleRedis(folder);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const service = await run(binary, folder, port, wanted);
    const url = `redis://:${wanted.password}@127.0.0.1:${port}`;
    if (await answers(service, url))
      return {
        pid: service.pid,
        url,
        foundAt: binary.foundAt,
        stop: () => service.stop("SIGTERM", stopPatienceMs),
      };
    await service.stop("SIGKILL", stopPatienceMs);
    if (attempt === portsTried)
      throw new StartError(`The private Redis in ${folder} does not start: ${service.output().split("\n").at(-1)}`);
  }
}

/** The settings go in by standard input, so that the password is in no process list. */
function run(binary: RedisBinary, folder: string, port: number, wanted: RedisSettings): Promise<Service> {
  const settings = [
    "bind 127.0.0.1",
    `port ${port}`,
    `dir "${folder}"`,
    `pidfile "${path.join(folder, "redis.pid")}"`,
    `requirepass ${wanted.password}`,
    "maxmemory-policy noeviction",
    `save ""`,
    `appendonly ${wanted.durable ? "yes" : "no"}`,
    "appendfsync everysec",
    "daemonize no",
  ];
  const env =
    binary.libraries.length === 0 ? process.env : { ...process.env, LD_LIBRARY_PATH: binary.libraries.join(":") };
  return startService({ command: binary.program, args: ["-"], cwd: folder, env, input: `${settings.join("\n")}\n` });
}

async function answers(service: Service, url: string): Promise<boolean> {
  const deadline = Date.now() + startPatienceMs;
  while (service.isRunning() && Date.now() < deadline) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    client.on("error", () => {}); // not up yet: the next round sees
    try {
      await client.connect();
      await client.ping(); // answers an error while it still loads its file
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      client.disconnect();
    }
  }
  return false;
}

/** Stops the server a killed predecessor left on this folder: two would write one append-only file. */
async function stopStaleRedis(folder: string): Promise<void> {
  const file = path.join(folder, "redis.pid");
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8").trim());
  if (!Number.isInteger(pid) || pid <= 1 || !/(redis|valkey)/.test(commandOf(pid))) return;
  process.kill(pid, "SIGTERM");
  const deadline = Date.now() + stopPatienceMs * 2;
  while (isAlive(pid)) {
    if (Date.now() > deadline)
      throw new StartError(`A Redis server (process ${pid}) still runs on ${folder}: stop it, then start again.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
