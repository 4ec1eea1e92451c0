import type { Request, Response } from "express";
import type { StaffIdentity } from "#contracts/identity.ts";
import { assert } from "#core/result.ts";
import type { Actor } from "../platform/db/unit-of-work.ts";

/** Who requireStaff found. */
export function staffOf(response: Response): StaffIdentity {
  const staff: StaffIdentity | undefined = response.locals.staff;
  assert(staff !== undefined, "a back office route runs without requireStaff");
  return staff;
}

export function actorOf(staff: StaffIdentity, request: Request, response: Response): Actor {
  return {
    kind: "staff",
    id: staff.staffId,
    name: staff.name,
    role: staff.role,
    tenantId: staff.tenantId,
    ip: request.ip ?? null,
    traceId: response.locals.traceId ?? null,
  };
}
