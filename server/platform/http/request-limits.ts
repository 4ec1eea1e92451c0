import { TextDecoder } from "node:util";
import express, { type RequestHandler } from "express";
import { ProblemError } from "./problem.ts";

const bodyBytesMax = 32 * 1024;
const depthMax = 8;
const arrayItemsMax = 500;
const queryBytesMax = 2 * 1024;
/** The back office fetches up to 500 rows by id in one GET: 500 quoted, URL-encoded UUIDs. */
const adminQueryBytesMax = 24 * 1024;
const dangerousKeys = new Set(["__proto__", "constructor", "prototype"]);

export const refuseTrace: RequestHandler = (request, response, next) => {
  if (request.method !== "TRACE" && request.method !== "TRACK") return next();
  response.setHeader("allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  throw new ProblemError(405, "METHOD_NOT_ALLOWED", `The method ${request.method} is not allowed.`);
};

export const limitQuery: RequestHandler = (request, _response, next) => {
  const query = request.originalUrl.slice(request.path.length + 1);
  const isAdmin = /^\/api\/admin\//i.test(request.path);
  if (Buffer.byteLength(query) > (isAdmin ? adminQueryBytesMax : queryBytesMax))
    throw new ProblemError(414, "QUERY_TOO_LONG", "The query string is too long.");
  next();
};

/** Bodies are JSON in UTF-8, uncompressed, at most 32 KiB, not deeply nested; anything else is refused before a route sees it. */
export function jsonBody(): RequestHandler[] {
  return [
    refuseOtherTypes,
    express.json({ limit: bodyBytesMax, inflate: false, strict: false, verify: mustBeUtf8 }),
    limitShape,
  ];
}

const refuseOtherTypes: RequestHandler = (request, _response, next) => {
  const hasBody =
    request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0;
  if (hasBody && request.is("application/json") === false)
    throw new ProblemError(415, "UNSUPPORTED_MEDIA_TYPE", "The body must be application/json.");
  next();
};

function mustBeUtf8(_request: unknown, _response: unknown, body: Buffer): void {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new ProblemError(400, "MALFORMED_JSON", "The body is not UTF-8.");
  }
}

const limitShape: RequestHandler = (request, _response, next) => {
  checkShape(request.body, 1, "body");
  next();
};

function checkShape(value: unknown, depth: number, at: string): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > depthMax) refuse(at, `must not be nested deeper than ${depthMax} levels`);
  if (Array.isArray(value) && value.length > arrayItemsMax)
    refuse(at, `must not have more than ${arrayItemsMax} items`);
  for (const [key, part] of Object.entries(value)) {
    if (dangerousKeys.has(key)) refuse(key, "unknown field");
    checkShape(part, depth + 1, depth === 1 ? key : `${at}.${key}`);
  }
}

function refuse(field: string, why: string): never {
  throw new ProblemError(422, "INVALID_REQUEST", `The request is malformed: ${field} ${why}.`, {
    errors: { [field]: why },
  });
}
