import { type RequestHandler, Router } from "express";
import type { StaffIdentity } from "#contracts/identity.ts";
import {
  type EffectiveQuery,
  type EffectiveReply,
  effectiveQuery,
  type PathQuery,
  type PathReply,
  pathQuery,
} from "#contracts/risk-api.ts";
import { parseRequest } from "./problem.ts";
import { staffIn } from "./require.ts";

/** Both throw a problem when this person may not read the trader's settings, or when there is no such trader or instrument. */
export interface RiskPorts {
  readonly requireStaff: RequestHandler;
  readonly effective: (staff: StaffIdentity, asked: EffectiveQuery) => Promise<EffectiveReply>;
  readonly path: (staff: StaffIdentity, asked: PathQuery) => Promise<PathReply>;
}

/**
 * GET /risk-limits/effective: every setting in force for a trader, with its source. GET /risk-limits/path: the lines it is inherited by,
 * level by level. Mounted at /api/admin.
 */
export function riskRoutes(ports: RiskPorts): Router {
  const router = Router();
  router.get("/risk-limits/effective", ports.requireStaff, async (request, response) => {
    const asked = parseRequest(effectiveQuery, request.query);
    response.set("Cache-Control", "no-store").json(await ports.effective(staffIn(response), asked));
  });
  router.get("/risk-limits/path", ports.requireStaff, async (request, response) => {
    const asked = parseRequest(pathQuery, request.query);
    response.set("Cache-Control", "no-store").json(await ports.path(staffIn(response), asked));
  });
  return router;
}
