import type { Request, RequestHandler, Response } from "express";
import type { StaffIdentity, TraderIdentity } from "#contracts/identity.ts";
import { ProblemError } from "./problem.ts";
import { refuseForeignOrigin, staffCookie } from "./staff-cookie.ts";

export interface RequirePorts {
  /** By session token or API key; null: not (or no longer) logged in. */
  readonly staffOf: (token: string) => Promise<StaffIdentity | null>;
  readonly traderOf: (token: string) => Promise<TraderIdentity | null>;
}

/** Text after "Bearer", null without one. Base64url and the dots of tokens only. */
export function bearerToken(request: Request): string | null {
  return /^Bearer +([A-Za-z0-9._~-]{20,200})$/i.exec(request.get("authorization") ?? "")?.[1] ?? null;
}

/**
 * Lets staff through, as `response.locals.staff`: by API key (`Authorization: Bearer`), else by the cookie. A cookie's write
 * must carry our own Origin: browsers send it on every such request, and no other site can forge it.
 */
export function requireStaff({ staffOf }: Pick<RequirePorts, "staffOf">): RequestHandler {
  return async (request, response, next) => {
    const key = bearerToken(request);
    const cookie = key === null ? staffCookie(request) : null;
    if (cookie !== null) refuseForeignOrigin(request, true);
    const token = key ?? cookie;
    const staff = token === null ? null : await staffOf(token);
    if (staff === null) throw new ProblemError(401, "NOT_LOGGED_IN", "Log in to go on.");
    response.locals.staff = staff;
    next();
  };
}

/** Lets a trader through, as `response.locals.trader`: by access token (`Authorization: Bearer`). */
export function requireTrader({ traderOf }: Pick<RequirePorts, "traderOf">): RequestHandler {
  return async (request, response, next) => {
    const token = bearerToken(request);
    const trader = token === null ? null : await traderOf(token);
    if (trader === null)
      throw new ProblemError(401, "NOT_LOGGED_IN", "Log in to go on.", { headers: { "WWW-Authenticate": "Bearer" } });
    response.locals.trader = trader;
    next();
  };
}

/** Who `requireStaff` let through. */
export const staffIn = (response: Response): StaffIdentity => response.locals.staff as StaffIdentity;

/** Who `requireTrader` let through. */
export const traderIn = (response: Response): TraderIdentity => response.locals.trader as TraderIdentity;
