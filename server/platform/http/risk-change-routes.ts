import { type RequestHandler, Router } from "express";
import { z } from "zod";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { ChangeSheetReply } from "#contracts/risk-change-api.ts";
import { parseRequest } from "./problem.ts";
import { staffIn } from "./require.ts";

export interface RiskChangePorts {
  readonly requireStaff: RequestHandler;
  /** Throws a problem when this person may not read the change, or there is none. */
  readonly sheet: (staff: StaffIdentity, changeId: string) => Promise<ChangeSheetReply>;
}

const changeParams = z.strictObject({ id: z.uuid() });

/** GET /risk-changes/:id/sheet: the lines of a change beside what is in force. Mounted at /api/admin, before the resources. */
export function riskChangeRoutes(ports: RiskChangePorts): Router {
  const router = Router();
  router.get("/risk-changes/:id/sheet", ports.requireStaff, async (request, response) => {
    const { id } = parseRequest(changeParams, request.params);
    response.set("Cache-Control", "no-store").json(await ports.sheet(staffIn(response), id));
  });
  return router;
}
