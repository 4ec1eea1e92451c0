import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { brokenBooks } from "../support/trading.ts";
import { until } from "../support/until.ts";
import { killed, type OrderFlow, orderFlow } from "./order-flow.ts";

let flow: OrderFlow;
beforeEach(async () => {
  flow = await orderFlow();
}, 60_000);
afterEach(() => flow.stop(), 30_000);

async function everyOrderIsFilledOnce(orders: number): Promise<void> {
  await until(flow.filled, (filled) => filled >= orders);
  const { rows } = await flow.house.db.owner.raw(
    `SELECT (SELECT count(*) FROM orders WHERE state = 'filled')::int AS filled,
       (SELECT count(*) FROM orders WHERE state <> 'filled')::int AS other,
       (SELECT count(*) FROM fills)::int AS fills, (SELECT count(DISTINCT order_id) FROM fills)::int AS orders_with_fills`,
  );
  expect(rows).toEqual([{ filled: orders, other: 0, fills: orders, orders_with_fills: orders }]);
  expect(await brokenBooks(flow.house.db)).toEqual([]);
}

test("kill -9 of the worker in the middle of 1,000 orders: every order is filled once", async () => {
  const worker = await flow.startWorker();
  const placing = flow.place(600);
  await until(flow.filled, (filled) => filled > 0);
  await killed(worker.process);
  await placing;
  const atTheKill = await flow.filled();
  await flow.place(400);
  expect(atTheKill).toBeLessThan(1_000);
  await flow.startWorker();
  await everyOrderIsFilledOnce(1_000);
}, 120_000);

test("Redis flushed while 1,000 orders wait in it: every order is filled once", async () => {
  await flow.place(500);
  await flow.redis.flush();
  await flow.place(500);
  await flow.startWorker();
  await until(flow.filled, (filled) => filled > 0);
  await flow.redis.flush();
  await everyOrderIsFilledOnce(1_000);
}, 120_000);

test("Redis killed and started empty: orders are accepted all along, and flow again without a restart of Node", async () => {
  await flow.startWorker();
  await flow.place(100);
  await until(flow.filled, (filled) => filled === 100);
  await flow.redis.kill();
  await flow.place(100);
  await flow.redis.start();
  await everyOrderIsFilledOnce(200);
  await flow.place(100);
  await everyOrderIsFilledOnce(300);
}, 120_000);

test("two workers and jobs put in twice: every order is filled once", async () => {
  await Promise.all([flow.startWorker(), flow.startWorker()]);
  const ids = await flow.place(500);
  await flow.again(ids);
  await everyOrderIsFilledOnce(500);
}, 120_000);
