import { z } from "zod";
import {
  type FailedSettlement,
  settleInBatches,
  settleJob,
  settleOneByOne,
  settleOrders,
} from "../capabilities/trading/index.ts";
import type { Log } from "../platform/log.ts";
import { type JobQueue, openJobQueue } from "../platform/queue/job-queue.ts";
import type { RunningRole } from "./role.ts";
import type { Shared } from "./shared.ts";

const settlePayload = z.strictObject({ orderIds: z.array(z.uuid()).min(1).max(5_000) });
/** Handlers at once. They put their orders into one settlement at a time, so there must be more of them than fit in one. */
const concurrency = 500;
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
  const { config, log, metrics, redisUrl, db, transact, bus } = shared;
  const { workerShard: shard, orderQueueMaxMs: maxQueueMs } = config;
  const settle = settleOrders({ transact, announce: bus.publish, shard, maxQueueMs });
  const onFailed = ({ orderId, tries, isGivenUp, error }: FailedSettlement): void => {
    metrics.failedSettlements.inc({ outcome: isGivenUp ? "given-up" : "failed" });
    log.error({ err: error, orderId, tries }, isGivenUp ? "an order cannot be settled: rejected" : "an order failed");
  };
  const settling = settleInBatches({
    settle: async (orderIds, options) => {
      const done = metrics.settleSeconds.startTimer();
      const count = await settle(orderIds, options);
      done();
      return count;
    },
    settleOneByOne: (orderId) => settleOneByOne({ db, transact, announce: bus.publish, settle, onFailed }, orderId),
    onSettled: ({ filled, rejected }) => {
      metrics.settledOrders.inc({ outcome: "filled" }, filled);
      metrics.settledOrders.inc({ outcome: "rejected" }, rejected);
    },
  });
  const handle = (payload: unknown): Promise<void> => settling.settle(settlePayload.parse(payload).orderIds);
  const queue = await openJobQueue({ url: redisUrl, name: settleJob, log }, { concurrency, handle, onDead });
  return { name: "worker", stop: queue.close };
}
