import type { Config } from "./config.ts";
import { projectRoot } from "./config.ts";
import { asApplicationRole, ensureServerLogin, migrate } from "./platform/db/migrate.ts";
import { lockInstallation } from "./platform/embedded/installation-lock.ts";
import { cacheDirOf } from "./platform/embedded/places.ts";
import { loadSecrets } from "./platform/embedded/secrets.ts";
import { type Services, startServices } from "./platform/embedded/services.ts";
import { StartError } from "./platform/embedded/start-error.ts";

/** What the roles stand on: a migrated database and a Redis, ours or existing ones. */
export interface Foundation {
  /** The application's own connection. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly stop: () => Promise<void>;
}

const maxConnections = 200;

export async function layFoundation(config: Config, say: (line: string) => void): Promise<Foundation> {
  const ownsServices = config.databaseUrl === null || config.redisUrl === null;
  const unlock = ownsServices ? lockInstallation(config.dataDir) : () => {};
  let services: Services | null = null;
  try {
    if (ownsServices) services = await startOwn(config, say);
    const databaseUrl = await prepareDatabase(config, services, say);
    const redisUrl = config.redisUrl ?? services?.redis?.url;
    if (redisUrl === undefined) throw new Error("no Redis was started");
    return {
      databaseUrl,
      redisUrl,
      stop: async () => {
        await services?.stop();
        unlock();
      },
    };
  } catch (error) {
    await services?.stop();
    unlock();
    throw error;
  }
}

async function startOwn(config: Config, say: (line: string) => void): Promise<Services> {
  const names = [config.databaseUrl === null ? "PostgreSQL" : "", config.redisUrl === null ? "Redis" : ""];
  say(`starting private ${names.filter(Boolean).join(" and ")} in ${config.dataDir} …`);
  const services = await startServices({
    dataDir: config.dataDir,
    cacheDir: cacheDirOf(projectRoot, config.dataDir),
    secrets: loadSecrets(config.dataDir),
    postgres: config.databaseUrl === null,
    redis: config.redisUrl === null,
    durable: true,
    maxConnections,
    say,
  });
  if (services.postgres) say(`PostgreSQL listens on 127.0.0.1:${services.postgres.port}`);
  if (services.redis) say(`Redis (${services.redis.foundAt}) listens on ${new URL(services.redis.url).host}`);
  return services;
}

async function prepareDatabase(
  config: Config,
  services: Services | null,
  say: (line: string) => void,
): Promise<string> {
  const ownerUrl = services?.postgres?.ownerUrl ?? config.databaseUrl;
  if (ownerUrl === null) throw new Error("no PostgreSQL was started");
  const names = await migrate(ownerUrl).catch((error: Error) => {
    if (services?.postgres) throw error;
    throw new StartError(`The database of DATABASE_URL cannot be migrated: ${error.message}`);
  });
  say(names.length === 0 ? "the schema is up to date" : `migrated the schema (${names.length} steps)`);
  if (services?.postgres) return ensureServerLogin(ownerUrl, loadSecrets(config.dataDir).postgresServer);
  return config.databaseAppUrl ?? asApplicationRole(ownerUrl);
}
