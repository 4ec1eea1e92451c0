import express, { type Router } from "express";
import { type DeviceRequest, deviceRequest } from "#contracts/device-api.ts";
import type { TraderIdentity } from "#contracts/identity.ts";
import { parseRequest } from "./problem.ts";
import { traderIn } from "./require.ts";

export interface DevicePorts {
  readonly seen: (
    trader: TraderIdentity,
    device: DeviceRequest,
    from: { readonly ip: string | null; readonly userAgent: string | null },
  ) => Promise<void>;
}

/** What a trader's browser tells of itself after he agreed. Mounted at /api/trading, behind requireTrader. */
export function deviceRoutes(ports: DevicePorts): Router {
  const router = express.Router();
  router.post("/device", async (request, response) => {
    const device = parseRequest(deviceRequest, request.body);
    const from = { ip: request.ip ?? null, userAgent: request.get("user-agent") ?? null };
    await ports.seen(traderIn(response), device, from);
    response.status(204).end();
  });
  return router;
}
