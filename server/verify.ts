import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import type { Knex } from "knex";
import { verifyStatements } from "./capabilities/account-statements/index.ts";
import { recomputeCommissions } from "./capabilities/agents/index.ts";
import { invariants, verifyBooks } from "./capabilities/ledger/index.ts";
import { type KeptHead, rebuildBooks, verifyBookSeals, verifySeals } from "./capabilities/proofs/index.ts";
import { type Config, ConfigError, projectRoot, readConfig } from "./config.ts";
import { nodeProofCrypto } from "./node-proof-crypto.ts";
import { connectDatabase } from "./platform/db/connect.ts";
import { lockInstallation } from "./platform/embedded/installation-lock.ts";
import { cacheDirOf } from "./platform/embedded/places.ts";
import { loadSecrets } from "./platform/embedded/secrets.ts";
import { startServices } from "./platform/embedded/services.ts";
import { runningPostgres } from "./platform/embedded/stale-postgres.ts";
import { StartError } from "./platform/embedded/start-error.ts";
import { readKeptHeads } from "./platform/security/kept-heads.ts";

/**
 * `npm run verify`: checks the invariants of the books, on a running installation or on a stopped one (its database is started
 * for the look). With `--rebuild` also recomputes all of it from orders and quotes, and checks the sealed quotes. Exit 0: all hold; 1: some are broken, with the offending rows, or the books cannot be reached.
 */
const checkPatienceMs = 600_000;

try {
  process.exitCode = await verify(readConfig());
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StartError;
  process.stderr.write(`${known ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}

async function verify(config: Config): Promise<number> {
  const books = await openBooks(config);
  const db = connectDatabase({
    url: books.url,
    applicationName: "truewick-verify",
    poolMax: 1,
    statementTimeoutMs: checkPatienceMs,
  });
  try {
    const broken = await verifyBooks(db);
    for (const { invariant, says } of invariants) {
      const found = broken.find((candidate) => candidate.invariant === invariant);
      print(`${found === undefined ? "holds " : "BROKEN"}  ${invariant}: ${says}`);
      for (const row of found?.rows ?? []) print(`          ${JSON.stringify(row, bigintAsText)}`);
    }
    print(
      broken.length === 0 ? "the books are balanced" : `${broken.length} of ${invariants.length} invariants are broken`,
    );
    const isSealed = await checkSeals(db, readKeptHeads(config.dataDir));
    const isOwed = await recompute(db);
    const isStated = await checkStatements(db);
    const isRebuilt = !process.argv.includes("--rebuild") || (await rebuild(db));
    return broken.length === 0 && isSealed && isOwed && isStated && isRebuilt ? 0 : 1;
  } finally {
    await db.destroy();
    await books.close();
  }
}

/** Whether journal and audit log are byte by byte what was sealed, and the chain the one that was written down beside the database. */
async function checkSeals(db: Knex, kept: readonly KeptHead[]): Promise<boolean> {
  const { blocks, rows, faults } = await verifyBookSeals(db, nodeProofCrypto, kept);
  print(
    `${faults.length === 0 ? "holds " : "BROKEN"}  sealed books: ${rows} rows in ${blocks} blocks, ${kept.length} heads kept.`,
  );
  for (const fault of faults) print(`          ${fault}`);
  return faults.length === 0;
}

/** Computes all commissions again; whether those stored are the same. */
async function recompute(db: Knex): Promise<boolean> {
  const { fills, differing, differences } = await recomputeCommissions(db);
  print(
    `${differing === 0 ? "holds " : "BROKEN"}  commissions: ${fills} fills recomputed from orders, agents and plans.`,
  );
  for (const { fillId, stored, recomputed } of differences)
    print(`          fill ${fillId}: stored is ${stored}; recomputed ${recomputed}`);
  return differing === 0;
}

/** Whether each account's statements are those that journal, snapshots, fills and settlement marks make. */
async function checkStatements(db: Knex): Promise<boolean> {
  const { statements, faults } = await verifyStatements(db);
  print(`${faults.length === 0 ? "holds " : "BROKEN"}  statements: ${statements} of accounts recomputed.`);
  for (const { bookDate, accountId, says } of faults) print(`          ${bookDate}, account ${accountId}: ${says}`);
  return faults.length === 0;
}

/** Tells what was recomputed, what could not be, and what differs; whether nothing does. */
async function rebuild(db: Knex): Promise<boolean> {
  const seals = await verifySeals(db, nodeProofCrypto);
  print(
    `${seals.faults.length === 0 ? "holds " : "BROKEN"}  sealed quotes: ${seals.quotes} quotes in ${seals.blocks} blocks.`,
  );
  for (const fault of seals.faults) print(`          ${fault}`);
  const books = await rebuildBooks(db);
  const isEqual = books.accountsDiffering === 0;
  print(
    `${isEqual ? "holds " : "BROKEN"}  rebuild: ${books.orders} filled orders of ${books.accounts} accounts recomputed, ${books.triggersChecked} triggers tried again.`,
  );
  if (books.triggersSwept > 0)
    print(
      `          ${books.triggersSwept} triggers cannot be tried again: quotes they waited through are no longer kept.`,
    );
  for (const { accountId, row, what, stored, recomputed } of books.differences)
    print(`          account ${accountId}, ${row}: ${what} is ${stored}, recomputed ${recomputed}`);
  if (!isEqual) print(`          the first differing row of each of ${books.accountsDiffering} accounts`);
  return isEqual && seals.faults.length === 0;
}

/** The existing database, the running private one, or the stopped private one, started for the while. */
async function openBooks(config: Config): Promise<{ url: string; close: () => Promise<void> }> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, close: async () => {} };
  const place = path.join(config.dataDir, "postgres");
  if (!existsSync(place))
    throw new StartError(
      `There is no installation in ${config.dataDir}: run npm start first, or set DATA_DIR or DATABASE_URL.`,
    );
  const secrets = loadSecrets(config.dataDir);
  const running = runningPostgres(realpathSync(place));
  if (running !== null)
    return {
      url: `postgres://postgres:${secrets.postgresOwner}@127.0.0.1:${running.port}/postgres`,
      close: async () => {},
    };
  const unlock = lockInstallation(config.dataDir);
  const services = await startServices({
    dataDir: config.dataDir,
    cacheDir: cacheDirOf(projectRoot, config.dataDir),
    secrets,
    postgres: true,
    redis: false,
    durable: true,
    maxConnections: 20,
    say: print,
  }).catch((error) => {
    unlock();
    throw error;
  });
  return {
    url: services.postgres?.ownerUrl ?? "",
    close: async () => {
      await services.stop();
      unlock();
    },
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
