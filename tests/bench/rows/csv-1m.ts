import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import type { RequestHandler } from "express";
import { pino } from "pino";
import {
  type ExportRow,
  exportFolder,
  makeExports,
  worksheetRowsMax,
} from "../../../server/capabilities/exports/index.ts";
import { copySql } from "../../../server/capabilities/exports/reports.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { createApp } from "../../../server/platform/http/app.ts";
import { closeServer, createHttpServer, listen } from "../../../server/platform/http/server.ts";
import { createMetrics } from "../../../server/platform/metrics.ts";
import { spareCpu } from "../../../server/platform/spare-cpu.ts";
import { writeWorksheet } from "../../../server/platform/worksheet.ts";
import { loadResources } from "../../../server/resources/index.ts";
import { openExports } from "../../../server/roles/exports.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { findPostgresProgram } from "../pgbench.ts";
import { absoluteRow, type Benchmark, median, ratioRow } from "../row.ts";
import { askForLedger, fillLongLedger, longLedgerRows } from "./long-ledger.ts";

const run = promisify(execFile);
const rounds = 3;
const sampleMs = 20;
const residentMax = 100;

/** A ledger of 1,000,000 rows: asked for, made, fetched over HTTP; psql's copy of the very same rows is the baseline, in turns. */
export const csv1m: Benchmark = {
  rows: ["csv-1m", "csv-1m-memory"],
  run: async ({ say }) => {
    const psql = findPostgresProgram("psql");
    const database = await testDatabase();
    const dataDir = mkdtempSync(path.join(os.tmpdir(), "truewick-bench-csv-"));
    try {
      await fillLongLedger(database);
      const [ours, theirs, grown]: [number[], number[], number[]] = [[], [], []];
      let cpu = "";
      for (let round = 0; round < rounds; round += 1) {
        const asked = await askForLedger(database);
        if (psql !== null) theirs.push(await secondsOf(() => copied(psql, database.ownerUrl, asked, dataDir)));
        const before = process.cpuUsage();
        const memory = watchMemory();
        ours.push(await secondsOf(() => exported(database, dataDir, asked.id)));
        grown.push(memory());
        const { user, system } = process.cpuUsage(before);
        cpu = `${((user + system) / 1e6).toFixed(2)} s of this process's CPU`;
      }
      const rate = (seconds: number): number => longLedgerRows / seconds;
      const told = `made and fetched in ${ours.map((s) => s.toFixed(1)).join(", ")} s, ${cpu}, resident +${Math.max(...grown).toFixed(0)} MiB`;
      say(`${told}; psql ${theirs.map((s) => s.toFixed(1)).join(", ")} s`);
      const baseline = psql === null ? null : rate(median(theirs));
      return [
        ratioRow({
          ...{ name: "csv-1m", unit: "rows/s", rounds: ours.map(rate), baseline, target: 0.8, stretch: 1 },
          note: psql === null ? `${told}; psql not found` : `${told}; control totals and hash included`,
        }),
        absoluteRow({
          ...{
            name: "csv-1m-memory",
            value: Math.max(...grown),
            unit: "MiB more resident",
            target: `< ${residentMax}`,
          },
          ...{ stretch: "", met: Math.max(...grown) < residentMax, note: "while it is made and fetched" },
        }),
      ];
    } finally {
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

const copied = (psql: string, url: string, asked: ExportRow, dir: string): Promise<unknown> =>
  run(psql, [url, "-q", "-o", path.join(dir, "psql.csv"), "-c", "SET work_mem = '64MB'", "-c", copySql(asked)]);

async function exported(database: TestDatabase, dataDir: string, id: string): Promise<void> {
  const made = await makeExports({
    ...{ db: database.app, readDb: database.reads, clock: systemClock, announceChanged: () => {} },
    spare: spareCpu(),
    ...{ writeWorksheet, worksheetRowsMax },
    folder: exportFolder(path.join(dataDir, "exports")),
    onError: (error) => {
      throw error;
    },
  });
  if (made !== 1) throw new Error(`${made} exports were made`);
  await fetched(database, dataDir, id);
}

async function fetched(database: TestDatabase, dataDir: string, id: string): Promise<void> {
  const requireStaff: RequestHandler = (_request, response, next) => {
    response.locals.staff = {
      staffId: randomUUID(),
      name: "Bench",
      role: "finance",
      locale: "en",
      tenantId: null,
      agentId: null,
    };
    next();
  };
  const shared = {
    ...{ readDb: database.reads, transact: transactor(database.app), clock: systemClock, config: { dataDir } },
  };
  const server = createHttpServer(
    createApp({
      ...{ log: pino({ level: "silent" }), metrics: createMetrics(), allowedOrigin: () => false, trustProxyHops: 0 },
      routers: [{ path: "/api/admin", router: openExports(shared, await loadResources(), requireStaff) }],
    }),
  );
  await listen(server, "127.0.0.1", 0);
  try {
    const { port } = server.address() as { port: number };
    const reply = await fetch(`http://127.0.0.1:${port}/api/admin/exports/${id}/file`);
    if (!reply.ok || reply.body === null) throw new Error(`the file was refused: ${reply.status}`);
    await pipeline(reply.body, createWriteStream("/dev/null"));
  } finally {
    await closeServer(server, 1_000);
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
}

/** Tells by how many MiB this process grew at most since it was asked to look. */
function watchMemory(): () => number {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, sampleMs);
  return () => {
    clearInterval(timer);
    return (Math.max(most, process.memoryUsage.rss()) - before) / 2 ** 20;
  };
}
