import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pg from "pg";
import { seedReferenceData } from "../../seeds/index.ts";
import { until } from "../support/until.ts";
import { type Foundation, layFoundation } from "./runner/foundation.ts";
import { type Supervised, supervise } from "./runner/processes.ts";

/** F11, F12: PostgreSQL of its own, restarted and killed under processes that have nothing to do. */
const patienceMs = 180_000;

let foundation: Foundation;
beforeAll(async () => {
  foundation = await layFoundation(Math.random);
  await seedReferenceData({ databaseUrl: foundation.appUrl(), say: () => {} });
}, patienceMs);
afterAll(() => foundation.stop(), patienceMs);

async function launch(roles: string): Promise<Supervised> {
  const wires = await foundation.wires();
  const env = { DATABASE_URL: wires.databaseUrl, REDIS_URL: wires.redisUrl, DATA_DIR: foundation.dataDir };
  const process = supervise({
    name: roles,
    script: "server/main.ts",
    env: { ...env, DEMO: "0", LOG_LEVEL: "fatal", ROLES: roles },
    readyAt: /^runs /m,
  });
  await process.ready();
  return process;
}

/** Sessions that hold a session-level lock of this many: leaders. None while the server is not back. */
async function leaders(): Promise<number> {
  const client = new pg.Client({ connectionString: foundation.ownerUrl() });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query(
      "SELECT count(DISTINCT pid)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND granted AND NOT fastpath",
    );
    return rows[0].n;
  } catch {
    return 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}

test(
  "a scheduler and a worker lead again after PostgreSQL was restarted and killed, and stop in order",
  async () => {
    const processes = await Promise.all([launch("scheduler"), launch("worker")]);
    try {
      await until(leaders, (count) => count > 0);
      await foundation.postgres.stop();
      await foundation.postgres.start();
      await until(leaders, (count) => count > 0);
      await foundation.postgres.killHard();
      await foundation.postgres.start();
      await until(leaders, (count) => count > 0);
      for (const process of processes) {
        expect(process.unexpected).toEqual([]);
        expect((await process.restart()).code).toBe(0);
      }
    } finally {
      await Promise.all(processes.map((process) => process.stop()));
    }
  },
  patienceMs,
);
