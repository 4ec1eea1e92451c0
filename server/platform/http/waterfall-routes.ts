import { type RequestHandler, Router } from "express";
import { z } from "zod";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { StaffRole } from "#contracts/names.ts";
import type { WaterfallReply } from "#contracts/waterfall-api.ts";
import { ProblemError, parseRequest } from "./problem.ts";
import { staffIn } from "./require.ts";

export interface WaterfallPorts {
  readonly requireStaff: RequestHandler;
  /** Who may read commissions, and so how they came about. */
  readonly roles: readonly StaffRole[];
  /** Null: there is no such fill for this viewer. */
  readonly waterfall: (viewer: StaffIdentity, fillId: bigint) => Promise<WaterfallReply | null>;
}

const fillParams = z.strictObject({ id: z.string().regex(/^\d{1,18}$/, "must be the number of a fill") });

/** GET /fills/:id/waterfall. Mounted at /api/admin, before the resources. */
export function waterfallRoutes({ requireStaff, roles, waterfall }: WaterfallPorts): Router {
  const router = Router();
  router.get("/fills/:id/waterfall", requireStaff, async (request, response) => {
    const viewer = staffIn(response);
    if (!roles.includes(viewer.role)) throw new ProblemError(403, "FORBIDDEN", "Your role may not do this.");
    const { id } = parseRequest(fillParams, request.params);
    const reply = await waterfall(viewer, BigInt(id));
    if (reply === null) throw new ProblemError(404, "UNKNOWN_FILL", "You have no fill with this number.");
    response.set("Cache-Control", "no-store").json(reply);
  });
  return router;
}
