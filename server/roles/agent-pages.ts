import type { RequestHandler, Router } from "express";
import type { Knex } from "knex";
import agents from "#contracts/resources/agents.ts";
import commissions from "#contracts/resources/commissions.ts";
import { fillWaterfall, previewMove } from "../capabilities/agents/index.ts";
import { agentMoveRoutes } from "../platform/http/agent-move-routes.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { waterfallRoutes } from "../platform/http/waterfall-routes.ts";
import { refusedAt } from "./back-office-refusals.ts";

/** What the pages about agents ask besides their records: what a move would do, and who gets what of a fill. */
export const agentPages = (readDb: Knex, requireStaff: RequestHandler): Router[] => [
  agentMoveRoutes({
    requireStaff,
    roles: agents.commands.move.roles,
    preview: async (viewer, agentId, parentId) => {
      const preview = await previewMove(readDb, viewer, { agentId, parentId });
      if (preview.ok)
        return { ...preview.value, lineBefore: [...preview.value.lineBefore], lineAfter: [...preview.value.lineAfter] };
      const { code, says, status = 422 } = refusedAt(preview.refusal).refusal;
      throw new ProblemError(status, code, says[viewer.locale === "zh-CN" ? 1 : 0]);
    },
  }),
  waterfallRoutes({
    requireStaff,
    roles: commissions.operations.read,
    waterfall: (viewer, fillId) => fillWaterfall(readDb, viewer, fillId),
  }),
];
