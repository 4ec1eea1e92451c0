import type { RequestHandler, Response } from "express";
import { addressKey, type RateLimit } from "../rate-limit.ts";
import { ProblemError } from "./problem.ts";

/** So many requests of one client address. */
export const limitByAddress = (limit: RateLimit): RequestHandler => limited(limit, (_response, ip) => addressKey(ip));

/** So many writes of one trader, wherever he connects from; behind requireTrader. Reads pass. */
export const limitWritesByTrader = (limit: RateLimit): RequestHandler => {
  const check = limited(limit, (response) => String(response.locals.trader?.traderId));
  return (request, response, next) =>
    request.method === "GET" || request.method === "HEAD" ? next() : check(request, response, next);
};

function limited(limit: RateLimit, keyOf: (response: Response, ip: string) => string): RequestHandler {
  return async (request, response, next) => {
    const waitSeconds = await limit.take(keyOf(response, request.ip ?? ""));
    if (waitSeconds !== null)
      throw new ProblemError(429, "TOO_MANY_REQUESTS", "Too many requests. Slow down.", {
        headers: { "Retry-After": String(waitSeconds) },
      });
    next();
  };
}
