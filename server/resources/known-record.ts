import type { Knex } from "knex";
import type { StaffIdentity } from "#contracts/identity.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { says } from "./messages.ts";
import type { Resource } from "./model.ts";
import { masksOf } from "./permissions.ts";
import { selectOne } from "./rows.ts";
import { withinReach } from "./scopes.ts";
import { tableOf } from "./stored-rows.ts";
import { toWire, type WireRecord } from "./wire.ts";

/** A record twice: as this person is shown it, and as it is, for the audit log and the writers. */
export interface Known {
  readonly shown: WireRecord;
  readonly bare: WireRecord;
  readonly tenantId: number | null;
}

/** The record as it is now; 404 when this person may not see it. */
export async function recordOf(db: Knex, resource: Resource, staff: StaffIdentity, id: string): Promise<Known> {
  const row = await selectOne(db, resource, staff, id);
  if (row === null) throw new ProblemError(404, "NOT_FOUND", says("notFound", staff.locale));
  const tenant = await tenantOf(db, resource, id);
  return {
    shown: toWire(resource, row, masksOf(staff, resource)),
    bare: toWire(resource, row, () => false),
    tenantId: tenant,
  };
}

async function tenantOf(db: Knex, resource: Resource, id: string): Promise<number | null> {
  const { tenantColumn } = resource.declaration.scope;
  if (tenantColumn === null) return null;
  const row = await db(resource.declaration.source).where(resource.id.name, id).first({ tenant: tenantColumn });
  return row?.tenant ?? null;
}

/** Locks the row for this transaction, once it is known that this person may write it. */
export async function lockRecord(db: Knex, resource: Resource, staff: StaffIdentity, id: string): Promise<Known> {
  const reachable = withinReach(db(resource.declaration.source), resource, staff).where(resource.id.name, id);
  if ((await reachable.first(resource.id.name)) === undefined)
    throw new ProblemError(404, "NOT_FOUND", says("notFound", staff.locale));
  await db(tableOf(resource)).where(resource.id.name, id).forNoKeyUpdate().first(resource.id.name);
  return recordOf(db, resource, staff, id);
}
