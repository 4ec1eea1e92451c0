import type { IncomingHttpHeaders } from "node:http";
import type { CookieOptions, Request, Response } from "express";
import { ProblemError } from "./problem.ts";

const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);
const secureName = "__Host-truewick_staff";
const plainName = "truewick_staff";
const writes = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * The name of the staff cookie. `__Host-` with Secure everywhere but on plain http from the same machine, where some browsers
 * and every script refuse to send a Secure cookie back. Over plain http from elsewhere the cookie is still Secure, so such a
 * login does not hold: the password has crossed the net in clear and the operator should notice.
 * Only the name that fits the request is read, so that no plain page of the host can slip its own cookie in.
 */
function cookieOf(request: Request): { name: string; secure: boolean } {
  const secure = request.secure || !loopbackHosts.has(request.hostname);
  return { name: secure ? secureName : plainName, secure };
}

export const staffCookie = (request: Request): string | null =>
  cookieNamed(cookieOf(request).name, request.headers.cookie ?? "");

/** The same for the handshake of a socket, which Express does not see: the plain name counts on loopback only. */
export function staffCookieIn({ cookie = "", host = "" }: IncomingHttpHeaders): string | null {
  const isLoopback = loopbackHosts.has(host.replace(/:\d+$/, ""));
  return cookieNamed(secureName, cookie) ?? (isLoopback ? cookieNamed(plainName, cookie) : null);
}

function cookieNamed(name: string, cookies: string): string | null {
  for (const part of cookies.split(";")) {
    const [key = "", value = ""] = part.trim().split("=", 2);
    if (key === name && /^[A-Za-z0-9_-]{20,100}$/.test(value)) return value;
  }
  return null;
}

/** No expiry: the cookie dies with the browser, the session before that on the server. */
const optionsOf = (secure: boolean): CookieOptions => ({ httpOnly: true, sameSite: "strict", secure, path: "/" });

export function setStaffCookie(request: Request, response: Response, token: string): void {
  const { name, secure } = cookieOf(request);
  response.cookie(name, token, optionsOf(secure));
}

export function clearStaffCookie(request: Request, response: Response): void {
  const { name, secure } = cookieOf(request);
  response.clearCookie(name, optionsOf(secure));
}

/** Refuses a write that a page of another origin made the browser send. `needsOrigin`: a missing Origin is refused too. */
export function refuseForeignOrigin(request: Request, needsOrigin: boolean): void {
  if (!writes.has(request.method)) return;
  const origin = request.get("origin");
  if (origin === undefined && !needsOrigin) return;
  if (origin !== `${request.protocol}://${request.host}`)
    throw new ProblemError(403, "FOREIGN_ORIGIN", "This request did not come from the back office's own pages.");
}
