import { type RequestHandler, Router } from "express";
import type { StaffIdentity } from "#contracts/identity.ts";
import { type StressReply, type StressRequest, stressRequest } from "#contracts/stress.ts";
import { parseRequest } from "./problem.ts";
import { staffIn } from "./require.ts";

export interface StressPorts {
  readonly requireStaff: RequestHandler;
  /** Throws a problem when this person may not ask. */
  readonly demand: (staff: StaffIdentity) => void;
  /** Throws a problem when it can't be answered. */
  readonly run: (staff: StaffIdentity, request: StressRequest) => Promise<StressReply>;
}

/** POST /stress: what shocks of the prices would do to the book. Changes nothing. Mounted at /api/admin. */
export function stressRoutes(ports: StressPorts): Router {
  const router = Router();
  router.post("/stress", ports.requireStaff, async (request, response) => {
    const staff = staffIn(response);
    ports.demand(staff);
    const asked = parseRequest(stressRequest, request.body);
    response.set("Cache-Control", "no-store").json(await ports.run(staff, asked));
  });
  return router;
}
