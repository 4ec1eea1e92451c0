import { type Request, type RequestHandler, type Response, Router } from "express";
import { z } from "zod";
import type { StaffIdentity } from "#contracts/identity.ts";
import { parseRequest } from "./problem.ts";
import { staffIn } from "./require.ts";

/** A file as it was made, and how it is called where it is saved. */
export interface PayoutFile {
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly savedAs: string;
}

export interface PayoutFilePorts {
  readonly requireStaff: RequestHandler;
  /** The file, and the note of it in the audit log; throws a problem when there is none, or this person may not have it. */
  readonly file: (viewer: StaffIdentity, batchId: string, request: Request, response: Response) => Promise<PayoutFile>;
}

const params = z.strictObject({ id: z.uuid() });

/** GET /payout-batches/:id/pain001: always saved, never shown. Mounted at /api/admin, before the resources. */
export function payoutFileRoutes({ requireStaff, file }: PayoutFilePorts): Router {
  const router = Router();
  router.get("/payout-batches/:id/pain001", requireStaff, async (request, response) => {
    const { id } = parseRequest(params, request.params);
    const { bytes, sha256, savedAs } = await file(staffIn(response), id.toLowerCase(), request, response);
    response.attachment(savedAs).set({
      ...{ "Content-Type": "application/xml", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store" },
      ETag: `"${sha256}"`,
    });
    response.send(bytes);
  });
  return router;
}
