import { z } from "zod";
import { settleJob, settleOrders } from "../capabilities/trading/index.ts";
import type { Log } from "../platform/log.ts";
import { type JobQueue, openJobQueue } from "../platform/queue/job-queue.ts";
import type { RunningRole } from "./role.ts";
import type { Shared } from "./shared.ts";

const settlePayload = z.strictObject({ orderIds: z.array(z.uuid()).min(1).max(5_000) });
/** Handlers at once. Each settles a batch; more only wait for each other's locks. */
const concurrency = 4;
/**
 * An order that could not be settled for so long is rejected and its money released: after an outage nobody wants a fill
 * at a price of long ago, and a restart must not reject what it can still fill.
 */
const maxQueueMs = 120_000;

/** The queue of accepted orders, to put ids in. */
export const openOrdersQueue = (redisUrl: string, log: Log): Promise<JobQueue> =>
  openJobQueue({ url: redisUrl, name: settleJob, log });

/** Role `worker`: settles accepted orders. */
export async function startWorker(shared: Shared): Promise<RunningRole> {
  const { config, log, metrics, redisUrl, transact, bus } = shared;
  const settle = settleOrders({ transact, announce: bus.publish, shard: config.workerShard, maxQueueMs });
  const queue = await openJobQueue(
    { url: redisUrl, name: settleJob, log },
    {
      concurrency,
      handle: async (payload) => {
        const { orderIds } = settlePayload.parse(payload);
        const done = metrics.settleSeconds.startTimer();
        const { filled, rejected } = await settle(orderIds);
        done();
        metrics.settledOrders.inc({ outcome: "filled" }, filled);
        metrics.settledOrders.inc({ outcome: "rejected" }, rejected);
      },
    },
  );
  return { name: "worker", stop: queue.close };
}
