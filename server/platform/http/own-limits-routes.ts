import express, { type Router } from "express";
import type { TraderIdentity } from "#contracts/identity.ts";
import { type OwnLimits, type OwnLimitsReply, ownLimits } from "#contracts/own-limits-api.ts";
import type { Result } from "#core/result.ts";
import { ProblemError, parseRequest } from "./problem.ts";
import { traderIn } from "./require.ts";

interface OwnLimitsPorts {
  readonly read: (trader: TraderIdentity) => Promise<OwnLimitsReply>;
  readonly set: (
    trader: TraderIdentity,
    wanted: OwnLimits,
  ) => Promise<
    Result<
      OwnLimitsReply,
      | { readonly code: "LIMIT_INVALID"; readonly problems: Readonly<Record<string, string>> }
      | { readonly code: "TOO_MANY_CHANGES" }
    >
  >;
}

/** What may be wrong with a limit. */
const problems: Readonly<Record<string, string>> = {
  unreadable: "Can't be read.",
  negative: "Must not be negative.",
  "too-large": "Is too large.",
  "too-many-digits": "Has too many digits.",
  "not-above-zero": "Must be above zero.",
  "not-a-time": "Write the time like 17:00.",
  "unknown-zone": "There is no such time zone; write it like Europe/London.",
  "unknown-name": "Names an instrument or class that there is not.",
  empty: "Allows nothing at all.",
  overlaps: "Two of these hours overlap.",
};

/** Limits that a trader sets for himself. Mounted at /api/trading, behind requireTrader. */
export function ownLimitsRoutes({ read, set }: OwnLimitsPorts): Router {
  const router = express.Router();
  router.get("/limits", async (_request, response) => {
    response.json(await read(traderIn(response)));
  });
  router.put("/limits", async (request, response) => {
    const saved = await set(traderIn(response), parseRequest(ownLimits, request.body));
    if (saved.ok) {
      response.json(saved.value);
      return;
    }
    const { refusal } = saved;
    if (refusal.code === "TOO_MANY_CHANGES")
      throw new ProblemError(429, refusal.code, "You have changed your limits too often today; try again tomorrow.");
    const errors = Object.entries(refusal.problems).map(([field, one]) => [
      field,
      problems[one] ?? `Can't be: ${one}.`,
    ]);
    throw new ProblemError(422, refusal.code, "A limit can't be set so.", { errors: Object.fromEntries(errors) });
  });
  return router;
}
