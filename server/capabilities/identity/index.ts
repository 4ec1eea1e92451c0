import type { StaffIdentity, StaffSession } from "#contracts/identity.ts";
import type { IdentityDeps } from "./deps.ts";
import { loginStaff } from "./login-staff.ts";
import { loginTrader } from "./login-trader.ts";
import { createApiKey, createStaff, setPassword, setPersonState } from "./people.ts";
import { endSession } from "./sessions.store.ts";
import { whoIs } from "./who-is.ts";

export type { IdentityDeps, LoginFrom, PartnerTokenPort, PasswordPort } from "./deps.ts";
export type { StaffLoggedIn, StaffLogin, StaffLoginRefusal } from "./login-staff.ts";
export type { TraderLoginRefusal } from "./login-trader.ts";
export type { NewStaff, StaffRefusal } from "./people.ts";
export { sweepSessions } from "./sessions.store.ts";

/** Who is who: logins, sessions, API keys and staff. One of it in each process; `hear` belongs on its bus. */
export function identity(given: IdentityDeps) {
  // What this process announces it hears at once; the others hear it over the bus.
  const deps: IdentityDeps = {
    ...given,
    announce: (announcement) => {
      who.hear(announcement);
      given.announce(announcement);
    },
  };
  const who = whoIs(deps);
  return {
    loginTrader: loginTrader(deps),
    loginStaff: loginStaff(deps),
    /** Ends the session of a token, a trader's or a member of staff's; unknown tokens are passed over. */
    logout: async (token: string): Promise<void> => {
      const ended = await endSession(deps.db, token);
      who.forgetToken(token);
      if (ended !== null)
        deps.announce({ kind: "session-ended", subjectKind: ended.kind, subjectId: ended.id, code: "LOGGED_OUT" });
    },
    traderOf: who.traderOf,
    /** By session token or API key. */
    staffOf: async (token: string): Promise<StaffIdentity | null> => (await who.staffOf(token))?.identity ?? null,
    /** The same without counting as use of the session: for rechecks that no person has asked for. */
    peekStaff: async (token: string): Promise<StaffIdentity | null> => (await who.peekStaff(token))?.identity ?? null,
    /** The same with the session's end, for the back office. */
    staffSessionOf: async (token: string): Promise<StaffSession | null> => {
      const found = await who.staffOf(token);
      return found === null ? null : { ...found.identity, expiresAt: found.expiresAt.toISOString() };
    },
    createStaff: createStaff(deps),
    createApiKey: createApiKey(deps),
    setPersonState: setPersonState(deps),
    setPassword: setPassword(deps),
    hear: who.hear,
  };
}

export type Identity = ReturnType<typeof identity>;
