import { mkdirSync } from "node:fs";
import { guardServers } from "./guard.ts";
import { type EmbeddedPostgres, startPostgres } from "./postgres.ts";
import { type EmbeddedRedis, startRedis } from "./redis.ts";
import type { Secrets } from "./secrets.ts";

export interface ServicesWanted {
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly secrets: Secrets;
  readonly postgres: boolean;
  readonly redis: boolean;
  /** Tests give up durability for speed. */
  readonly durable: boolean;
  readonly maxConnections: number;
  readonly say: (line: string) => void;
}

export interface Services {
  readonly postgres: EmbeddedPostgres | null;
  readonly redis: EmbeddedRedis | null;
  readonly stop: () => Promise<void>;
}

const unsafeButFast = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/** Starts the private servers that are wanted; when one fails, the others are stopped before the error goes on. */
export async function startServices(wanted: ServicesWanted): Promise<Services> {
  mkdirSync(wanted.dataDir, { recursive: true });
  const [postgres, redis] = await Promise.allSettled([
    wanted.postgres ? startPostgres(postgresSettings(wanted)) : null,
    wanted.redis ? startRedis({ ...wanted, password: wanted.secrets.redis }) : null,
  ]);
  const running = [postgres, redis].flatMap((start) =>
    start.status === "fulfilled" && start.value ? [start.value] : [],
  );
  for (const start of [postgres, redis])
    if (start.status === "rejected") {
      await Promise.all(running.map((server) => server.stop()));
      throw start.reason;
    }
  const guard = guardServers(running.map((server) => server.pid));
  return {
    postgres: postgres.status === "fulfilled" ? postgres.value : null,
    redis: redis.status === "fulfilled" ? redis.value : null,
    stop: async () => {
      await Promise.all(running.map((server) => server.stop()));
      guard.dismiss();
    },
  };
}

function postgresSettings(wanted: ServicesWanted): Parameters<typeof startPostgres>[0] {
  return {
    dataDir: wanted.dataDir,
    ownerPassword: wanted.secrets.postgresOwner,
    settings: {
      max_connections: String(wanted.maxConnections),
      shared_buffers: "128MB",
      ...(wanted.durable ? {} : unsafeButFast),
    },
  };
}
