import type { Request, RequestHandler } from "express";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";

/**
 * One log line and one measurement a request. The query string is left out: tokens and names may stand in it.
 * Probes and reads that went well are logged at debug only.
 */
export function requestLog(log: Log, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    const [path] = request.originalUrl.split("?");
    response.once("close", () => {
      const ms = performance.now() - began;
      const status = response.writableFinished ? response.statusCode : 499; // 499: the client went away
      metrics.httpSeconds.observe({ method: request.method, route: routeOf(request), status }, ms / 1000);
      const quiet = status < 400 && (request.method === "GET" || request.method === "OPTIONS");
      const line = { method: request.method, path, status, ms: Math.round(ms * 10) / 10, ip: request.ip };
      log[status >= 500 ? "error" : quiet ? "debug" : "info"](line, "request");
    });
    next();
  };
}

/** The declared route, never the path itself: a label must have few values. */
function routeOf(request: Request): string {
  const path: unknown = request.route?.path;
  return typeof path === "string" ? `${request.baseUrl}${path}` : "unmatched";
}
