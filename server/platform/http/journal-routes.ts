import type { Writable } from "node:stream";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { z } from "zod";
import type { StaffIdentity } from "#contracts/identity.ts";
import { journalRequest } from "#contracts/journal-api.ts";
import { attach } from "./attach.ts";
import { parseRequest } from "./problem.ts";
import { staffIn } from "./require.ts";

export interface JournalPorts {
  readonly requireStaff: RequestHandler;
  /** Whether this person may export that partner's books, and the note of it in the audit log; throws a problem when not. */
  readonly demandPartner: (
    staff: StaffIdentity,
    partnerId: string,
    request: Request,
    response: Response,
  ) => Promise<void>;
  readonly write: (
    asked: { readonly tenantId: number; readonly from: string | null; readonly to: string | null },
    open: () => Writable,
  ) => Promise<void>;
}

const partnerParams = z.strictObject({ id: z.string().regex(/^\d{1,9}$/, "must be the number of a partner") });

/** GET /partners/:id/journal?from&to: the partner's books as a plain-text journal. Mounted at /api/admin. */
export function journalRoutes(ports: JournalPorts): Router {
  const router = Router();
  router.get("/partners/:id/journal", ports.requireStaff, async (request, response) => {
    const { id } = parseRequest(partnerParams, request.params);
    const { from = null, to = null } = parseRequest(journalRequest, request.query);
    await ports.demandPartner(staffIn(response), id, request, response);
    await attach(response, { name: `truewick-partner-${id}.journal`, type: "text/plain" }, (open) =>
      ports.write({ tenantId: Number(id), from, to }, open),
    );
  });
  return router;
}
