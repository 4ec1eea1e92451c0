import { Router } from "express";
import type { Metrics } from "../metrics.ts";

export interface PartState {
  readonly usable: boolean;
  /** Why not, or what it is doing, in a few words. */
  readonly says: string;
}

export interface HealthPorts {
  /** Name -> look at it now: database, queue, feed. */
  readonly parts: Readonly<Record<string, () => Promise<PartState>>>;
  readonly isDraining: () => boolean;
  readonly metrics: Metrics;
}

const lookPatienceMs = 2_000;

/** /healthz: the process lives. /readyz: it can serve; else 503 with the state of each part. /metrics for Prometheus. */
export function healthRoutes(ports: HealthPorts): Router {
  const router = Router();
  router.get("/healthz", (_request, response) => {
    response.json({ status: "ok" });
  });
  router.get("/readyz", async (_request, response) => {
    const names = Object.keys(ports.parts);
    const states = await Promise.all(names.map((name) => look(ports.parts[name])));
    const isReady = states.every((state) => state.usable) && !ports.isDraining();
    response.setHeader("cache-control", "no-store");
    response.status(isReady ? 200 : 503).json({
      status: ports.isDraining() ? "draining" : isReady ? "ready" : "not ready",
      ...Object.fromEntries(names.map((name, index) => [name, states[index]])),
    });
  });
  router.get("/metrics", async (_request, response) => {
    response.type(ports.metrics.registry.contentType).send(await ports.metrics.registry.metrics());
  });
  return router;
}

async function look(part: (() => Promise<PartState>) | undefined): Promise<PartState> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<PartState>((resolve) => {
    timer = setTimeout(() => resolve({ usable: false, says: `no answer within ${lookPatienceMs} ms` }), lookPatienceMs);
  });
  try {
    return await Promise.race([part?.() ?? { usable: false, says: "not there" }, late]);
  } catch {
    return { usable: false, says: "not reachable" };
  } finally {
    clearTimeout(timer);
  }
}
