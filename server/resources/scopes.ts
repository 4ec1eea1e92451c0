import type { Knex } from "knex";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { Resource } from "./model.ts";

/**
 * Narrows a query to the rows this person may see. Part of every query on a source: lists, single rows, references, exports,
 * the look before a write and the look after it.
 */
export function withinScope(query: Knex.QueryBuilder, resource: Resource, staff: StaffIdentity): Knex.QueryBuilder {
  const { tenantColumn, agentLineColumn, shared = false } = resource.declaration.scope;
  if (staff.tenantId === null && staff.role !== "agent") return query;
  if (tenantColumn === null) return shared ? query : query.whereRaw("false");
  if (shared) query.whereRaw("(?? = ? OR ?? IS NULL)", [tenantColumn, staff.tenantId, tenantColumn]);
  else query.where(tenantColumn, staff.tenantId);
  if (staff.role !== "agent") return query;
  if (agentLineColumn === null || staff.agentId === null) return query.whereRaw("false");
  return query.whereRaw("?? @> ARRAY[?]::uuid[]", [agentLineColumn, staff.agentId]);
}

/** The same for writing: shared rows, which belong to the operator, are out of a partner's reach. */
export function withinReach(query: Knex.QueryBuilder, resource: Resource, staff: StaffIdentity): Knex.QueryBuilder {
  const { tenantColumn } = resource.declaration.scope;
  if (staff.tenantId !== null && tenantColumn !== null) query.whereNotNull(tenantColumn);
  return withinScope(query, resource, staff);
}
