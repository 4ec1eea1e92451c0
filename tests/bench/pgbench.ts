import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import knex from "knex";
import { median } from "./row.ts";

const run = promisify(execFile);
const rounds = 3;
const secondsARound = 4;
const debianRoot = "/usr/lib/postgresql";

/**
 * The yardstick of the order path: pgbench's TPC-B-like script with 8 clients, scale 10, prepared statements, on the server
 * that the orders run on. Median of the rounds, transactions a second; null when pgbench is not on this machine.
 */
export async function pgbenchTpcB(clusterUrl: string, say: (line: string) => void): Promise<number | null> {
  const program = findPostgresProgram("pgbench");
  if (program === null) {
    say("pgbench not found (Debian: postgresql-contrib); rows that need it have no ratio");
    return null;
  }
  const url = new URL(clusterUrl);
  url.pathname = "/truewick_pgbench";
  const admin = knex({ client: "pg", connection: clusterUrl, pool: { min: 0, max: 1 } });
  try {
    await admin.raw("DROP DATABASE IF EXISTS truewick_pgbench");
    await admin.raw("CREATE DATABASE truewick_pgbench");
    await run(program, ["-i", "-q", "-s", "10", url.toString()]);
    const figures: number[] = [];
    for (let round = 0; round < rounds; round++) figures.push(await oneRound(program, url.toString()));
    say(`pgbench TPC-B, 8 clients: ${figures.map((tps) => tps.toFixed(0)).join(", ")} tps`);
    return median(figures);
  } finally {
    await admin.raw("DROP DATABASE IF EXISTS truewick_pgbench WITH (FORCE)");
    await admin.destroy();
  }
}

async function oneRound(program: string, url: string): Promise<number> {
  const { stdout } = await run(program, [
    "-n",
    "-M",
    "prepared",
    "-c",
    "8",
    "-j",
    "2",
    "-T",
    String(secondsARound),
    url,
  ]);
  const tps = /tps = ([\d.]+)/.exec(stdout)?.[1];
  if (tps === undefined) throw new Error(`pgbench printed no tps: ${stdout}`);
  return Number(tps);
}

/** A program of PostgreSQL on this machine: on the PATH, else where Debian puts it. */
export function findPostgresProgram(name: string): string | null {
  const onPath = (process.env.PATH ?? "").split(path.delimiter).map((folder) => path.join(folder, name));
  const debian = existsSync(debianRoot)
    ? readdirSync(debianRoot)
        .sort()
        .reverse()
        .map((version) => path.join(debianRoot, version, "bin", name))
    : [];
  return [...onPath, ...debian].find((file) => existsSync(file)) ?? null;
}
