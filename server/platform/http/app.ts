import express, { type Express, type Router } from "express";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { type AllowedOrigin, partnerCors } from "./cors.ts";
import { notFound, problemHandler } from "./errors.ts";
import { jsonBody, limitQuery, refuseTrace } from "./request-limits.ts";
import { requestLog } from "./request-log.ts";
import { securityHeaders } from "./security-headers.ts";
import { traced } from "./trace.ts";
import { turnAway } from "./turn-away.ts";

export interface AppPorts {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly allowedOrigin: AllowedOrigin;
  /** Reverse proxies in front of us: an exact number, never "any". */
  readonly trustProxyHops: number;
  /** While this process ends, API requests are answered 503 with Retry-After, and their connections closed. */
  readonly isDraining?: () => boolean;
  /** What takes bodies that are no JSON. Comes before the others. */
  readonly uploads?: readonly { readonly path: string; readonly router: Router }[];
  /** Mounted in this order. */
  readonly routers: readonly { readonly path: string; readonly router: Router }[];
}

/** The frame of the HTTP side: what every request passes before and after its route. */
export function createApp(ports: AppPorts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", ports.trustProxyHops);
  app.set("query parser", "simple");
  app.use(traced, requestLog(ports.log, ports.metrics), securityHeaders(), refuseTrace);
  app.use(["/api", "/udf"], partnerCors(ports.allowedOrigin), (_request, response, next) => {
    response.setHeader("cache-control", "no-store");
    next();
  });
  app.use("/api", turnAway(ports.isDraining ?? (() => false)));
  app.use(limitQuery);
  for (const { path, router } of ports.uploads ?? []) app.use(path, router);
  app.use(...jsonBody());
  for (const { path, router } of ports.routers) app.use(path, router);
  app.use(notFound);
  app.use(problemHandler(ports.log));
  return app;
}
