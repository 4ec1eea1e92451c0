import path from "node:path";
import express, { type Router } from "express";
import { liveExposure } from "../capabilities/exposure/index.ts";
import { openOwnLimits } from "../capabilities/losses/index.ts";
import { describeInstruments, serveBars } from "../capabilities/market-data/index.ts";
import { isFillCursor, isOrderCursor, type OrderDesk, tradingReads } from "../capabilities/trading/index.ts";
import { projectRoot } from "../config.ts";
import { accountStatementRoutes } from "../platform/http/account-statement-routes.ts";
import { createApp } from "../platform/http/app.ts";
import { cashierRoutes } from "../platform/http/cashier-routes.ts";
import { deviceRoutes } from "../platform/http/device-routes.ts";
import { docsRoutes } from "../platform/http/docs-routes.ts";
import { healthRoutes } from "../platform/http/health.ts";
import { limitByAddress, limitWritesByTrader } from "../platform/http/limit.ts";
import { marketRoutes } from "../platform/http/market-routes.ts";
import { orderRoutes } from "../platform/http/order-routes.ts";
import { ownLimitsRoutes } from "../platform/http/own-limits-routes.ts";
import { requireTrader } from "../platform/http/require.ts";
import { selfExclusionRoutes } from "../platform/http/self-exclusion-routes.ts";
import { closeServer, createHttpServer, listen } from "../platform/http/server.ts";
import { sessionRoutes } from "../platform/http/session-routes.ts";
import { staticRoutes } from "../platform/http/static.ts";
import { tradingRoutes } from "../platform/http/trading-routes.ts";
import { probedGauge } from "../platform/metrics.ts";
import { loginLimits, rateLimit } from "../platform/rate-limit.ts";
import { openApiDocument } from "../resources/index.ts";
import { openAccountStatements } from "./account-statements.ts";
import { backOffice } from "./back-office.ts";
import { openCashier } from "./cashier.ts";
import { depositProofs } from "./deposit-proofs.ts";
import { openGateway } from "./gateway.ts";
import { partsOf } from "./health.ts";
import { openLinkScoring } from "./link-scoring.ts";
import { marketOf, openOrderDesk } from "./order-desk.ts";
import { loadPartnerOrigins } from "./partner-origins.ts";
import { noticeRouter } from "./payments.ts";
import { openProofs, proofRouters } from "./proofs.ts";
import type { RunningRole } from "./role.ts";
import { openSelfExclusion } from "./self-exclusion.ts";
import type { Shared } from "./shared.ts";

const drainPatienceMs = 4_000;
/** For so long new requests are still heard, and sent away: long enough for a load balancer to look at /readyz and turn elsewhere. */
const turnAwayMs = 1_500;
/** For each client address, and for each trader. */
const marketBudget = { points: 1_200, seconds: 60 };
const orderBudget = { points: 500, seconds: 10 };

/** HTTP and Socket.IO. */
export async function startApi(shared: Shared): Promise<RunningRole> {
  const { config, log, metrics, db, bus, identity } = shared;
  const onError = (error: unknown): void => log.error({ err: error }, "reading the partners' origins failed");
  const origins = await loadPartnerOrigins({ db, bus, onError });
  const office = await backOffice(shared);
  const desk = openOrderDesk(shared);
  const links = await openLinkScoring(shared);
  const loginTrader = links.noting(identity.loginTrader);
  const proofs = proofRouters(shared, await openProofs(shared), office.resources);
  let isDraining = false;
  const app = createApp({
    log,
    metrics,
    allowedOrigin: origins.isAllowed,
    trustProxyHops: config.trustProxyHops,
    isDraining: () => isDraining,
    uploads: [
      { path: "/api/admin", router: office.uploads },
      { path: "/api/payments", router: noticeRouter(shared) },
      { path: "/api/trading", router: depositProofs(shared) },
    ],
    // What is asked most comes first: Express looks at every router in front of the one that answers. Logins before what asks for one.
    routers: [
      {
        path: "/api",
        router: sessionRoutes({ ...identity, loginTrader, limits: loginLimits(shared.redis, "truewick") }),
      },
      { path: "/api/trading", router: marketRoutes(marketPorts(shared)) },
      { path: "/api/trading", router: tradersOnly(shared, desk, [proofs.ofTrader, deviceRoutes(links.device)]) },
      { path: "/", router: healthRoutes({ parts: partsOf(shared), isDraining: () => isDraining, metrics }) },
      { path: "/", router: staticRoutes(path.join(projectRoot, "dist")) },
      { path: "/", router: docsRoutes({ document: () => openApiDocument(office.resources) }) },
      ...office.routers.map((router) => ({ path: "/api/admin", router })),
      { path: "/api/admin", router: proofs.ofStaff },
      { path: "/api/proofs", router: proofs.ofAnybody },
    ],
  });
  const server = createHttpServer(app);
  const exposure = liveExposure({ ...shared, db: shared.readDb });
  const gateway = openGateway(shared, server, desk, origins.isAllowed, exposure);
  probedGauge(metrics, "truewick_sockets", "Open Socket.IO connections.", gateway.sockets);
  await listen(server, config.host, config.port);
  return {
    name: "api",
    stop: async () => {
      isDraining = true;
      desk.stopTaking();
      const told = gateway.close();
      await exposure.close();
      await new Promise((resolve) => setTimeout(resolve, turnAwayMs));
      await Promise.all([closeServer(server, drainPatienceMs), told]);
      await Promise.all([desk.end(), links.end()]);
      origins.close();
    },
  };
}

function marketPorts({ catalog, quotes, clock, readDb, redis }: Shared): Parameters<typeof marketRoutes>[0] {
  return {
    instruments: describeInstruments({ catalog, book: quotes, clock }),
    bars: serveBars({ db: readDb, catalog, book: quotes }),
    limit: limitByAddress(rateLimit({ redis, name: "truewick:market", ...marketBudget })),
  };
}

function tradersOnly(shared: Shared, desk: OrderDesk, others: readonly Router[]): Router {
  const { identity, db, redis } = shared;
  const router = express.Router();
  const budget = rateLimit({ redis, name: "truewick:orders", ...orderBudget });
  router.use(requireTrader(identity), limitWritesByTrader(budget));
  const reads = tradingReads({ readDb: db, market: marketOf(shared) });
  router.use(...others, orderRoutes(desk), tradingRoutes({ ...reads, isOrderCursor, isFillCursor }));
  router.use(cashierRoutes(openCashier(shared)), accountStatementRoutes(openAccountStatements(shared)));
  router.use(selfExclusionRoutes({ exclude: openSelfExclusion(shared) }));
  router.use(ownLimitsRoutes(openOwnLimits({ transact: shared.transact, readDb: db, announce: shared.bus.publish })));
  return router;
}
