import { type RequestHandler, Router } from "express";
import { z } from "zod";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { UnsignedPayoutReply } from "#contracts/unsigned-payout-api.ts";
import { parseRequest } from "./problem.ts";
import { staffIn } from "./require.ts";

export interface UnsignedPayoutPorts {
  readonly requireStaff: RequestHandler;
  /** Throws the problem that tells why there is none. */
  readonly unsigned: (viewer: StaffIdentity, withdrawalId: string) => Promise<UnsignedPayoutReply>;
}

const params = z.strictObject({ id: z.uuid() });

/** GET /withdrawals/:id/unsigned-payout. Mounted at /api/admin, before the resources. */
export function unsignedPayoutRoutes({ requireStaff, unsigned }: UnsignedPayoutPorts): Router {
  const router = Router();
  router.get("/withdrawals/:id/unsigned-payout", requireStaff, async (request, response) => {
    const { id } = parseRequest(params, request.params);
    const reply = await unsigned(staffIn(response), id.toLowerCase());
    response.set("Cache-Control", "no-store").json(reply);
  });
  return router;
}
