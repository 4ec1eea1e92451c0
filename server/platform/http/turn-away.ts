import type { RequestHandler } from "express";
import { ProblemError } from "./problem.ts";

const retryAfterSeconds = "1";

/** Sends requests to another process while this one ends: 503 to be repeated, on a connection that is closed after it. */
export function turnAway(isDraining: () => boolean): RequestHandler {
  return (_request, response, next) => {
    if (!isDraining()) return next();
    response.setHeader("connection", "close");
    throw new ProblemError(503, "TRY_AGAIN", "This server is being restarted. Send the request again.", {
      headers: { "Retry-After": retryAfterSeconds },
    });
  };
}
