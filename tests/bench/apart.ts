import { readFileSync } from "node:fs";
import { freePort } from "../../server/platform/embedded/ports.ts";
import { aDataDir, type Started, startInstallation } from "../runtime/installation.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

export type Part = "api" | "worker" | "feed";

/** What a process has used so far. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly residentMiB: number;
}

/** An installation whose api, worker and feed (with the scheduler) are processes of their own, as production runs them. */
export interface ApartInstallation {
  readonly url: string;
  readonly database: TestDatabase;
  readonly usage: (part: Part) => Usage;
  readonly stop: () => Promise<void>;
}

/** Clock ticks a second of /proc/<pid>/stat; 100 on every Linux. */
const ticksPerSecond = 100;

export async function startApart(redisUrl: string): Promise<ApartInstallation> {
  const database = await testDatabase();
  const shared = { DATABASE_URL: database.ownerUrl, REDIS_URL: redisUrl, DATA_DIR: aDataDir(), DEMO: "1" };
  const parts: Partial<Record<Part, Started>> = {};
  const stop = async (): Promise<void> => {
    const running = Object.values(parts);
    for (const { child } of running) child.kill("SIGTERM");
    await Promise.all(running.map(({ exited }) => exited));
    await database.drop();
  };
  const pidOf = (part: Part): number => {
    const pid = parts[part]?.child.pid;
    if (pid === undefined) throw new Error(`${part} does not run`);
    return pid;
  };
  try {
    parts.api = startInstallation({ ...shared, ROLES: "api", PORT: String(await freePort()) });
    parts.feed = startInstallation({ ...shared, ROLES: "feed,scheduler" });
    await parts.api.said("ready ");
    parts.worker = startInstallation({ ...shared, ROLES: "worker" });
    return { url: parts.api.url, database, usage: (part) => usageOf(pidOf(part)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function usageOf(pid: number): Usage {
  const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const [user, system] = fields.split(" ").slice(11, 13).map(Number);
  const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return { cpuSeconds: ((user ?? 0) + (system ?? 0)) / ticksPerSecond, residentMiB: Number(resident) / 1_024 };
}
