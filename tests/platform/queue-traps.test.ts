import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { type JobQueue, openJobQueue } from "../../server/platform/queue/job-queue.ts";
import { startRedis, type TestRedis } from "../support/redis-server.ts";
import { tcpProxy } from "../support/tcp-proxy.ts";
import { until } from "../support/until.ts";
import { aQueueName, aWorker, aWorkerElsewhere, gone, silent } from "./queue-support.ts";

/** What Bee-Queue does that nobody expects, each with what keeps it from losing or holding up an order. */
let redis: TestRedis;
const open: JobQueue[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((queue) => queue.close()));
});
afterAll(() => redis.stop());

const keep = <T extends { queue: JobQueue }>(worker: T): T => {
  open.push(worker.queue);
  return worker;
};
const listed = async (name: string, list: string): Promise<unknown> =>
  redis.ask("LRANGE", `truewick:${name}:${list}`, 0, -1);

test("the same payload twice is two jobs: an id of ours would swallow the second", async () => {
  const { queue, taken } = keep(await aWorker(redis.url, aQueueName()));
  await queue.enqueue({ orderIds: ["a"] });
  await queue.enqueue({ orderIds: ["a"] });
  await until(
    async () => taken,
    (seen) => seen.length === 2,
  );
});

test("a job that failed is not kept: put in again, it runs again", async () => {
  const name = aQueueName();
  const { queue, taken } = keep(
    await aWorker(redis.url, name, async () => {
      throw new Error("no");
    }),
  );
  await queue.enqueue({ round: 1 });
  await until(
    async () => taken,
    (seen) => seen.length === 1,
  );
  await queue.enqueue({ round: 2 });
  await until(
    async () => taken,
    (seen) => seen.length === 2,
  );
  await until(
    () => redis.ask("HLEN", `truewick:${name}:jobs`),
    (jobs) => jobs === 0,
  );
  expect(await redis.ask("SCARD", `truewick:${name}:failed`)).toBe(0);
});

test("the queue retries and delays nothing by itself: a failed job leaves no delayed one", async () => {
  const name = aQueueName();
  const { queue, taken } = keep(
    await aWorker(redis.url, name, async () => {
      throw new Error("no");
    }),
  );
  await queue.enqueue({});
  await until(
    async () => taken,
    (seen) => seen.length === 1,
  );
  await until(
    () => listed(name, "active"),
    (ids) => Array.isArray(ids) && ids.length === 0,
  );
  expect(await redis.ask("EXISTS", `truewick:${name}:delayed`)).toBe(0);
});

test("a worker that stands still is overtaken: its job runs twice at once, and neither leaves a trace behind", async () => {
  const name = aQueueName();
  const other = await aWorkerElsewhere(redis.url, name);
  try {
    const queue = await openJobQueue({ url: redis.url, name, log: silent });
    open.push(queue);
    await queue.enqueue({ orderIds: ["a"] });
    await other.said("took");
    other.child.kill("SIGSTOP");
    let letGo = (): void => {};
    const both = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { taken } = keep(await aWorker(redis.url, name, () => both));
    await until(
      async () => taken,
      (seen) => seen.length === 1,
    );
    other.child.kill("SIGCONT");
    other.child.stdin?.write("end\n");
    await other.said("ended");
    letGo();
    for (const list of ["active", "waiting"])
      await until(
        () => listed(name, list),
        (ids) => Array.isArray(ids) && ids.length === 0,
      );
    expect(taken).toEqual([{ orderIds: ["a"] }]);
  } finally {
    await gone(other.child);
  }
}, 60_000);

test("the job of a killed worker is found by any other process, without anybody's timer but our own", async () => {
  const name = aQueueName();
  const other = await aWorkerElsewhere(redis.url, name);
  try {
    const [first, second] = [keep(await aWorker(redis.url, name)), keep(await aWorker(redis.url, name))];
    for (const round of [1, 2, 3]) await first.queue.enqueue({ round });
    await other.said("took");
    await gone(other.child);
    await until(
      async () => [...first.taken, ...second.taken] as { round: number }[],
      (seen) => [1, 2, 3].every((round) => seen.some((payload) => payload.round === round)),
    );
  } finally {
    await gone(other.child);
  }
}, 60_000);

test("an id whose job is gone is dropped: Bee-Queue would carry it around for ever", async () => {
  const name = aQueueName();
  await redis.ask("LPUSH", `truewick:${name}:waiting`, "77");
  const { queue, taken } = keep(await aWorker(redis.url, name));
  await queue.enqueue({ real: true });
  await until(
    async () => taken,
    (seen) => seen.length === 1,
  );
  expect(await listed(name, "waiting")).toEqual([]);
  await until(
    () => listed(name, "active"),
    (ids) => Array.isArray(ids) && ids.length === 0,
  );
});

test("scripts that Redis has forgotten are loaded again by the next save", async () => {
  const { queue, taken } = keep(await aWorker(redis.url, aQueueName()));
  await redis.ask("SCRIPT", "FLUSH");
  await queue.enqueue({ after: "flush" });
  await until(
    async () => taken,
    (seen) => seen.length === 1,
  );
});

test("FLUSHALL takes the jobs, not the queue: what is put in afterwards runs", async () => {
  const { queue, taken } = keep(await aWorker(redis.url, aQueueName()));
  await redis.flush();
  await queue.enqueue({ after: "flushall" });
  await until(
    async () => taken,
    (seen) => seen.length === 1,
  );
});

test("a silent Redis does not keep a save waiting for more than half a second, and not without bound", async () => {
  const queue = await openJobQueue({ url: redis.url, name: aQueueName(), log: silent });
  open.push(queue);
  await redis.ask("CLIENT", "PAUSE", "1500", "ALL");
  const saves = Array.from({ length: 1_001 }, (_, number) => queue.enqueue({ number }));
  const results = await Promise.allSettled(saves);
  const reasons = results.map((result) => (result.status === "rejected" ? String(result.reason) : "saved"));
  expect(reasons.slice(0, 1_000).every((reason) => reason.includes("no answer within 500 ms"))).toBe(true);
  expect(reasons[1_000]).toContain("saves wait");
  await until(
    () =>
      queue.enqueue({}).then(
        () => true,
        () => false,
      ),
    (isBack) => isBack,
  );
});

test("a worker whose blocking connection is dead, while Redis answers, says so: its process ends", async () => {
  const { port } = new URL(redis.url);
  const proxy = await tcpProxy("127.0.0.1", Number(port));
  try {
    const name = aQueueName();
    const died: string[] = [];
    const onDead = (why: string): void => void died.push(why);
    const worker = keep(
      await aWorker(`redis://127.0.0.1:${proxy.port}`, name, undefined, { onDead, silenceMaxMs: 4_500 }),
    );
    const blocked = await until(
      async () => /addr=127\.0\.0\.1:(\d+) [^\n]*cmd=brpoplpush/.exec(String(await redis.ask("CLIENT", "LIST")))?.[1],
      (seen) => seen !== undefined,
    );
    expect((await worker.queue.health()).usable).toBe(true);
    proxy.freeze(Number(blocked));
    await until(
      async () => died,
      (seen) => seen.length === 1,
    );
    expect(await worker.queue.health()).toMatchObject({ usable: false, says: expect.stringContaining("no sign") });
  } finally {
    await Promise.all(open.splice(0).map((queue) => queue.close()));
    await proxy.close();
  }
}, 60_000);
