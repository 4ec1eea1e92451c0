import type { Actor, Transact } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";

/** What the commands of this capability need from outside. */
export interface AccountsDeps {
  readonly transact: Transact;
  readonly announce: (announcement: Announcement) => void;
  /** argon2id; slow on purpose, so it is called before a transaction is opened. */
  readonly hashPassword: (password: string) => Promise<string>;
}

/** Staff of a partner reach their own partner only; the operator's own staff and the system reach all. */
export const reaches = (actor: Actor, tenantId: number): boolean =>
  actor.tenantId === null || actor.tenantId === tenantId;
