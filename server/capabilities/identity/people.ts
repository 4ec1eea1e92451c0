import type { Locale, PersonState, StaffRole } from "#contracts/names.ts";
import { isAcceptablePassword } from "#core/password.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor } from "../../platform/db/unit-of-work.ts";
import { hashSecret, newSecret } from "../../platform/ids.ts";
import type { IdentityDeps } from "./deps.ts";
import { endSessionsOf, type SubjectKind } from "./sessions.store.ts";
import { apiKeyPrefix } from "./who-is.ts";

export interface NewStaff {
  /** Null: the operator's own staff, who see every partner. */
  readonly tenantId: number | null;
  readonly role: StaffRole;
  /** For role agent, and only for it: the agent whose subtree is all this person sees. */
  readonly agentId?: string;
  readonly email: string;
  readonly name: string;
  readonly locale?: Locale;
  readonly password: string;
}

export type StaffRefusal =
  | "UNKNOWN_PARTNER"
  | "UNKNOWN_AGENT"
  | "ROLE_AND_AGENT_DIFFER"
  | "PASSWORD_UNACCEPTABLE"
  | "EMAIL_TAKEN";

const tableOf = { staff: "staff", trader: "traders" } as const satisfies Record<SubjectKind, string>;

const reaches = (actor: Actor, tenantId: number | null): boolean =>
  actor.tenantId === null || actor.tenantId === tenantId;

/** Adds a member of staff. Staff of a partner can add to their own partner only. */
export const createStaff =
  (deps: IdentityDeps) =>
  async (actor: Actor, staff: NewStaff): Promise<Result<{ id: string }, StaffRefusal>> => {
    const { tenantId, role, agentId = null, email, name, locale = "en", password } = staff;
    if (!reaches(actor, tenantId)) return refuse("UNKNOWN_PARTNER");
    if ((role === "agent") !== (agentId !== null)) return refuse("ROLE_AND_AGENT_DIFFER");
    if (!isAcceptablePassword(password, [email, name])) return refuse("PASSWORD_UNACCEPTABLE");
    const passwordHash = await deps.passwords.hash(password);
    return deps.transact(actor, async ({ db, audit }) => {
      if (tenantId !== null && (await db("partners").where({ id: tenantId }).first("id")) === undefined)
        return refuse("UNKNOWN_PARTNER");
      if (
        agentId !== null &&
        (await db("agents").where({ id: agentId, tenant_id: tenantId }).first("id")) === undefined
      )
        return refuse("UNKNOWN_AGENT");
      const { rows } = await db.raw<{ rows: { id: string }[] }>(
        `INSERT INTO staff (tenant_id, agent_id, email, name, role, locale, password_hash)
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
        [tenantId, agentId, email, name, role, locale, passwordHash],
      );
      const id = rows[0]?.id;
      if (id === undefined) return refuse("EMAIL_TAKEN");
      audit({
        action: "create",
        resource: "staff",
        objectId: id,
        tenantId,
        after: { tenantId, agentId, email, name, role, locale },
      });
      return ok({ id });
    });
  };

/** An API key for scripts, with the rights of the person it is made for. Shown once, stored as a hash. */
export const createApiKey =
  (deps: IdentityDeps) =>
  (actor: Actor, staffId: string, name: string): Promise<Result<{ key: string }, "UNKNOWN_STAFF">> =>
    deps.transact(actor, async ({ db, audit }) => {
      const staff = await db("staff").where({ id: staffId }).first("tenant_id");
      if (staff === undefined || !reaches(actor, staff.tenant_id)) return refuse("UNKNOWN_STAFF");
      const key = apiKeyPrefix + newSecret();
      await db("api_keys").insert({ key_hash: hashSecret(key), staff_id: staffId, name });
      audit({ action: "create-api-key", resource: "staff", objectId: staffId, after: { name } });
      return ok({ key });
    });

/** Disables or re-enables a person. A disabled person is out at once, sockets included. */
export const setPersonState =
  (deps: IdentityDeps) =>
  (actor: Actor, kind: SubjectKind, id: string, state: PersonState): Promise<Result<null, "UNKNOWN_PERSON">> =>
    deps.transact(actor, async (work) => {
      const person = await work.db(tableOf[kind]).where({ id }).forUpdate().first("tenant_id", "state");
      if (person === undefined || !reaches(actor, person.tenant_id)) return refuse("UNKNOWN_PERSON");
      if (person.state === state) return ok(null);
      // The database ends the sessions with the row (trigger end_sessions); sockets and caches are told after it.
      await work
        .db(tableOf[kind])
        .where({ id })
        .update({ state, updated_at: work.db.raw("clock_timestamp()"), version: work.db.raw("version + 1") });
      work.audit({
        action: state === "disabled" ? "disable" : "enable",
        resource: tableOf[kind],
        objectId: id,
        tenantId: person.tenant_id,
        before: { state: person.state },
        after: { state },
      });
      if (state === "disabled") work.afterCommit(() => tellEnded(deps, kind, id, "DISABLED"));
      return ok(null);
    });

/** Gives a person a new password and logs him out everywhere. */
export const setPassword =
  (deps: IdentityDeps) =>
  async (
    actor: Actor,
    kind: SubjectKind,
    id: string,
    password: string,
  ): Promise<Result<null, "UNKNOWN_PERSON" | "PASSWORD_UNACCEPTABLE">> => {
    const person = await deps.db(tableOf[kind]).where({ id }).first("tenant_id", "email", "name");
    if (person === undefined || !reaches(actor, person.tenant_id)) return refuse("UNKNOWN_PERSON");
    if (!isAcceptablePassword(password, [person.email ?? "", person.name])) return refuse("PASSWORD_UNACCEPTABLE");
    const passwordHash = await deps.passwords.hash(password);
    return deps.transact(actor, async (work) => {
      await work.db(tableOf[kind]).where({ id }).update({ password_hash: passwordHash });
      await endSessionsOf(work.db, kind, id);
      work.audit({ action: "set-password", resource: tableOf[kind], objectId: id, tenantId: person.tenant_id });
      work.afterCommit(() => tellEnded(deps, kind, id, "PASSWORD_CHANGED"));
      return ok(null);
    });
  };

const tellEnded = (deps: IdentityDeps, subjectKind: SubjectKind, subjectId: string, code: string): void =>
  deps.announce({ kind: "session-ended", subjectKind, subjectId, code });
