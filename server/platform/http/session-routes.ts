import express, { type Request, type RequestHandler, type Response, type Router } from "express";
import type { StaffSession } from "#contracts/identity.ts";
import { type StaffLoginRequest, staffLoginRequest } from "#contracts/session-api.ts";
import { type LoginReply, type LoginRequest, loginRequest } from "#contracts/trading-api.ts";
import type { Result } from "#core/result.ts";
import { addressKey, type LoginLimits } from "../rate-limit.ts";
import { ProblemError, parseRequest } from "./problem.ts";
import { bearerToken } from "./require.ts";
import { clearStaffCookie, refuseForeignOrigin, setStaffCookie, staffCookie } from "./staff-cookie.ts";

interface LoginFrom {
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly traceId: string | null;
}

export interface SessionPorts {
  readonly loginStaff: (
    login: StaffLoginRequest,
    from: LoginFrom,
  ) => Promise<Result<{ token: string; session: StaffSession }, "LOGIN_REFUSED" | "TOTP_REQUIRED">>;
  readonly loginTrader: (
    login: LoginRequest,
    from: LoginFrom,
  ) => Promise<Result<LoginReply, "LOGIN_REFUSED" | "PARTNER_TOKEN_REFUSED">>;
  readonly staffSessionOf: (token: string) => Promise<StaffSession | null>;
  readonly logout: (token: string) => Promise<void>;
  readonly limits: LoginLimits;
}

const refusals = {
  LOGIN_REFUSED: "E-mail, password or code is wrong.",
  TOTP_REQUIRED: "Enter the six digits of your authenticator app.",
  PARTNER_TOKEN_REFUSED: "The partner's token is not valid.",
} as const;

/** Logging in and out, for staff and for traders. Mounted at /api. */
export function sessionRoutes(ports: SessionPorts): Router {
  const router = express.Router();
  router.post("/admin/session", staffLogin(ports));
  router.get("/admin/session", async (request, response) => {
    const token = bearerToken(request) ?? staffCookie(request);
    const session = token === null ? null : await ports.staffSessionOf(token);
    if (session === null) throw new ProblemError(401, "NOT_LOGGED_IN", "Log in to go on.");
    response.json(session);
  });
  router.delete("/admin/session", async (request, response) => {
    const token = staffCookie(request);
    if (token !== null) {
      refuseForeignOrigin(request, true);
      await ports.logout(token);
    }
    clearStaffCookie(request, response);
    response.status(204).end();
  });
  router.post("/trading/session", traderLogin(ports));
  router.delete("/trading/session", async (request, response) => {
    const token = bearerToken(request);
    if (token !== null) await ports.logout(token);
    response.status(204).end();
  });
  return router;
}

function staffLogin(ports: SessionPorts): RequestHandler {
  return async (request, response) => {
    refuseForeignOrigin(request, false);
    const login = parseRequest(staffLoginRequest, request.body);
    const done = await limited(ports.limits, request, `staff:${login.email.toLowerCase()}`, () =>
      ports.loginStaff(login, loginFrom(request, response)),
    );
    // A session that the browser held before is not taken over: it ends here.
    const before = staffCookie(request);
    if (before !== null) await ports.logout(before);
    setStaffCookie(request, response, done.token);
    response.json(done.session);
  };
}

function traderLogin(ports: SessionPorts): RequestHandler {
  return async (request, response) => {
    const login = parseRequest(loginRequest, request.body);
    const account = "email" in login ? `trader:${login.email.toLowerCase()}` : null;
    const reply = await limited(ports.limits, request, account, () =>
      ports.loginTrader(login, loginFrom(request, response)),
    );
    response.json(reply);
  };
}

/**
 * Runs a login within the limits. Points are taken before the password is looked at, so that parallel guesses count, and
 * given back when it was right: only failures use them up.
 */
async function limited<T>(
  limits: LoginLimits,
  request: Request,
  account: string | null,
  login: () => Promise<Result<T, keyof typeof refusals>>,
): Promise<T> {
  const address = addressKey(request.ip ?? "");
  const waits = [await limits.address.take(address), account === null ? null : await limits.account.take(account)];
  const waitSeconds = Math.max(...waits.map((wait) => wait ?? 0));
  if (waitSeconds > 0)
    throw new ProblemError(429, "TOO_MANY_LOGINS", "Too many failed logins. Try again later.", {
      headers: { "Retry-After": String(waitSeconds) },
    });
  const result = await login();
  if (result.ok || result.refusal === "TOTP_REQUIRED") {
    await limits.address.giveBack(address);
    if (account !== null) await limits.account[result.ok ? "forget" : "giveBack"](account);
  }
  if (!result.ok) throw new ProblemError(401, result.refusal, refusals[result.refusal]);
  return result.value;
}

const loginFrom = (request: Request, response: Response): LoginFrom => ({
  ip: request.ip ?? null,
  userAgent: request.get("user-agent") ?? null,
  traceId: typeof response.locals.traceId === "string" ? response.locals.traceId : null,
});
