import path from "node:path";
import knex, { type Knex } from "knex";
import { connectDatabase } from "./connect.ts";

const directory = path.resolve(import.meta.dirname, "../../../migrations");
/** Any number of processes may start at once on one database: the first migrates, the others wait for it. */
const migrationLock = 72_710_001;

/** Brings the schema up to date as its owner; returns the names of the migrations that were run. */
export async function migrate(ownerUrl: string): Promise<readonly string[]> {
  const db = knex({ client: "pg", connection: ownerUrl, pool: { min: 0, max: 3 } });
  try {
    return await db.transaction(async (lock) => {
      await lock.raw("SELECT pg_advisory_xact_lock(?)", [migrationLock]);
      return await latest(db);
    });
  } finally {
    await db.destroy();
  }
}

async function latest(db: Knex): Promise<readonly string[]> {
  const settings = { directory, extension: "ts", loadExtensions: [".ts"] };
  // A process killed in the middle leaves Knex' own lock row set; under our lock nobody else can be at it.
  await db.migrate.forceFreeMigrationsLock(settings);
  const [, names] = await db.migrate.latest(settings);
  return names;
}

/**
 * The login the server works with on the private database: a member of the application's role, owning nothing. Its
 * password is set anew at each start.
 */
export async function ensureServerLogin(ownerUrl: string, password: string): Promise<string> {
  const db = knex({ client: "pg", connection: ownerUrl, pool: { min: 0, max: 1 } });
  try {
    const { rows } = await db.raw("SELECT 1 FROM pg_roles WHERE rolname = ?", [serverLogin]);
    if (rows.length === 0) await db.raw("CREATE ROLE ?? LOGIN IN ROLE truewick_app", [serverLogin]);
    // ALTER ROLE takes no parameters, so the server itself writes the statement.
    const alter = await db.raw("SELECT format('ALTER ROLE %I PASSWORD %L', ?::text, ?::text) AS sql", [
      serverLogin,
      password,
    ]);
    await db.raw(alter.rows[0].sql);
  } finally {
    await db.destroy();
  }
  const url = new URL(ownerUrl);
  url.username = serverLogin;
  url.password = password;
  return url.toString();
}

const serverLogin = "truewick_server";

/** The owner's connection, switched to the application's role: for an existing database without a login of its own. */
export function asApplicationRole(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  url.searchParams.set("role", "truewick_app");
  return url.toString();
}

const seedLock = 72_710_002;

/** Runs `seed` while no other process does: several may start at once on one database. */
export async function seedingAlone(databaseUrl: string, seed: () => Promise<void>): Promise<void> {
  const settings = { applicationName: "truewick-seed-lock", poolMax: 1, statementTimeoutMs: 0 };
  const db = connectDatabase({ url: databaseUrl, ...settings });
  try {
    // Held by the session, which ends with the pool.
    await db.raw("SELECT set_config('lock_timeout', '0', false), pg_advisory_lock(?)", [seedLock]);
    await seed();
  } finally {
    await db.destroy();
  }
}
