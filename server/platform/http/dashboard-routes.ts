import { type RequestHandler, Router } from "express";
import type { DashboardReply } from "#contracts/dashboard.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import { staffIn } from "./require.ts";

export interface DashboardPorts {
  readonly requireStaff: RequestHandler;
  readonly dashboard: (viewer: StaffIdentity) => Promise<DashboardReply>;
}

/** GET /dashboard, for every role; the figures are narrowed to what the viewer may see. Mounted at /api/admin. */
export function dashboardRoutes(ports: DashboardPorts): Router {
  const router = Router();
  router.get("/dashboard", ports.requireStaff, async (_request, response) => {
    response.json(await ports.dashboard(staffIn(response)));
  });
  return router;
}
