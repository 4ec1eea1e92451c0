import { type RequestHandler, Router } from "express";
import { z } from "zod";
import { type MovePreviewReply, movePreviewQuery } from "#contracts/agent-move.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { StaffRole } from "#contracts/names.ts";
import { ProblemError, parseRequest } from "./problem.ts";
import { staffIn } from "./require.ts";

export interface AgentMovePorts {
  readonly requireStaff: RequestHandler;
  /** Who may move agents, and so ask what a move would do. */
  readonly roles: readonly StaffRole[];
  /** Throws a problem when the move can't be. */
  readonly preview: (viewer: StaffIdentity, agentId: string, parentId: string | null) => Promise<MovePreviewReply>;
}

const idParams = z.strictObject({ id: z.uuid() });

/** GET /agents/:id/move-preview. Mounted at /api/admin, before the resources. */
export function agentMoveRoutes({ requireStaff, roles, preview }: AgentMovePorts): Router {
  const router = Router();
  router.get("/agents/:id/move-preview", requireStaff, async (request, response) => {
    const viewer = staffIn(response);
    if (!roles.includes(viewer.role)) throw new ProblemError(403, "FORBIDDEN", "Your role may not do this.");
    const { parentId = null } = parseRequest(movePreviewQuery, request.query);
    const { id } = parseRequest(idParams, request.params);
    response.json(await preview(viewer, id, parentId));
  });
  return router;
}
