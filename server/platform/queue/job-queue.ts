import { createRequire } from "node:module";
import BeeQueue from "bee-queue";
import type { Logger } from "pino";
import { type BlockingClient, watchPops } from "./blocking-pop.ts";

/** Bee-Queue's own loader of its Lua scripts; it has no public name. */
const lua = createRequire(import.meta.url)("bee-queue/lib/lua") as {
  readonly buildCache: (client: unknown) => Promise<unknown>;
};

/** The redis client inside Bee-Queue, as far as it is watched here. */
interface InnerClient {
  readonly ready: boolean;
  readonly on: (event: "ready", hear: () => void) => void;
  readonly end: (flush: boolean) => void;
  readonly hexists: (key: string, field: string, done: (error: Error | null, found: number) => void) => void;
  readonly lrem: (key: string, count: number, value: string, done: (error: Error | null) => void) => void;
}

type Inner = BeeQueue & {
  readonly client: InnerClient | null;
  readonly bclient: (InnerClient & BlockingClient) | null;
  readonly toKey: (name: string) => string;
};

export interface JobQueueOptions {
  readonly url: string;
  readonly name: string;
  readonly log: Pick<Logger, "warn" | "error">;
  /** Installations and tests that share a Redis name their own prefix. */
  readonly prefix?: string;
}

export interface JobWork {
  /** Handlers at once. */
  readonly concurrency: number;
  readonly handle: (payload: unknown) => Promise<void>;
  /**
   * No more jobs are being taken although Redis answers: the process should end and be started again. Told once. A Redis that is
   * away does not call it, since starting again would not bring it back.
   */
  readonly onDead?: (why: string) => void;
  /** Silence after which it is dead; a test does not wait as long. */
  readonly silenceMaxMs?: number;
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
/** Saves that a silent Redis has not answered; more are refused, not piled up. */
const savesWaitingMax = 1_000;
/** A worker whose pop has had no answer for so long takes no jobs, though each pop ends within a few seconds. */
const silenceMaxMs = 10_000;
const silenceLookMs = 1_000;
const healthTimeoutMs = 1_000;
const reconnectMsMax = 1_000;
const closeTimeoutMs = 5_000;
/** A job whose worker has not been heard of for so long runs again, perhaps while the first still does. */
const stallIntervalMs = 5_000;
const stallCheckMs = 2_000;

/** Opens a queue to put jobs in; with `work`, also to take them out. */
export async function openJobQueue(options: JobQueueOptions, work?: JobWork): Promise<JobQueue> {
  const { log, name } = options;
  const queue = new BeeQueue(name, settingsOf(options, work !== undefined)) as Inner;
  queue.on("error", (error) => log.warn({ err: error, queue: name }, "queue: Redis is not reachable"));
  queue.on("failed", (_job, error) => log.error({ err: error, queue: name }, "queue: a job failed"));
  await queue.ready();
  // A restarted Redis has forgotten the scripts: without this every later save fails until the process restarts.
  queue.client?.on("ready", () => {
    loadScripts(queue).catch((error: unknown) =>
      log.warn({ err: error, queue: name }, "queue: loading the scripts failed"),
    );
  });
  const worker = work === undefined ? null : startWork(queue, log, work);
  return {
    enqueue: enqueuer(queue),
    health: () => healthOf(queue, worker),
    close: async () => {
      worker?.stop();
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

const settingsOf = ({ url, prefix = "truewick" }: JobQueueOptions, isWorker: boolean): BeeQueue.QueueSettings => ({
  prefix,
  // Options, never a client: Bee-Queue takes an ioredis instance for options and connects to localhost instead.
  redis: redisOptions(url),
  isWorker,
  getEvents: false,
  sendEvents: false,
  storeJobs: false,
  // A job that is kept after it failed would swallow its repetition for ever.
  removeOnSuccess: true,
  removeOnFailure: true,
  stallInterval: stallIntervalMs,
});

const loadScripts = (queue: Inner): Promise<unknown> => lua.buildCache(queue.client);

/** Jobs get numbers, never ids of ours: an id would swallow the repetition that a lost job needs. */
function enqueuer(queue: Inner): JobQueue["enqueue"] {
  let waiting = 0;
  const save = async (payload: Record<string, unknown>): Promise<unknown> => {
    try {
      return await queue.createJob(payload).save();
    } catch (error) {
      if (!/NOSCRIPT/.test(String(error))) throw error;
      await loadScripts(queue);
      return queue.createJob(payload).save();
    }
  };
  return async (payload) => {
    // Saves of an outage would wait in memory without bound, and all run when Redis is back.
    if (queue.client?.ready !== true) throw new Error(`queue ${queue.name}: Redis is away`);
    if (waiting >= savesWaitingMax)
      throw new Error(`queue ${queue.name}: Redis is silent, ${waiting} saves wait for it`);
    waiting += 1;
    const saved = save(payload).finally(() => {
      waiting -= 1;
    });
    await withTimeout(saved, saveTimeoutMs, `queue ${queue.name}: no answer within ${saveTimeoutMs} ms`);
  };
}

interface Worker {
  /** For how long no pop was answered, when that is too long; else null. */
  readonly silence: () => number | null;
  readonly stop: () => void;
}

function startWork(queue: Inner, log: JobQueueOptions["log"], work: JobWork): Worker {
  const { client, bclient } = queue;
  if (client === null || bclient === null) throw new Error(`queue ${queue.name} has no connections`);
  const pops = watchPops(bclient, {
    exists: (id) =>
      called<number>((done) => client.hexists(queue.toKey("jobs"), id, done)).then((found) => found === 1),
    forget: (id) => called<void>((done) => client.lrem(queue.toKey("active"), 0, id, done)),
  });
  const stopStallChecks = startStallChecks(queue, log);
  const maxMs = work.silenceMaxMs ?? silenceMaxMs;
  const silence = (): number | null => (pops.silentMs() > maxMs ? pops.silentMs() : null);
  const look = setInterval(() => {
    if (silence() === null) return;
    void answersNow(queue).then((answers) => {
      if (!answers || silence() === null) return;
      clearInterval(look);
      const why = `queue ${queue.name}: Redis answers, but has given no job and no sign for ${maxMs} ms`;
      log.error({ queue: queue.name }, why);
      work.onDead?.(why);
    });
  }, silenceLookMs);
  look.unref();
  queue.process(work.concurrency, async (job: BeeQueue.Job<unknown>) => work.handle(job.data));
  return {
    silence,
    stop: () => {
      stopStallChecks();
      clearInterval(look);
      pops.stop();
    },
  };
}

const called = <T>(call: (done: (error: Error | null, value: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    call((error, value) => (error === null ? resolve(value) : reject(error)));
  });

const answersNow = (queue: BeeQueue): Promise<boolean> =>
  withTimeout(queue.checkHealth(), healthTimeoutMs, "no answer").then(
    () => true,
    () => false,
  );

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

async function healthOf(queue: Inner, worker: Worker | null): Promise<QueueHealth> {
  if (worker !== null && queue.bclient?.ready !== true)
    return { usable: false, says: "no jobs can be taken: no connection" };
  const silentMs = worker?.silence() ?? null;
  if (silentMs !== null) return { usable: false, says: `no jobs are taken: no sign for ${Math.round(silentMs)} ms` };
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
