import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { brokenBooks } from "../support/trading.ts";
import { until } from "../support/until.ts";
import { type FlowWorker, killed, type OrderFlow, orderFlow } from "./order-flow.ts";
import { afterSettling, insideSettling } from "./runner/moments.ts";

/** Faults of the settling processes (F1, F2, F3, F16), each brought about at its moment on the wire. */
const timeoutMs = 120_000;
/** A job of a dead worker is looked for every 2 s and stalled after 5 s; two more for the settlement. */
const takeOverMs = 5_000 + 2_000 + 2_000;

let flow: OrderFlow;
beforeEach(async () => {
  flow = await orderFlow();
}, 60_000);
afterEach(() => flow.stop(), 30_000);

async function everyOrderIsFilledOnce(orders: number): Promise<void> {
  await until(flow.filled, (filled) => filled >= orders);
  const { rows } = await flow.house.db.owner.raw(
    `SELECT (SELECT count(*) FROM orders WHERE state = 'filled')::int AS filled,
       (SELECT count(*) FROM fills)::int AS fills, (SELECT count(DISTINCT order_id) FROM fills)::int AS orders_with_fills`,
  );
  expect(rows).toEqual([{ filled: orders, fills: orders, orders_with_fills: orders }]);
  expect(await brokenBooks(flow.house.db)).toEqual([]);
}

/** Kills the worker at the moment, while orders flow; resolves when it is dead, with how many were placed. */
async function killedAt(worker: FlowWorker, moment: typeof insideSettling): Promise<number> {
  let dead: Promise<void> | null = null;
  worker.postgres.trap(moment, () => {
    dead = killed(worker.process);
  });
  let placed = 0;
  // Jobs go to whichever worker asks first, so it may take a few until one is this worker's.
  while (dead === null) placed += (await flow.place(20)).length;
  await dead;
  return placed;
}

test(
  "F1: a worker killed inside its transaction: the other one settles the batch",
  async () => {
    const [first] = await Promise.all([flow.startWorker(), flow.startWorker()]);
    const placed = await killedAt(first, insideSettling);
    const deadAt = performance.now();
    await everyOrderIsFilledOnce(placed);
    expect(performance.now() - deadAt).toBeLessThan(takeOverMs);
  },
  timeoutMs,
);

test(
  "F2: a worker killed after its commit, before the job is acknowledged: the repetition does nothing",
  async () => {
    const worker = await flow.startWorker();
    const placed = await killedAt(worker, afterSettling);
    expect(await flow.filled()).toBeGreaterThan(0);
    await flow.startWorker();
    await everyOrderIsFilledOnce(placed);
  },
  timeoutMs,
);

test(
  "F3: a worker that stood still for longer than a stall, then went on: both ran, with one effect",
  async () => {
    const [first] = await Promise.all([flow.startWorker(), flow.startWorker()]);
    const placing = flow.place(400);
    await until(flow.filled, (filled) => filled > 0);
    first.process.kill("SIGSTOP");
    await placing;
    // Longer than a stall: its jobs are given to the other worker while it holds on to them.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    first.process.kill("SIGCONT");
    await everyOrderIsFilledOnce(400);
    await flow.place(100);
    await everyOrderIsFilledOnce(500);
  },
  timeoutMs,
);

test(
  "F16: 200 ms latency and 1 % resets between a worker and its servers: slow, and every order is filled once",
  async () => {
    const { postgres, redis } = await flow.startWorker();
    for (const wire of [postgres, redis]) wire.weather({ latencyMs: 200, resetChance: 0.01 });
    await flow.place(200);
    await everyOrderIsFilledOnce(200);
  },
  timeoutMs,
);
