import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import { traceOf } from "../log.ts";

const acceptable = /^[A-Za-z0-9-]{8,64}$/;

/** Gives every request a trace id (the caller's own `x-trace-id` when it is one), and answers with it. */
export const traced: RequestHandler = (request, response, next) => {
  const given = request.get("x-trace-id");
  const traceId = given !== undefined && acceptable.test(given) ? given : randomUUID();
  response.locals.traceId = traceId;
  response.setHeader("x-trace-id", traceId);
  traceOf.run(traceId, next);
};
