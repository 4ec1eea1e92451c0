import { type RequestHandler, Router } from "express";
import { z } from "zod";
import { type BreachPreviewQuery, type BreachPreviewReply, breachPreviewQuery } from "#contracts/breach-preview.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { ChangeSheetReply } from "#contracts/risk-change-api.ts";
import { parseRequest } from "./problem.ts";
import { staffIn } from "./require.ts";

export interface RiskChangePorts {
  readonly requireStaff: RequestHandler;
  /** Both throw a problem when this person may not read the change, or there is none. */
  readonly sheet: (staff: StaffIdentity, changeId: string) => Promise<ChangeSheetReply>;
  readonly breaches: (staff: StaffIdentity, changeId: string, asked: BreachPreviewQuery) => Promise<BreachPreviewReply>;
}

const changeParams = z.strictObject({ id: z.uuid() });

/**
 * GET /risk-changes/:id/sheet: the lines of a change beside what is in force. GET /risk-changes/:id/breaches: whom it would put over a limit
 * now. Mounted at /api/admin, before the resources.
 */
export function riskChangeRoutes(ports: RiskChangePorts): Router {
  const router = Router();
  router.get("/risk-changes/:id/sheet", ports.requireStaff, async (request, response) => {
    const { id } = parseRequest(changeParams, request.params);
    response.set("Cache-Control", "no-store").json(await ports.sheet(staffIn(response), id));
  });
  router.get("/risk-changes/:id/breaches", ports.requireStaff, async (request, response) => {
    const asked = parseRequest(breachPreviewQuery, request.query);
    const { id } = parseRequest(changeParams, request.params);
    response.set("Cache-Control", "no-store").json(await ports.breaches(staffIn(response), id, asked));
  });
  return router;
}
