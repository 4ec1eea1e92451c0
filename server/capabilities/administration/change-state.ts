import type { AccountState, PersonState } from "#contracts/names.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";

interface Change<State> {
  readonly id: string;
  readonly tenantId: number | null;
  readonly from: State;
  readonly to: State;
  readonly reason: string;
}

type Announce = (announcement: Announcement) => void;

/** Opens an account for trading, restricts it to exits, or closes it to every order. */
export async function changeAccountState(work: Work, change: Change<AccountState>): Promise<void> {
  await write(work, { table: "accounts", resource: "accounts", action: "set-state" }, change);
}

/** Disables or enables a partner. Disabling ends the sessions of its traders and staff, sockets included. */
export async function changePartnerState(work: Work, announce: Announce, change: Change<PersonState>): Promise<void> {
  await write(work, { table: "partners", resource: "partners", action: actionOf(change) }, change);
  if (change.to === "disabled")
    await endSessions(
      work,
      announce,
      "SELECT id FROM traders WHERE tenant_id = :id UNION ALL SELECT id FROM staff WHERE tenant_id = :id",
      {
        id: Number(change.id),
      },
    );
}

/** Disables or enables an agent. Disabling ends the sessions of its staff; traders below it go on. */
export async function changeAgentState(work: Work, announce: Announce, change: Change<PersonState>): Promise<void> {
  await write(work, { table: "agents", resource: "agents", action: actionOf(change) }, change);
  if (change.to === "disabled")
    await endSessions(work, announce, "SELECT id FROM staff WHERE agent_id = :id", { id: change.id });
}

/** Says how well a trader is known; limits of payment go by it. */
export async function setTraderTier(
  { db, audit }: Work,
  change: Omit<Change<string>, "from" | "to"> & { readonly from: number; readonly to: number },
): Promise<void> {
  const { id, tenantId, from, to, reason } = change;
  await db("traders")
    .where({ id })
    .update({ tier: to, updated_at: db.raw("clock_timestamp()"), version: db.raw("version + 1") });
  const [before, after] = [{ tier: from }, { tier: to }];
  audit({ action: "set-tier", resource: "traders", objectId: id, tenantId, before, after, reason });
}

const actionOf = ({ to }: Change<PersonState>): string => (to === "disabled" ? "disable" : "enable");

async function write(
  { db, audit }: Work,
  { table, resource, action }: { table: string; resource: string; action: string },
  { id, tenantId, from, to, reason }: Change<string>,
): Promise<void> {
  const stamps = { updated_at: db.raw("clock_timestamp()"), version: db.raw("version + 1") };
  await db(table)
    .where({ id })
    .update({ state: to, ...stamps });
  audit({ action, resource, objectId: id, tenantId, before: { state: from }, after: { state: to }, reason });
}

/** Ends the open sessions of the people a query names, and tells their sockets after the commit. */
async function endSessions(
  work: Work,
  announce: Announce,
  peopleSql: string,
  bindings: { id: string | number },
): Promise<void> {
  const { rows } = await work.db.raw<{ rows: { subject_kind: "staff" | "trader"; subject_id: string }[] }>(
    `UPDATE sessions SET revoked_at = clock_timestamp() WHERE revoked_at IS NULL AND subject_id IN (${peopleSql})
     RETURNING subject_kind, subject_id`,
    bindings,
  );
  const ended = new Map(rows.map((row) => [row.subject_id, row.subject_kind]));
  work.afterCommit(() => {
    for (const [subjectId, subjectKind] of ended)
      announce({ kind: "session-ended", subjectKind, subjectId, code: "DISABLED" });
  });
}
