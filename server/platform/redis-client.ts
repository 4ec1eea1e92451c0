import { Redis } from "ioredis";
import type { Log } from "./log.ts";

/** Whoever is counted by a limit waits for it: a Redis that does not answer by then counts as away. */
const answerTimeoutMs = 250;

/** A connection for short commands. Each ends within moments: with its answer, or with an error when Redis is away or silent. */
export function redisClient(url: string, log: Pick<Log, "warn">): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: 1, commandTimeout: answerTimeoutMs });
  redis.on("error", (error) => log.warn({ err: error }, "Redis is not reachable"));
  return redis;
}
