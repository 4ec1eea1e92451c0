import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import knex from "knex";
import { projectRoot } from "../../server/config.ts";
import { cacheDirOf } from "../../server/platform/embedded/places.ts";
import { loadSecrets } from "../../server/platform/embedded/secrets.ts";
import { startServices } from "../../server/platform/embedded/services.ts";
import { pgbenchTpcB } from "./pgbench.ts";
import { table, writeReport } from "./report.ts";
import type { BenchContext, Benchmark, Row } from "./row.ts";

/**
 * `npm run bench [-- NAME…]`: starts a durable PostgreSQL and a Redis of its own (or uses DATABASE_URL and REDIS_URL), measures,
 * prints the table and writes DATA_DIR/bench.json. The exit code says whether it ran, not whether targets were met.
 */
const seed = Number(process.env.BENCH_SEED ?? 20_261_122);
const dataDir = path.resolve(projectRoot, process.env.DATA_DIR || ".data");
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const folder = mkdtempSync(path.join(os.tmpdir(), "truewick-bench-"));
chmodSync(folder, 0o711); // root's PostgreSQL runs as another user, who must walk through
const services = await startServices({
  dataDir: folder,
  cacheDir: cacheDirOf(projectRoot, path.join(os.tmpdir(), "truewick-cache")),
  secrets: loadSecrets(folder),
  postgres: !process.env.DATABASE_URL,
  redis: !process.env.REDIS_URL,
  durable: true,
  maxConnections: 200,
  say,
});
process.env.DATABASE_URL ||= services.postgres?.ownerUrl;
process.env.REDIS_URL ||= services.redis?.url;

try {
  process.exitCode = await main(process.argv.slice(2));
} finally {
  await services.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

async function main(names: readonly string[]): Promise<number> {
  const benchmarks = await allBenchmarks(); // they read DATABASE_URL when they are loaded
  const unknown = names.filter((name) => !benchmarks.some(({ rows }) => rows.includes(name)));
  if (unknown.length > 0) {
    say(`There is no benchmark ${unknown.join(", ")}; there are ${benchmarks.flatMap(({ rows }) => rows).join(", ")}.`);
    return 1;
  }
  const context = contextOf(process.env.DATABASE_URL ?? "", process.env.REDIS_URL ?? "");
  const rows: Row[] = [];
  for (const benchmark of benchmarks) {
    if (names.length > 0 && !names.some((name) => benchmark.rows.includes(name))) continue;
    say(`\n${benchmark.rows.join(", ")}`);
    rows.push(...(await benchmark.run(context)));
  }
  const versions = await versionsOf(context.clusterUrl);
  const file = writeReport(dataDir, seed, rows, versions);
  say(`\n${table(rows)}\n\nseed ${seed}, ${JSON.stringify(versions)}\nwritten to ${file}`);
  return 0;
}

async function allBenchmarks(): Promise<readonly Benchmark[]> {
  const { settle } = await import("./rows/settle.ts");
  const { queue } = await import("./rows/queue.ts");
  const { instrumentsRow } = await import("./rows/instruments.ts");
  const { push } = await import("./rows/push.ts");
  const { triggerTick } = await import("./rows/trigger-tick.ts");
  const { stopOut } = await import("./rows/stop-out.ts");
  const { lossWatchRow } = await import("./rows/loss-watch.ts");
  const { exposureDesk } = await import("./rows/exposure-desk.ts");
  const { listDepth } = await import("./rows/list-depth.ts");
  const { fundFlowPages } = await import("./rows/fund-flow.ts");
  const { close } = await import("./rows/close.ts");
  const { e2eOrders } = await import("./rows/e2e-orders.ts");
  const { confirm5000 } = await import("./rows/confirm-5000.ts");
  const { burst } = await import("./rows/burst.ts");
  const { exportOrders } = await import("./rows/export-orders.ts");
  const { csv1m } = await import("./rows/csv-1m.ts");
  const { links } = await import("./rows/links.ts");
  const { risk } = await import("./rows/risk.ts");
  const { whatIf } = await import("./rows/what-if.ts");
  const { memory } = await import("./rows/memory.ts");
  return [
    settle,
    queue,
    instrumentsRow,
    e2eOrders,
    confirm5000,
    burst,
    push,
    triggerTick,
    stopOut,
    lossWatchRow,
    exposureDesk,
    close,
    listDepth,
    fundFlowPages,
    csv1m,
    exportOrders,
    links,
    risk,
    whatIf,
    memory,
  ];
}

/** The yardstick is measured when the first row asks for it, once. */
function contextOf(clusterUrl: string, redisUrl: string): BenchContext {
  let yardstick: Promise<number | null> | undefined;
  return {
    seed,
    clusterUrl,
    redisUrl,
    say,
    tpcB: () => {
      yardstick ??= pgbenchTpcB(clusterUrl, say);
      return yardstick;
    },
  };
}

async function versionsOf(clusterUrl: string): Promise<Record<string, string>> {
  const db = knex({ client: "pg", connection: clusterUrl, pool: { min: 0, max: 1 } });
  try {
    const { rows } = await db.raw(
      "SELECT current_setting('server_version') AS postgres, current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit",
    );
    const [{ postgres, fsync, commit }] = rows;
    return { node: process.version, postgres, fsync, synchronous_commit: commit };
  } finally {
    await db.destroy();
  }
}
