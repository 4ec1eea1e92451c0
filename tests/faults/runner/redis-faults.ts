import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import type { Fault } from "./nemesis.ts";
import type { World } from "./world.ts";

/** Of accepts while Redis answers nobody: the api must not wait for it. */
const acceptLimitMs = 1_000;

async function withRedis(world: World, run: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(world.foundation.redisUrl(), { maxRetriesPerRequest: 3 });
  client.on("error", () => undefined);
  try {
    await run(client);
  } finally {
    client.disconnect();
  }
}

const pause: Fault = async (world, { lastsMs }) => {
  const fromMs = world.clock.nowMs();
  await withRedis(world, (client) => client.call("CLIENT", "PAUSE", String(lastsMs), "ALL"));
  await sleep(lastsMs);
  const toMs = world.clock.nowMs();
  const sent = world.journal.entries
    .filter(({ kind }) => kind === "order")
    .flatMap(({ attempts }) => attempts)
    .filter(({ sentMs }) => sentMs >= fromMs && sentMs < toMs);
  const waits = sent
    .filter(({ outcome }) => outcome === "ok")
    .map(({ sentMs, answeredMs }) => answeredMs - sentMs)
    .sort((a, b) => a - b);
  const p99 = waits[Math.max(0, Math.ceil(waits.length * 0.99) - 1)] ?? 0;
  const others = [...new Set(sent.filter(({ outcome }) => outcome !== "ok").map(({ says }) => says))].join(", ");
  const accepted = `${waits.length} of ${sent.length} attempts were accepted meanwhile, p99 ${Math.round(p99)} ms; others: ${others || "none"}`;
  const violations = waits.length === 0 ? ["F9: no order was accepted while Redis was paused"] : [];
  if (p99 > acceptLimitMs) violations.push(`F9: p99 of accepting was ${Math.round(p99)} ms`);
  return { notes: [accepted], violations };
};

export const redisFaults = {
  F7: (async ({ foundation }, { lastsMs }) => {
    await foundation.redis.killHard();
    await sleep(lastsMs);
    await foundation.redis.start();
    return { notes: [], violations: [] };
  }) satisfies Fault,
  F8: (async (world, { lastsMs }) => {
    const { redis } = world.foundation;
    await withRedis(world, (client) => client.flushall());
    await sleep(lastsMs);
    await redis.killHard();
    await redis.startEmpty();
    return { notes: [], violations: [] };
  }) satisfies Fault,
  F9: pause,
  F10: (async (world, { lastsMs }) => {
    await withRedis(world, (client) => client.config("SET", "maxmemory", "1"));
    await sleep(lastsMs);
    await withRedis(world, (client) => client.config("SET", "maxmemory", "0"));
    return { notes: [], violations: [] };
  }) satisfies Fault,
};
