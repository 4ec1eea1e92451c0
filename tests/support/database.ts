import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import knex, { type Knex } from "knex";
import { connectDatabase } from "../../server/platform/db/connect.ts";

export interface TestDatabase {
  /** As the application role: what the server may do. */
  readonly app: Knex;
  /** As the owner: what a superuser could do. Only for looking and for tampering in tests. */
  readonly owner: Knex;
  /** As the application role, for lists and exports: results may be streamed. */
  readonly reads: Knex;
  readonly appUrl: string;
  readonly ownerUrl: string;
  readonly drop: () => Promise<void>;
}

const cluster = process.env.DATABASE_URL ?? "";

/** A fresh, migrated database on the test cluster, dropped by `drop()`; a copy of `of`, where that is given. */
export async function testDatabase(of?: string): Promise<TestDatabase> {
  if (cluster === "") throw new Error("DATABASE_URL is not set: run the tests with `npm test`");
  const template = of ?? process.env.TEST_TEMPLATE ?? prepareInOwnProcess();
  const name = `truewick_test_${randomBytes(6).toString("hex")}`;
  const admin = knex({ client: "pg", connection: cluster, pool: { min: 0, max: 1 } });
  await admin.raw("CREATE DATABASE ?? TEMPLATE ??", [name, template]);
  const ownerUrl = urlOf(name, null);
  const appUrl = urlOf(name, "truewick_app");
  const app = connectDatabase({
    url: appUrl,
    applicationName: "truewick-test",
    poolMax: 8,
    statementTimeoutMs: 30_000,
  });
  const reads = connectDatabase({
    url: appUrl,
    applicationName: "truewick-test-reads",
    poolMax: 4,
    statementTimeoutMs: 30_000,
    streams: true,
  });
  const owner = connectDatabase({
    url: ownerUrl,
    applicationName: "truewick-test-owner",
    poolMax: 4,
    statementTimeoutMs: 30_000,
  });
  return {
    app,
    owner,
    reads,
    appUrl,
    ownerUrl,
    drop: async () => {
      await app.destroy();
      await owner.destroy();
      await reads.destroy();
      await admin.raw("DROP DATABASE IF EXISTS ?? WITH (FORCE)", [name]);
      await admin.destroy();
    },
  };
}

function urlOf(database: string, role: string | null): string {
  const url = new URL(cluster);
  url.pathname = `/${database}`;
  if (role !== null) url.searchParams.set("role", role);
  return url.toString();
}

function prepareInOwnProcess(): string {
  const script = path.resolve(import.meta.dirname, "prepare.ts");
  return execFileSync(process.execPath, ["--import", "tsx", script], { encoding: "utf8" }).trim();
}
