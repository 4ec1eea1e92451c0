import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { rateLimit } from "../../server/platform/rate-limit.ts";
import { redisClient } from "../../server/platform/redis-client.ts";
import { startRedis, type TestRedis } from "../support/redis-server.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
}, 60_000);
afterAll(() => redis.stop());

test("F9: a paused Redis holds up nobody who is counted: he is counted in memory meanwhile", async () => {
  const client = redisClient(redis.url, { warn: () => {} });
  const limit = rateLimit({ redis: client, name: "test", points: 100, seconds: 60 });
  expect(await limit.take("a trader")).toBeNull();
  const pauseMs = 20_000;
  await redis.ask("CLIENT", "PAUSE", pauseMs, "ALL");
  const pausedAt = performance.now();
  const answers = [];
  for (let time = 0; time < 5; time++) answers.push(await limit.take("a trader"));
  const waitedMs = performance.now() - pausedAt;
  client.disconnect();
  expect(answers).toEqual([null, null, null, null, null]);
  expect(waitedMs).toBeLessThan(pauseMs / 2);
}, 30_000);
