import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import { isPast } from "./plans.ts";

export interface NewAssignment {
  readonly tenantId: number;
  /** Root of the line that uses the plan; absent: the whole partner. */
  readonly agentId?: string;
  /** Absent: from then on no plan of its own. */
  readonly planId?: string;
  /** ISO 8601; absent: from now on. */
  readonly effectiveFrom?: string;
  readonly note: string;
}

export interface AssignRefusal {
  readonly code: "UNKNOWN_PARTNER" | "UNKNOWN_AGENT" | "UNKNOWN_PLAN" | "BEGINS_IN_THE_PAST";
  readonly field: string;
}

/** Says which plan an agent's line, or a partner, uses from a moment on. The nearest agent of an order's line counts. */
export async function assignPlan(
  work: Work,
  actor: Actor,
  wanted: NewAssignment,
): Promise<Result<{ id: string }, AssignRefusal>> {
  const { db, audit } = work;
  const { tenantId, agentId = null, planId = null, effectiveFrom, note } = wanted;
  const partner = await db("partners").where({ id: tenantId }).first("id");
  const isReached = partner !== undefined && (actor.tenantId === null || actor.tenantId === tenantId);
  if (!isReached) return refuse({ code: "UNKNOWN_PARTNER", field: "tenantId" });
  if (agentId !== null && (await db("agents").where({ id: agentId, tenant_id: tenantId }).first("id")) === undefined)
    return refuse({ code: "UNKNOWN_AGENT", field: "agentId" });
  if (
    planId !== null &&
    (await db("commission_plans").where({ id: planId, tenant_id: tenantId }).first("id")) === undefined
  )
    return refuse({ code: "UNKNOWN_PLAN", field: "planId" });
  if (await isPast(db, effectiveFrom)) return refuse({ code: "BEGINS_IN_THE_PAST", field: "effectiveFrom" });
  const id = newId();
  await db("commission_assignments").insert({
    id,
    tenant_id: tenantId,
    agent_id: agentId,
    plan_id: planId,
    effective_from: effectiveFrom ?? null,
    note,
    created_by: actor.name,
  });
  const after = { agentId, planId, effectiveFrom: effectiveFrom ?? null };
  audit({ action: "create", resource: "commission-assignments", objectId: id, tenantId, after, reason: note });
  return ok({ id });
}
