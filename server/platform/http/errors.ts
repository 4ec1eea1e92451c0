import { STATUS_CODES } from "node:http";
import type { ErrorRequestHandler, RequestHandler } from "express";
import { isUnavailable } from "../db/unavailable.ts";
import type { Log } from "../log.ts";
import { ProblemError } from "./problem.ts";

export const notFound: RequestHandler = () => {
  throw new ProblemError(404, "NOT_FOUND", "There is nothing at this address.");
};

/** The one place where what was thrown becomes an answer. Bugs say nothing but their trace id; the log has the rest. */
export function problemHandler(log: Log): ErrorRequestHandler {
  return (thrown, _request, response, _next) => {
    const isExpected = thrown instanceof ProblemError;
    const problem = isExpected ? thrown : asProblem(thrown);
    // A 503 that was meant needs no stack: in a flood of them the log would cost more than the orders.
    if (!isExpected && problem.status >= 500) log.error({ err: thrown }, "request failed");
    if (response.headersSent) {
      response.destroy(); // half an answer cannot be mended: the client must see that it is cut
      return;
    }
    const title = STATUS_CODES[problem.status] ?? "Error";
    for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
    response.setHeader("cache-control", "no-store");
    response
      .status(problem.status)
      .type("application/problem+json")
      .send(
        JSON.stringify({
          ...problem.extra,
          type: "about:blank",
          title,
          status: problem.status,
          detail: problem.message,
          message: problem.message,
          code: problem.code,
          ...(problem.errors === undefined ? {} : { errors: problem.errors }),
          traceId: String(response.locals.traceId ?? ""),
        }),
      );
  };
}

/** What Express and its body parser throw, by their documented `type`. */
const known: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  "entity.too.large": [413, "BODY_TOO_LARGE", "The body is too large."],
  "entity.parse.failed": [400, "MALFORMED_JSON", "The body is not valid JSON."],
  "entity.verify.failed": [400, "MALFORMED_JSON", "The body is not valid JSON in UTF-8."],
  "encoding.unsupported": [415, "UNSUPPORTED_ENCODING", "The body must not be compressed."],
  "charset.unsupported": [415, "UNSUPPORTED_MEDIA_TYPE", "The body must be in UTF-8."],
  "request.aborted": [400, "REQUEST_ABORTED", "The request ended too early."],
  "request.size.invalid": [400, "MALFORMED_REQUEST", "The body's length is not what was announced."],
};

/** The database is away, overloaded or read-only: it says nothing about the request. */
const retryAfterSeconds = "1";

function asProblem(thrown: unknown): ProblemError {
  const { type, status } = (typeof thrown === "object" && thrown !== null ? thrown : {}) as Record<string, unknown>;
  const answer = typeof type === "string" ? known[type] : undefined;
  if (answer !== undefined) return new ProblemError(...answer);
  if (thrown instanceof URIError) return new ProblemError(400, "MALFORMED_REQUEST", "The address is not well-formed.");
  if (status === 404) return new ProblemError(404, "NOT_FOUND", "There is nothing at this address.");
  if (typeof status === "number" && status >= 400 && status < 500)
    return new ProblemError(status, "MALFORMED_REQUEST", "The request is not well-formed.");
  if (isUnavailable(thrown))
    return new ProblemError(503, "TRY_AGAIN", "The server cannot do this now; try again.", {
      headers: { "Retry-After": retryAfterSeconds },
    });
  return new ProblemError(500, "INTERNAL_ERROR", "Something went wrong here; the trace id tells us what.");
}
