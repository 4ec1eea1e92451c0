import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { projectRoot } from "../../../server/config.ts";
import { asApplicationRole, migrate } from "../../../server/platform/db/migrate.ts";
import { guardServers } from "../../../server/platform/embedded/guard.ts";
import { cacheDirOf } from "../../../server/platform/embedded/places.ts";
import { type EmbeddedPostgres, startPostgres } from "../../../server/platform/embedded/postgres.ts";
import { type EmbeddedRedis, startRedis } from "../../../server/platform/embedded/redis.ts";
import { StartError } from "../../../server/platform/embedded/start-error.ts";
import { type TcpProxy, tcpProxy } from "../../support/tcp-proxy.ts";

/** The wires of one process: what it knows PostgreSQL and Redis by. */
export interface Wires {
  readonly postgres: TcpProxy;
  readonly redis: TcpProxy;
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** A PostgreSQL cluster and a Redis of the run's own, as durable as an operator's, that a nemesis may kill. */
export interface Foundation {
  readonly dataDir: string;
  /** Past all wires: for looking. */
  readonly ownerUrl: () => string;
  readonly appUrl: () => string;
  readonly redisUrl: () => string;
  readonly wires: () => Promise<Wires>;
  readonly postgres: Server;
  readonly redis: Server & { readonly startEmpty: () => Promise<void> };
  readonly stop: () => Promise<void>;
}

export interface Server {
  readonly killHard: () => Promise<void>;
  /** In order, as an operator's restart does. */
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
}

const startPatienceMs = 60_000;
const password = (): string => randomUUID().replaceAll("-", "");

export async function layFoundation(chance: () => number): Promise<Foundation> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "truewick-faults-"));
  chmodSync(dataDir, 0o711); // root's PostgreSQL runs as another user, who must walk through
  // Also when we are told to stop in the middle.
  const remove = (): void => rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  process.on("exit", remove);
  const passwords = { owner: password(), redis: password() };
  const cacheDir = cacheDirOf(projectRoot, dataDir);
  const proxies: { postgres: TcpProxy; redis: TcpProxy }[] = [];
  const openPostgres = (): Promise<EmbeddedPostgres> =>
    startPostgres({ dataDir, ownerPassword: passwords.owner, settings: { max_connections: "200" } });
  const openRedis = (): Promise<EmbeddedRedis> =>
    startRedis({ dataDir, cacheDir, password: passwords.redis, durable: true, say: () => {} });
  let postgres = await openPostgres();
  let redis = await openRedis();
  let guard = guardServers([postgres.pid, redis.pid]);
  await migrate(postgres.ownerUrl);

  const moved = (): void => {
    guard.dismiss();
    guard = guardServers([postgres.pid, redis.pid]);
    for (const wire of proxies) {
      wire.postgres.retarget(postgres.port);
      wire.redis.retarget(portOf(redis.url));
    }
  };
  const through = (url: string, port: number): string => Object.assign(new URL(url), { port: String(port) }).toString();
  const startPostgresAgain = async (): Promise<void> => {
    // Backends that outlive their postmaster by a moment hold the shared memory: until they are gone it cannot start.
    postgres = await again(openPostgres);
    moved();
  };
  const startRedisAgain = async (): Promise<void> => {
    redis = await again(openRedis);
    moved();
  };
  return {
    dataDir,
    ownerUrl: () => postgres.ownerUrl,
    appUrl: () => asApplicationRole(postgres.ownerUrl),
    redisUrl: () => redis.url,
    wires: async () => {
      const wire = {
        postgres: await tcpProxy("127.0.0.1", postgres.port, chance),
        redis: await tcpProxy("127.0.0.1", portOf(redis.url), chance),
      };
      proxies.push(wire);
      return {
        ...wire,
        databaseUrl: through(postgres.ownerUrl, wire.postgres.port),
        redisUrl: through(redis.url, wire.redis.port),
      };
    },
    postgres: {
      killHard: () => killed(postgres.pid),
      stop: () => postgres.stop(),
      start: startPostgresAgain,
    },
    redis: {
      killHard: () => killed(redis.pid),
      stop: () => redis.stop(),
      start: startRedisAgain,
      startEmpty: async () => {
        const folder = path.join(dataDir, "redis");
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { mode: 0o700 });
        await startRedisAgain();
      },
    },
    stop: async () => {
      for (const wire of proxies) await Promise.all([wire.postgres.close(), wire.redis.close()]);
      await Promise.all([postgres.stop(), redis.stop()]);
      guard.dismiss();
      process.off("exit", remove);
      remove();
    },
  };
}

const portOf = (url: string): number => Number(new URL(url).port);

/** kill -9, and gone. */
async function killed(pid: number): Promise<void> {
  const gone = (): boolean => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  };
  if (!gone()) process.kill(pid, "SIGKILL");
  // A child that has died answers signals until its end has been noticed, which takes a turn of the event loop.
  while (!gone()) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function again<T>(start: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + startPatienceMs;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof StartError) || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
