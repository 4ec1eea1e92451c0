import type { RequestHandler, Router } from "express";
import type { Knex } from "knex";
import { fundFlowSubjects } from "#contracts/fund-flow.ts";
import { type FundFlowRefusal, fundFlow } from "../capabilities/reports/index.ts";
import { fundFlowRoutes } from "../platform/http/fund-flow-routes.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { demandReadable, forbidden, type Resources } from "../resources/index.ts";

/** Who may follow whose money: the roles of the subject, for records they may read. Agents are not told what staff noted. */
export function openFundFlow(readDb: Knex, resources: Resources, requireStaff: RequestHandler): Router {
  const read = fundFlow(readDb);
  return fundFlowRoutes({
    requireStaff,
    read: async (staff, asked) => {
      const { resource, roles } = fundFlowSubjects[asked.of];
      if (!roles.includes(staff.role)) throw forbidden(staff);
      await demandReadable(readDb, resources, resource)(staff, asked.id);
      const reply = await read(asked, staff.role !== "agent");
      if (!reply.ok) throw refused(reply.refusal);
      return reply.value;
    },
  });
}

const refusals: Readonly<Record<FundFlowRefusal, { readonly field: string; readonly says: string }>> = {
  BAD_CURSOR: { field: "after", says: "This page belongs to another reading. Begin with the first page." },
  NO_SUCH_PURSE: { field: "currency", says: "There are no accounts in this book and currency." },
};

function refused(code: FundFlowRefusal): ProblemError {
  const { field, says } = refusals[code];
  return new ProblemError(422, code, says, { errors: { [field]: says } });
}
