import type { RequestHandler, Router } from "express";
import { exposureRoles } from "#contracts/exposure.ts";
import { type StressDeps, type StressRefusal, stressRun } from "../capabilities/exposure/index.ts";
import { busy, ProblemError } from "../platform/http/problem.ts";
import { stressRoutes } from "../platform/http/stress-routes.ts";
import { forbidden } from "../resources/index.ts";

/** What a shock of the prices would do, for who runs the desk: the operator's staff for everybody, a partner's for their own. */
export function openStress(deps: StressDeps, requireStaff: RequestHandler): Router {
  const run = stressRun(deps);
  return stressRoutes({
    requireStaff,
    demand: (staff) => {
      if (!exposureRoles.includes(staff.role)) throw forbidden(staff);
    },
    run: async (staff, request) => {
      const reply = await run(staff, request);
      if (!reply.ok) throw refused(reply.refusal);
      return reply.value;
    },
  });
}

function refused(refusal: StressRefusal): ProblemError {
  if (refusal.code === "BUSY") return busy();
  return new ProblemError(422, refusal.code, "There is no such instrument.", {
    errors: { [refusal.field]: "There is no such instrument." },
  });
}
