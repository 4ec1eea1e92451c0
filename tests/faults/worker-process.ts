import { pino } from "pino";
import {
  settleInBatches,
  settleJob,
  settleOneByOne,
  settleOrders,
  unsettledOrders,
} from "../../server/capabilities/trading/index.ts";
import { connectDatabase } from "../../server/platform/db/connect.ts";
import { transactor } from "../../server/platform/db/unit-of-work.ts";
import { openJobQueue } from "../../server/platform/queue/job-queue.ts";
import { startReconciler } from "../../server/platform/queue/reconciler.ts";

/** A worker as the server starts it, in a process of its own that a test may kill. Says "ready" when it takes jobs. */
const { APP_URL = "", REDIS_URL = "", SHARD = "0" } = process.env;
const log = pino({ level: "fatal" });
const db = connectDatabase({ url: APP_URL, applicationName: "faults", poolMax: 4, statementTimeoutMs: 30_000 });
const settle = settleOrders({
  transact: transactor(db),
  announce: () => {},
  shard: Number(SHARD),
  maxQueueMs: 600_000,
});
const settling = settleInBatches({
  settle,
  settleOneByOne: (orderId) =>
    settleOneByOne({ db, transact: transactor(db), announce: () => {}, settle, onFailed: () => {} }, orderId),
});
const queue = await openJobQueue(
  { url: REDIS_URL, name: settleJob, log },
  { concurrency: 500, handle: (payload) => settling.settle((payload as { orderIds: string[] }).orderIds) },
);
startReconciler({
  log,
  overdue: unsettledOrders({ readDb: db }),
  enqueue: (orderIds) => queue.enqueue({ orderIds }),
  everyMs: 300,
  olderThanMs: 1_000,
});
process.stdout.write("ready\n");
setInterval(() => {}, 60_000);
