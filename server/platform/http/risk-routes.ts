import { type RequestHandler, Router } from "express";
import type { StaffIdentity } from "#contracts/identity.ts";
import { type EffectiveQuery, type EffectiveReply, effectiveQuery } from "#contracts/risk-api.ts";
import { parseRequest } from "./problem.ts";
import { staffIn } from "./require.ts";

export interface RiskPorts {
  readonly requireStaff: RequestHandler;
  /** Throws a problem when this person may not read the trader's settings, or when there is no such trader or instrument. */
  readonly effective: (staff: StaffIdentity, asked: EffectiveQuery) => Promise<EffectiveReply>;
}

/** GET /risk-limits/effective: every setting in force for a trader, with its source. Mounted at /api/admin. */
export function riskRoutes(ports: RiskPorts): Router {
  const router = Router();
  router.get("/risk-limits/effective", ports.requireStaff, async (request, response) => {
    const asked = parseRequest(effectiveQuery, request.query);
    response.set("Cache-Control", "no-store").json(await ports.effective(staffIn(response), asked));
  });
  return router;
}
