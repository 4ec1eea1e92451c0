import type { Role } from "./config.ts";
import { probedGauge, probedGauges } from "./platform/metrics.ts";
import { startApi } from "./roles/api.ts";
import { startFeed } from "./roles/feed.ts";
import { quoteAges } from "./roles/health.ts";
import { startWorker } from "./roles/orders-queue.ts";
import type { RunningRole } from "./roles/role.ts";
import { startScheduler } from "./roles/scheduler.ts";
import { type Given, openShared, type Shared } from "./roles/shared.ts";
import { startTriggers } from "./roles/trigger.ts";

export interface App {
  readonly shared: Shared;
  /** In reverse order of their start: the api first stops taking orders, then the rest ends what it has. */
  readonly stop: () => Promise<void>;
}

const starters: readonly (readonly [Role, (shared: Shared) => Promise<RunningRole>])[] = [
  ["worker", startWorker],
  ["worker", startTriggers],
  ["scheduler", startScheduler],
  ["feed", startFeed],
  ["api", startApi],
];

/** Builds everything by hand and starts the roles of this process. */
export async function compose(given: Given, say: (line: string) => void): Promise<App> {
  const shared = await openShared(given);
  measure(shared);
  const running: RunningRole[] = [];
  const stop = async (): Promise<void> => {
    for (const role of running.splice(0).reverse()) await role.stop();
    await shared.close();
  };
  try {
    for (const [role, start] of starters)
      if (given.config.roles.includes(role)) {
        const started = await start(shared);
        running.push(started);
        say(`${started.name} runs`);
      }
  } catch (error) {
    await stop();
    throw error;
  }
  return { shared, stop };
}

function measure(shared: Shared): void {
  const { metrics, db } = shared;
  probedGauges(metrics, "truewick_quote_age_seconds", "Age of the newest quote.", "instrument", () =>
    quoteAges(shared),
  );
  probedGauge(metrics, "truewick_queue_jobs", "Jobs in the queue that no worker has taken yet.", async () => {
    const { waiting } = await shared.queueHealth();
    if (waiting === undefined) throw new Error("the queue does not answer");
    return waiting;
  });
  probedGauge(metrics, "truewick_outbox_rows", "Promised jobs that are not in the queue yet.", async () => {
    const { rows } = await db.raw("SELECT count(*)::int AS waiting FROM outbox");
    return rows[0].waiting;
  });
}
