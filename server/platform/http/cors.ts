import cors from "cors";
import type { RequestHandler } from "express";

/** True for the exact origin (scheme, host, port) of a partner's page. */
export type AllowedOrigin = (origin: string) => boolean;

/**
 * Lets pages of partners' registered origins read answers. Any other origin gets no CORS header at all, "null" never; no
 * cookies cross origins. `Vary` stands on every answer, so that no cache mixes them up.
 */
export function partnerCors(allowedOrigin: AllowedOrigin): RequestHandler {
  const allow = cors({
    origin: true,
    credentials: false,
    methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: ["Range", "Content-Type", "Authorization", "If-Match", "Idempotency-Key", "X-Trace-Id"],
    exposedHeaders: ["Content-Range", "X-Total-Count", "ETag", "Content-Disposition", "X-Trace-Id", "Retry-After"],
    maxAge: 600,
  });
  return (request, response, next) => {
    response.vary("Origin");
    const origin = request.get("origin");
    if (origin === undefined || origin === "null" || !allowedOrigin(origin)) return next();
    allow(request, response, next);
  };
}
