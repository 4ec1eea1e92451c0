import type { RequestHandler, Router } from "express";
import type { Knex } from "knex";
import agents from "#contracts/resources/agents.ts";
import { previewMove } from "../capabilities/agents/index.ts";
import { agentMoveRoutes } from "../platform/http/agent-move-routes.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { refusedAt } from "./back-office-refusals.ts";

/** What a move of an agent would do, for whoever may give the command. */
export const agentMoves = (readDb: Knex, requireStaff: RequestHandler): Router =>
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
  });
