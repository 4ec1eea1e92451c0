import type { Request } from "express";
import type { StaffIdentity } from "#contracts/identity.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { says } from "./messages.ts";
import type { Resource } from "./model.ts";
import { valueSchema } from "./values.ts";

/** The id in the path. One of the wrong shape names nothing, as a foreign one does. */
export function recordIdOf(request: Request, resource: Resource, staff: StaffIdentity): string {
  const { id } = request.params;
  const { spec } = resource.id;
  const isNumber = spec.kind === "id" && spec.shape === "integer";
  // "1e0", "0x1" and " 1" are numbers to JavaScript, and errors to PostgreSQL.
  const isPlain = typeof id === "string" && (!isNumber || String(Number(id)) === id);
  if (!isPlain || !valueSchema(spec).safeParse(isNumber ? Number(id) : id).success) throw notFound(staff);
  return id;
}

export const notFound = (staff: StaffIdentity): ProblemError =>
  new ProblemError(404, "NOT_FOUND", says("notFound", staff.locale));
