import express, { type Router } from "express";
import type { TraderIdentity } from "#contracts/identity.ts";
import { type SelfExclusionReply, selfExclusionRequest } from "#contracts/self-exclusion-api.ts";
import type { Result } from "#core/result.ts";
import { ProblemError, parseRequest } from "./problem.ts";
import { traderIn } from "./require.ts";

interface SelfExclusionPorts {
  readonly exclude: (
    trader: TraderIdentity,
    until: Date,
  ) => Promise<Result<Date, { readonly code: keyof typeof sentences }>>;
}

const sentences = {
  EXCLUSION_TOO_SHORT: "Choose a moment at least one day ahead.",
  EXCLUSION_TOO_LONG: "Choose a moment at most five years ahead.",
  EXCLUSION_ONLY_LONGER: "You have excluded yourself for longer than that; it can only be made longer.",
} as const;

/** A trader who shuts himself out. Mounted at /api/trading, behind requireTrader. */
export function selfExclusionRoutes({ exclude }: SelfExclusionPorts): Router {
  const router = express.Router();
  router.post("/self-exclusion", async (request, response) => {
    const { until } = parseRequest(selfExclusionRequest, request.body);
    const excluded = await exclude(traderIn(response), new Date(until));
    if (!excluded.ok) {
      const says = sentences[excluded.refusal.code];
      throw new ProblemError(422, excluded.refusal.code, says, { errors: { until: says } });
    }
    const reply: SelfExclusionReply = { excludedUntil: excluded.value.toISOString() };
    response.json(reply);
  });
  return router;
}
