import type { Locale, StaffRole } from "./names.ts";

/** A trader who is logged in, as every trading command sees him. */
export interface TraderIdentity {
  readonly traderId: string;
  readonly tenantId: number;
  readonly name: string;
  readonly accountIds: readonly string[];
  readonly expiresAt: Date;
}

/** A member of staff who is logged in. `tenantId` null: the operator's own staff, who see every partner. */
export interface StaffIdentity {
  readonly staffId: string;
  readonly email: string;
  readonly name: string;
  readonly role: StaffRole;
  readonly locale: Locale;
  readonly tenantId: number | null;
  /** Set for role agent: the subtree below (and with) this agent is all that may be seen. */
  readonly agentId: string | null;
}

/** GET /api/admin/session: who the back office is talking to. */
export interface StaffSession extends StaffIdentity {
  readonly expiresAt: string;
}
