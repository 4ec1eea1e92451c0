import type { Knex } from "knex";
import type { Locale } from "#contracts/names.ts";
import type { Result } from "#core/result.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Actor, Transact } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";

/** Password hashing, slow on purpose and bounded in how much of it runs at once. */
export interface PasswordPort {
  readonly hash: (password: string) => Promise<string>;
  /** Takes as long for null (an unknown user) as for a wrong password. */
  readonly matches: (stored: string | null, password: string) => Promise<boolean>;
  readonly isOutdated: (stored: string) => boolean;
}

export interface PartnerTokenPort {
  readonly keyIdOf: (token: string) => string | null;
  readonly read: (
    token: string,
    rules: { publicKeyPem: string; issuer: string; audiences: readonly string[]; now: Date },
  ) => Promise<{ subject: string; name: string | null; tokenId: string; deadAt: Date } | null>;
}

export interface IdentityDeps {
  readonly db: Knex;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly announce: (announcement: Announcement) => void;
  readonly passwords: PasswordPort;
  /** Time step of a one-time code, null when it is none of now: RFC 6238 around `now`. */
  readonly totpStep: (secret: string, code: string, now: Date) => bigint | null;
  readonly partnerTokens: PartnerTokenPort;
  /** Origins under which this installation is reached: what a partner's token must be made out to. */
  readonly audiences: readonly string[];
  /** Registers a trader whom a partner's token names for the first time. */
  readonly registerPartnerTrader: (
    actor: Actor,
    trader: { tenantId: number; externalRef: string; name: string; locale: Locale },
  ) => Promise<Result<{ id: string }, string>>;
}

/** Where a login comes from, for the session list and the audit log. */
export interface LoginFrom {
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly traceId: string | null;
}
