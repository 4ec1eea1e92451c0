import type { Response } from "express";
import type { BatchAnswer, OrderAnswer, PositionAnswer } from "#contracts/trading-api.ts";
import { ProblemError } from "./problem.ts";

const retryAfterSeconds = "1";

/** The answer to a command: what came of it, or a problem with its code and the checks that were made. */
export function sendAnswer(response: Response, answer: OrderAnswer | PositionAnswer | BatchAnswer): void {
  if (!("code" in answer)) {
    const { status, ...said } = answer;
    response.status(status).json(said);
    return;
  }
  throw new ProblemError(answer.status, answer.code, answer.message, {
    ...(answer.errors === undefined ? {} : { errors: answer.errors }),
    ...(answer.checks === undefined ? {} : { extra: { checks: answer.checks } }),
    headers: answer.status === 503 ? { "Retry-After": retryAfterSeconds } : {},
  });
}
