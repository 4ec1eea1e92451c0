import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";

export interface RateLimit {
  /** Takes a point of the key; answers the seconds to wait when none is left, else null. */
  readonly take: (key: string) => Promise<number | null>;
  /** Gives one point back. */
  readonly giveBack: (key: string) => Promise<void>;
  /** Forgets what the key has taken. */
  readonly forget: (key: string) => Promise<void>;
}

export interface RateLimitSettings {
  readonly redis: Redis;
  /** Prefix of the keys in Redis: one for each kind of limit. */
  readonly name: string;
  readonly points: number;
  readonly seconds: number;
}

/**
 * So many points in so many seconds for each key, counted in Redis for all processes; while Redis is away, in this process's
 * memory. Keys are hashed: no e-mail or address is kept in Redis.
 */
export function rateLimit({ redis, name, points, seconds }: RateLimitSettings): RateLimit {
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: name,
    points,
    duration: seconds,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory({ keyPrefix: name, points, duration: seconds }),
  });
  return {
    take: async (key) => {
      try {
        await limiter.consume(hashed(key));
        return null;
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
        throw refusal;
      }
    },
    giveBack: async (key) => {
      await limiter.reward(hashed(key));
    },
    forget: async (key) => {
      await limiter.delete(hashed(key));
    },
  };
}

const hashed = (key: string): string => createHash("sha256").update(key).digest("base64url");

/** Limits on failed logins: a person's and an address's. Never for good: the window passes. */
export interface LoginLimits {
  readonly account: RateLimit;
  readonly address: RateLimit;
}

const windowSeconds = 15 * 60;

export const loginLimits = (redis: Redis, prefix: string): LoginLimits => ({
  account: rateLimit({ redis, name: `${prefix}:login:account`, points: 10, seconds: windowSeconds }),
  address: rateLimit({ redis, name: `${prefix}:login:address`, points: 100, seconds: windowSeconds }),
});

/** An address as a limit counts it: IPv6 by its /64, since one customer holds all of that. */
export function addressKey(ip: string): string {
  if (!ip.includes(":") || ip.includes(".")) return ip;
  const [head = "", tail] = ip.split("::", 2);
  const groups = head === "" ? [] : head.split(":");
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === "" ? 0 : tail.split(":").length);
  return [...groups, ...Array<string>(Math.max(0, missing)).fill("0"), ...(tail ?? "").split(":")]
    .slice(0, 4)
    .join(":");
}
