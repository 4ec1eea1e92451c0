import path from "node:path";
import { projectRoot } from "../config.ts";
import { createApp } from "../platform/http/app.ts";
import { healthRoutes } from "../platform/http/health.ts";
import { closeServer, createHttpServer, listen } from "../platform/http/server.ts";
import { sessionRoutes } from "../platform/http/session-routes.ts";
import { staticRoutes } from "../platform/http/static.ts";
import { loginLimits } from "../platform/rate-limit.ts";
import { backOffice } from "./back-office.ts";
import { partsOf } from "./health.ts";
import { loadPartnerOrigins } from "./partner-origins.ts";
import type { RunningRole } from "./role.ts";
import type { Shared } from "./shared.ts";

const drainPatienceMs = 5_000;

/** HTTP and Socket.IO. */
export async function startApi(shared: Shared): Promise<RunningRole> {
  const { config, log, metrics, db, bus, identity } = shared;
  const onError = (error: unknown): void => log.error({ err: error }, "reading the partners' origins failed");
  const origins = await loadPartnerOrigins({ db, bus, onError });
  const desk = await backOffice(shared);
  let isDraining = false;
  const app = createApp({
    log,
    metrics,
    allowedOrigin: origins.isAllowed,
    trustProxyHops: config.trustProxyHops,
    routers: [
      { path: "/", router: healthRoutes({ parts: partsOf(shared), isDraining: () => isDraining, metrics }) },
      { path: "/", router: staticRoutes(path.join(projectRoot, "dist")) },
      { path: "/api", router: sessionRoutes({ ...identity, limits: loginLimits(shared.redis, "truewick") }) },
      { path: "/api/admin", router: desk.router },
    ],
  });
  const server = createHttpServer(app);
  await listen(server, config.host, config.port);
  return {
    name: "api",
    stop: async () => {
      isDraining = true;
      await closeServer(server, drainPatienceMs);
      origins.close();
    },
  };
}
