import { type Request, type RequestHandler, type Response, Router } from "express";
import { z } from "zod";
import type { StaffIdentity } from "#contracts/identity.ts";
import { ProblemError, parseRequest } from "./problem.ts";
import { staffIn } from "./require.ts";

/** A file on the disk, and how it is called where it is saved. */
export interface ServedFile {
  readonly folder: string;
  readonly name: string;
  readonly savedAs: string;
}
export type ServedKind = "file" | "manifest";

export interface ExportPorts {
  readonly requireStaff: RequestHandler;
  /** A token for that file, and the note of it in the audit log; throws a problem when this person may not have it. */
  readonly permit: (
    staff: StaffIdentity,
    asked: { readonly id: string; readonly kind: ServedKind },
    request: Request,
    response: Response,
  ) => Promise<string>;
  /** What a token stands for; null: it is over, was changed, or the file is gone. */
  readonly find: (token: string) => Promise<ServedFile | null>;
}

const idParams = z.strictObject({ id: z.uuid() });

/**
 * GET /exports/:id/file and /exports/:id/manifest lead to a link that is good for minutes and needs no login, so that a browser or a
 * download program may take the file up again where it broke off (Range). Mounted at /api/admin.
 */
export function exportRoutes(ports: ExportPorts): Router {
  const router = Router();
  for (const kind of ["file", "manifest"] as const)
    router.get(`/exports/:id/${kind}`, ports.requireStaff, async (request, response) => {
      const { id } = parseRequest(idParams, request.params);
      const asked = { id: id.toLowerCase(), kind };
      const token = await ports.permit(staffIn(response), asked, request, response);
      response.set("Cache-Control", "no-store").redirect(303, `/api/admin/export-files/${token}`);
    });
  router.get("/export-files/:token", async (request, response, next) => {
    const file = await ports.find(String(request.params.token));
    if (file === null)
      throw new ProblemError(404, "LINK_OVER", "This link is over. Download it from the back office again.");
    response.set({
      "Content-Disposition": `attachment; filename="${file.savedAs}"`,
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "private, no-store",
    });
    response.sendFile(file.name, { root: file.folder, cacheControl: false, dotfiles: "allow" }, (error) => {
      if (error !== undefined && !response.headersSent) next(error);
    });
  });
  return router;
}
