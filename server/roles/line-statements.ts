import type { RequestHandler, Router } from "express";
import { assert } from "#core/result.ts";
import { writeLineStatements } from "../capabilities/exports/index.ts";
import { lineStatementRoutes } from "../platform/http/line-statement-routes.ts";
import { actorOf, demandReadable, type Resources } from "../resources/index.ts";
import type { Shared } from "./shared.ts";

/** Statements of an agent's line for whoever may read the agent, his own staff included. */
export function openLineStatements(
  { readDb, transact }: Pick<Shared, "readDb" | "transact">,
  resources: Resources,
  requireStaff: RequestHandler,
): Router {
  const demand = demandReadable(readDb, resources, "agents");
  return lineStatementRoutes({
    requireStaff,
    demandAgent: async (staff, id, request, response) => {
      await demand(staff, id);
      const agent = await readDb("agents").where({ id }).first("tenant_id");
      assert(agent !== undefined, `agent ${id} was read and is not there`);
      await transact(actorOf(staff, request, response), async ({ audit }) =>
        audit({
          ...{ action: "export", resource: "agents", objectId: id, tenantId: agent.tenant_id },
          after: { file: "statements", ...request.query },
        }),
      );
      return agent.tenant_id;
    },
    write: (asked, open) => writeLineStatements(readDb, asked, open),
  });
}
