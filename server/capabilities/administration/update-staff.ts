import type { StaffRole } from "#contracts/names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";

export interface StaffChanges {
  readonly name?: string;
  readonly email?: string;
  readonly role?: StaffRole;
  readonly agentId?: string | null;
  readonly locale?: string;
}

/** SELF: nobody changes his own rights. LAST_ADMIN: somebody must be able to let others in. */
export type StaffUpdateRefusal = "SELF" | "LAST_ADMIN";

const columns = { name: "name", email: "email", role: "role", agentId: "agent_id", locale: "locale" } as const;

/**
 * Changes a member of staff whose row the caller has locked. Other rights end his sessions (the database does), so that
 * they hold from the next request on.
 */
export async function updateStaff(
  work: Work,
  announce: (announcement: Announcement) => void,
  actor: Actor,
  update: {
    readonly id: string;
    readonly tenantId: number | null;
    readonly changes: StaffChanges;
    readonly current: StaffChanges;
  },
): Promise<Result<null, StaffUpdateRefusal>> {
  const { id, tenantId, changes, current } = update;
  const { db, audit, afterCommit } = work;
  const changesRights = changes.role !== undefined || changes.agentId !== undefined;
  if (changesRights && actor.id === id) return refuse("SELF");
  if (changes.role !== undefined && current.role === "admin" && (await isLastAdmin(work, id)))
    return refuse("LAST_ADMIN");
  const given = Object.entries(columns).filter(([field]) => field in changes);
  await db("staff")
    .where({ id })
    .update({
      ...Object.fromEntries(given.map(([field, column]) => [column, changes[field as keyof StaffChanges]])),
      updated_at: db.raw("clock_timestamp()"),
      version: db.raw("version + 1"),
    });
  const before = Object.fromEntries(given.map(([field]) => [field, current[field as keyof StaffChanges]]));
  audit({ action: "update", resource: "staff", objectId: id, tenantId, before, after: changes });
  if (changesRights)
    afterCommit(() => announce({ kind: "session-ended", subjectKind: "staff", subjectId: id, code: "RIGHTS_CHANGED" }));
  return ok(null);
}

/**
 * Whether this is the only one of the operator's administrators who can log in. Locks them all until the end of the transaction,
 * so that two cannot take each other's role, or disable each other, at once.
 */
export async function isLastAdmin({ db }: Work, id: string): Promise<boolean> {
  const admins = await db("staff")
    .where({ role: "admin", state: "active", tenant_id: null })
    .orderBy("id")
    .forUpdate()
    .select("id");
  return admins.length === 1 && admins[0]?.id === id;
}
