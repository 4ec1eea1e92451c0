import type { Request, Response } from "express";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { Locale } from "#contracts/names.ts";
import { assert } from "#core/result.ts";
import type { Actor } from "../platform/db/unit-of-work.ts";

/** Who requireStaff found, told things in the language the request asks for, else in the one set for the person. */
export function staffOf(response: Response): StaffIdentity {
  const staff: StaffIdentity | undefined = response.locals.staff;
  assert(staff !== undefined, "a back office route runs without requireStaff");
  return { ...staff, locale: languageOf(response.req) ?? staff.locale };
}

/** The first language of Accept-Language that we speak; null where none is, or any will do. */
function languageOf(request: Request): Locale | null {
  for (const language of request.acceptsLanguages()) {
    if (/^en\b/i.test(language)) return "en";
    if (/^zh\b/i.test(language)) return "zh-CN";
  }
  return null;
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
