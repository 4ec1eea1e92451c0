import type { StaffSession } from "#contracts/identity.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { IdentityDeps, LoginFrom } from "./deps.ts";
import { findStaff, openSession } from "./sessions.store.ts";

export interface StaffLogin {
  readonly email: string;
  readonly password: string;
  /** Six digits of the authenticator, for staff who have one. */
  readonly totp?: string | undefined;
}

export interface StaffLoggedIn {
  readonly token: string;
  readonly session: StaffSession;
}

/** LOGIN_REFUSED is one answer for an unknown person, a wrong password, a wrong code and a disabled person. */
export type StaffLoginRefusal = "LOGIN_REFUSED" | "TOTP_REQUIRED";

/** Logs a member of staff in under a new session. */
export const loginStaff =
  (deps: IdentityDeps) =>
  async (login: StaffLogin, from: LoginFrom): Promise<Result<StaffLoggedIn, StaffLoginRefusal>> => {
    const { db, passwords, clock } = deps;
    const staff = await db("staff").whereRaw("lower(email) = lower(?)", [login.email]).first();
    const matches = await passwords.matches(staff?.password_hash ?? null, login.password);
    if (staff === undefined || !matches || staff.state !== "active") return refuse("LOGIN_REFUSED");
    if (staff.totp_secret !== null) {
      if (login.totp === undefined) return refuse("TOTP_REQUIRED");
      if (!(await spendCode(deps, staff.id, staff.totp_secret, login.totp))) return refuse("LOGIN_REFUSED");
    }
    if (passwords.isOutdated(staff.password_hash))
      await db("staff")
        .where({ id: staff.id })
        .update({ password_hash: await passwords.hash(login.password) });
    const now = clock.now();
    const actor = {
      kind: "staff",
      id: staff.id,
      name: staff.email,
      role: staff.role,
      tenantId: staff.tenant_id,
      ip: from.ip,
      traceId: from.traceId,
    } as const;
    const opened = await deps.transact(actor, async (work) => {
      const session = await openSession(work.db, { kind: "staff", id: staff.id }, from, now);
      work.audit({ action: "login", resource: "staff", objectId: staff.id });
      return session;
    });
    const found = await findStaff(db, opened.token, now, true);
    if (found === null) return refuse("LOGIN_REFUSED");
    return ok({ token: opened.token, session: { ...found.identity, expiresAt: opened.expiresAt.toISOString() } });
  };

/** Accepts a one-time code once: of two requests with the same code one wins, in the database. */
async function spendCode(deps: IdentityDeps, staffId: string, secret: string, code: string): Promise<boolean> {
  const step = deps.totpStep(secret, code, deps.clock.now());
  if (step === null) return false;
  const { rowCount } = await deps.db.raw<{ rowCount: number }>(
    "UPDATE staff SET totp_last_step = ? WHERE id = ? AND (totp_last_step IS NULL OR totp_last_step < ?)",
    [step.toString(), staffId, step.toString()],
  );
  return rowCount === 1;
}
