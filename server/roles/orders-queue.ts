import { z } from "zod";
import { settleInBatches, settleJob, settleOrders } from "../capabilities/trading/index.ts";
import type { Log } from "../platform/log.ts";
import { type JobQueue, openJobQueue } from "../platform/queue/job-queue.ts";
import type { RunningRole } from "./role.ts";
import type { Shared } from "./shared.ts";

const settlePayload = z.strictObject({ orderIds: z.array(z.uuid()).min(1).max(5_000) });
/** Handlers at once. They put their orders into one settlement at a time, so there must be more of them than fit in one. */
const concurrency = 500;
/**
 * An order that could not be settled for so long is rejected and its money released: after an outage nobody wants a fill
 * at a price of long ago, and a restart must not reject what it can still fill.
 */
const maxQueueMs = 120_000;

/** The queue of accepted orders, to put ids in. */
export const openOrdersQueue = (redisUrl: string, log: Log): Promise<JobQueue> =>
  openJobQueue({ url: redisUrl, name: settleJob, log });

/** Ends the process as a bug does: with what it has in hand finished, and an exit code that makes its supervisor start it again. */
const onDead = (why: string): void => {
  setImmediate(() => {
    throw new Error(why);
  });
};

/** Role `worker`: settles accepted orders. */
export async function startWorker(shared: Shared): Promise<RunningRole> {
  const { config, log, metrics, redisUrl, transact, bus } = shared;
  const settle = settleOrders({ transact, announce: bus.publish, shard: config.workerShard, maxQueueMs });
  const settling = settleInBatches(
    async (orderIds) => {
      const done = metrics.settleSeconds.startTimer();
      const count = await settle(orderIds);
      done();
      return count;
    },
    ({ filled, rejected }) => {
      metrics.settledOrders.inc({ outcome: "filled" }, filled);
      metrics.settledOrders.inc({ outcome: "rejected" }, rejected);
    },
  );
  const handle = (payload: unknown): Promise<void> => settling.settle(settlePayload.parse(payload).orderIds);
  const queue = await openJobQueue({ url: redisUrl, name: settleJob, log }, { concurrency, handle, onDead });
  return { name: "worker", stop: queue.close };
}
