import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { systemActor, transactor } from "../../server/platform/db/unit-of-work.ts";
import { openJobQueue } from "../../server/platform/queue/job-queue.ts";
import { type OutboxRelay, startOutboxRelay } from "../../server/platform/queue/outbox-relay.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { startRedis, type TestRedis } from "../support/redis-server.ts";
import { until } from "../support/until.ts";
import { aQueueName, aWorker, silent, type TestWorker } from "./queue-support.ts";

/** A command, its outbox, the relay and a worker, with a Redis that fails in the ways it can. */
let redis: TestRedis;
let db: TestDatabase;
let worker: TestWorker;
let relay: OutboxRelay;
let enqueues: { settled: boolean }[];
let promise: (name: string) => Promise<void>;
beforeEach(async () => {
  [redis, db] = await Promise.all([startRedis(), testDatabase()]);
  const name = aQueueName();
  worker = await aWorker(redis.url, name);
  const queue = await openJobQueue({ url: redis.url, name, log: silent });
  enqueues = [];
  const enqueue = async (_job: string, payload: Record<string, unknown>): Promise<void> => {
    const one = { settled: false };
    enqueues.push(one);
    await queue.enqueue(payload).finally(() => {
      one.settled = true;
    });
  };
  const started = startOutboxRelay({ db: db.app, log: silent, enqueue });
  relay = {
    hear: started.hear,
    stop: async () => {
      await started.stop();
      await queue.close();
    },
  };
  const run = transactor(db.app, relay.hear);
  promise = (job) => run(systemActor, async (work) => work.outbox("a-job", { name: job }));
}, 60_000);
afterEach(async () => {
  await relay.stop();
  await worker.queue.close();
  await redis.stop();
  await db.drop();
}, 60_000);

const names = async (): Promise<unknown[]> => worker.taken.map((payload) => (payload as { name: string }).name);
const rowsLeft = async (): Promise<number> => (await db.owner("outbox").select("id")).length;
const has =
  (...wanted: string[]) =>
  (seen: unknown[]): boolean =>
    wanted.every((name) => seen.includes(name));

test("Redis killed and started empty: the same processes go on, and what was promised meanwhile is done", async () => {
  await promise("before");
  await until(names, has("before"));
  await redis.kill();
  await promise("meanwhile");
  expect(await rowsLeft()).toBeGreaterThan(0);
  await redis.start();
  await promise("after");
  await until(names, has("before", "meanwhile", "after"));
  await until(rowsLeft, (rows) => rows === 0);
}, 60_000);

test("Redis out of memory refuses jobs and loses none: they stay in the outbox until there is room", async () => {
  await redis.ask("CONFIG", "SET", "maxmemory-policy", "noeviction");
  await redis.ask("CONFIG", "SET", "maxmemory", "1");
  for (const name of ["a", "b", "c"]) await promise(name);
  await until(
    async () => enqueues,
    (tried) => tried.filter((one) => one.settled).length > 3,
  );
  expect([await rowsLeft(), await names()]).toEqual([3, []]);
  await redis.ask("CONFIG", "SET", "maxmemory", "0");
  await until(names, has("a", "b", "c"));
  await until(rowsLeft, (rows) => rows === 0);
}, 60_000);

test("a command does not wait for a silent Redis: it is done while its job is still being put in", async () => {
  await redis.ask("CLIENT", "PAUSE", "2000", "ALL");
  await promise("quick");
  expect(enqueues.map((one) => one.settled)).toEqual([false]);
  await until(names, has("quick"));
}, 60_000);
