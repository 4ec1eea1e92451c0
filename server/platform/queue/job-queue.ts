import { createRequire } from "node:module";
import BeeQueue from "bee-queue";
import type { Logger } from "pino";

/** Bee-Queue's own loader of its Lua scripts; it has no public name. */
const lua = createRequire(import.meta.url)("bee-queue/lib/lua") as {
  readonly buildCache: (client: unknown) => Promise<unknown>;
};

/** The redis client inside Bee-Queue, as far as it is watched here. */
interface InnerClient {
  readonly ready: boolean;
  readonly on: (event: "ready", hear: () => void) => void;
  readonly end: (flush: boolean) => void;
}

type Inner = BeeQueue & { readonly client: InnerClient | null; readonly bclient: InnerClient | null };

export interface JobQueueOptions {
  readonly url: string;
  readonly name: string;
  readonly log: Pick<Logger, "warn" | "error">;
  /** Installations and tests that share a Redis name their own prefix. */
  readonly prefix?: string;
}

export interface QueueHealth {
  readonly usable: boolean;
  readonly says: string;
  /** Jobs that no worker has taken yet; absent when nobody answers. */
  readonly waiting?: number;
}

/** A queue of jobs that carry ids. It wakes workers; what is to be done is in the database. */
export interface JobQueue {
  /** Puts a job in. Rejects when Redis is away, or has not answered in time: the job may or may not be there. */
  readonly enqueue: (payload: Record<string, unknown>) => Promise<void>;
  readonly health: () => Promise<QueueHealth>;
  /** Takes no new jobs, waits for those that run, leaves Redis. */
  readonly close: () => Promise<void>;
}

/** While Redis is away a save would neither resolve nor reject; whoever promised the job has it in the outbox. */
const saveTimeoutMs = 500;
const healthTimeoutMs = 1_000;
const reconnectMsMax = 1_000;
const closeTimeoutMs = 5_000;
/** A job whose worker has not been heard of for so long runs again, perhaps while the first still does. */
const stallIntervalMs = 5_000;
const stallCheckMs = 2_000;

/** Opens a queue to put jobs in; with `work`, also to take them out: `concurrency` handlers at once. */
export async function openJobQueue(
  options: JobQueueOptions,
  work?: { readonly concurrency: number; readonly handle: (payload: unknown) => Promise<void> },
): Promise<JobQueue> {
  const { log, name } = options;
  const queue = new BeeQueue(name, {
    prefix: options.prefix ?? "truewick",
    // Options, never a client: Bee-Queue takes an ioredis instance for options and connects to localhost instead.
    redis: redisOptions(options.url),
    isWorker: work !== undefined,
    getEvents: false,
    sendEvents: false,
    storeJobs: false,
    // A job that is kept after it failed would swallow its repetition for ever.
    removeOnSuccess: true,
    removeOnFailure: true,
    stallInterval: stallIntervalMs,
  }) as Inner;
  queue.on("error", (error) => log.warn({ err: error, queue: name }, "queue: Redis is not reachable"));
  queue.on("failed", (_job, error) => log.error({ err: error, queue: name }, "queue: a job failed"));
  await queue.ready();
  // A restarted Redis has forgotten the scripts: without this every later save fails until the process restarts.
  const reload = (): Promise<unknown> => lua.buildCache(queue.client);
  queue.client?.on("ready", () => {
    reload().catch((error: unknown) => log.warn({ err: error, queue: name }, "queue: loading the scripts failed"));
  });
  const stopStallChecks = work === undefined ? () => {} : startStallChecks(queue, log);
  if (work !== undefined) queue.process(work.concurrency, async (job: BeeQueue.Job<unknown>) => work.handle(job.data));

  const save = (payload: Record<string, unknown>): Promise<unknown> => queue.createJob(payload).save();
  return {
    enqueue: async (payload) => {
      // Saves of an outage would wait in memory without bound, and all run when Redis is back.
      if (queue.client?.ready !== true) throw new Error(`queue ${name}: Redis is away`);
      const saved = save(payload).catch(async (error: unknown) => {
        if (!/NOSCRIPT/.test(String(error))) throw error;
        await reload();
        return save(payload);
      });
      await withTimeout(saved, saveTimeoutMs, `queue ${name}: no answer within ${saveTimeoutMs} ms`);
    },
    health: () => healthOf(queue, work !== undefined),
    close: async () => {
      stopStallChecks();
      await withTimeout(queue.close(closeTimeoutMs), closeTimeoutMs + 500, `queue ${name}: not closed in time`).catch(
        (error: unknown) => {
          log.warn({ err: error, queue: name }, "queue: closing by force");
          queue.client?.end(true);
          queue.bclient?.end(true);
        },
      );
    },
  };
}

/** node_redis reconnects for ever; without a strategy of ours a lost connection would end the workers. */
const redisOptions = (url: string): object => ({
  url,
  socket_keepalive: true,
  retry_strategy: ({ attempt }: { attempt: number }) => Math.min(attempt * 50, reconnectMsMax),
});

/** Bee-Queue looks for stalled jobs only when asked. Asked here, not by its own timer, which a failed look may end. */
function startStallChecks(queue: BeeQueue, log: JobQueueOptions["log"]): () => void {
  const timer = setInterval(() => {
    queue
      .checkStalledJobs()
      .then((count) => count > 0 && log.warn({ count, queue: queue.name }, "queue: stalled jobs run again"))
      .catch((error: unknown) => log.warn({ err: error, queue: queue.name }, "queue: looking for stalled jobs failed"));
  }, stallCheckMs);
  timer.unref();
  return () => clearInterval(timer);
}

async function healthOf(queue: Inner, takesJobs: boolean): Promise<QueueHealth> {
  if (takesJobs && queue.bclient?.ready !== true) return { usable: false, says: "no jobs can be taken: no connection" };
  try {
    const { waiting, active } = await withTimeout(queue.checkHealth(), healthTimeoutMs, "no answer");
    return { usable: true, says: `${waiting} jobs wait, ${active} run`, waiting };
  } catch {
    return { usable: false, says: "not reachable" };
  }
}

function withTimeout<T>(promise: Promise<T>, ms: number, message: string): Promise<T> {
  // A late failure has nobody left to hear it.
  promise.catch(() => {});
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(message)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
