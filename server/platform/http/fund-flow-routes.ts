import { type RequestHandler, Router } from "express";
import { type FundFlowReply, type FundFlowRequest, fundFlowRequest } from "#contracts/fund-flow.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import { parseRequest } from "./problem.ts";
import { staffIn } from "./require.ts";

export interface FundFlowPorts {
  readonly requireStaff: RequestHandler;
  /** Throws a problem when this person may not follow that money, or when there is none such. */
  readonly read: (staff: StaffIdentity, asked: FundFlowRequest) => Promise<FundFlowReply>;
}

/** GET /fund-flow: what moved money for a trader, an agent line, a partner or the house. Mounted at /api/admin. */
export function fundFlowRoutes(ports: FundFlowPorts): Router {
  const router = Router();
  router.get("/fund-flow", ports.requireStaff, async (request, response) => {
    const asked = parseRequest(fundFlowRequest, request.query);
    response.set("Cache-Control", "no-store").json(await ports.read(staffIn(response), asked));
  });
  return router;
}
