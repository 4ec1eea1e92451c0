import type { Writable } from "node:stream";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { z } from "zod";
import type { StaffIdentity } from "#contracts/identity.ts";
import { journalRequest } from "#contracts/journal-api.ts";
import { attach } from "./attach.ts";
import { parseRequest } from "./problem.ts";
import { staffIn } from "./require.ts";

export interface LineStatementPorts {
  readonly requireStaff: RequestHandler;
  /** The agent's partner, if this person may read that agent, noted in the audit log; throws a problem when not. */
  readonly demandAgent: (staff: StaffIdentity, id: string, request: Request, response: Response) => Promise<number>;
  readonly write: (
    asked: {
      readonly agentId: string;
      readonly tenantId: number;
      readonly from: string | null;
      readonly to: string | null;
    },
    open: () => Writable,
  ) => Promise<void>;
}

const agentParams = z.strictObject({ id: z.uuid() });

/** GET /agents/:id/statements?from&to: what an agent and all below him earned and were paid, as CSV. Mounted at /api/admin. */
export function lineStatementRoutes(ports: LineStatementPorts): Router {
  const router = Router();
  router.get("/agents/:id/statements", ports.requireStaff, async (request, response) => {
    const { from = null, to = null } = parseRequest(journalRequest, request.query);
    const { id } = parseRequest(agentParams, request.params);
    const tenantId = await ports.demandAgent(staffIn(response), id, request, response);
    await attach(response, { name: `truewick-agent-${id}.csv`, type: "text/csv" }, (open) =>
      ports.write({ agentId: id, tenantId, from, to }, open),
    );
  });
  return router;
}
