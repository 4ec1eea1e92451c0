import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import knex from "knex";
import { seedDemo } from "../../seeds/index.ts";

/**
 * Makes the migrated template database that every test database is copied from, and prints its name. The name carries a
 * hash of the migrations, so a changed migration makes a new template. Needs DATABASE_URL (the owner of the cluster).
 */
const migrations = path.resolve(import.meta.dirname, "../../migrations");
const owner = process.env.DATABASE_URL ?? "";

export function templateName(): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(migrations).sort())
    hash.update(file).update(readFileSync(path.join(migrations, file)));
  return `truewick_template_${hash.digest("hex").slice(0, 12)}`;
}

export async function prepareTemplate(): Promise<string> {
  const name = templateName();
  const admin = knex({ client: "pg", connection: owner, pool: { min: 0, max: 1 } });
  try {
    await admin.raw("SELECT pg_advisory_lock(7271)");
    const { rows } = await admin.raw("SELECT 1 FROM pg_database WHERE datname = ?", [name]);
    if (rows.length === 0) {
      const building = `${name}_new`;
      await admin.raw("DROP DATABASE IF EXISTS ??", [building]);
      await admin.raw("CREATE DATABASE ??", [building]);
      await migrate(building);
      await admin.raw("ALTER DATABASE ?? RENAME TO ??", [building, name]);
    }
  } finally {
    await admin.destroy();
  }
  return name;
}

/**
 * Makes the demo once, in a database that those of whole servers are copied from; its logins are put into `folder`. A server that starts on a
 * copy finds the demo complete, which it looks at all the same.
 */
export async function prepareDemo(template: string, folder: string): Promise<string> {
  const name = `${template}_demo_${randomBytes(4).toString("hex")}`;
  const admin = knex({ client: "pg", connection: owner, pool: { min: 0, max: 1 } });
  try {
    await admin.raw("CREATE DATABASE ?? TEMPLATE ??", [name, template]);
  } finally {
    await admin.destroy();
  }
  const url = new URL(owner);
  url.pathname = `/${name}`;
  url.searchParams.set("role", "truewick_app");
  await seedDemo({ databaseUrl: url.toString(), dataDir: folder, port: demoPort, say: () => {} });
  return name;
}

/** No server listens there: each adds the origins of its own. */
const demoPort = 8080;

async function migrate(database: string): Promise<void> {
  const url = new URL(owner);
  url.pathname = `/${database}`;
  const db = knex({ client: "pg", connection: url.toString(), pool: { min: 0, max: 1 } });
  try {
    await db.migrate.latest({ directory: migrations, extension: "ts", loadExtensions: [".ts"] });
  } finally {
    await db.destroy();
  }
}

if (process.argv[1] === import.meta.filename) process.stdout.write(`${await prepareTemplate()}\n`);
