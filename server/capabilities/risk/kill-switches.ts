import type { Knex } from "knex";
import type { KillMode, KillScope } from "#contracts/names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";

/** What is to be stopped. The partner of an agent line or an account is found by itself. */
export interface NewKillSwitch {
  readonly scope: KillScope;
  readonly mode: KillMode;
  readonly tenantId?: number | null;
  readonly agentId?: string | null;
  readonly instrumentId?: string | null;
  readonly accountId?: string | null;
  readonly reason: string;
  /** Whoever stops everybody types ALL. */
  readonly confirmation?: string | null;
  readonly cancelWorking?: boolean;
}

export interface ThrowRefusal {
  readonly code: "OPERATOR_ONLY" | "TARGET_MISSING" | "TARGET_NOT_ALONE" | "NOT_CONFIRMED";
  readonly field: string;
}

/** What each scope names, besides the partner that an agent or an account belongs to. */
const targets = {
  all: null,
  partner: "tenantId",
  agent: "agentId",
  instrument: "instrumentId",
  account: "accountId",
} as const satisfies Record<KillScope, keyof NewKillSwitch | null>;

/** What concerns every partner is the operator's own to stop. */
const operatorScopes: readonly KillScope[] = ["all", "instrument"];

/**
 * Stops trading at once: orders decided after the commit see the switch, and none is decided meanwhile. Staff of a partner stop
 * their own partner, agents and accounts. Working orders, when asked, are cancelled right after by `cancelStopped`.
 */
export async function throwKillSwitch(
  work: Work,
  actor: Actor,
  wanted: NewKillSwitch,
): Promise<Result<{ id: string }, ThrowRefusal>> {
  const refusal = wrongTarget(actor, wanted);
  if (refusal !== null) return refuse(refusal);
  const { scope, mode, reason, confirmation = null, cancelWorking = false } = wanted;
  const target = {
    tenant_id: await partnerOf(work.db, wanted),
    agent_id: wanted.agentId ?? null,
    instrument_id: wanted.instrumentId ?? null,
    account_id: wanted.accountId ?? null,
  };
  const id = newId();
  await work.db("kill_switches").insert({
    id,
    scope,
    mode,
    ...target,
    reason,
    confirmation: scope === "all" ? confirmation : null,
    cancel_working: cancelWorking,
    thrown_by_id: actor.id,
    thrown_by: actor.name,
  });
  work.audit({
    action: "throw",
    resource: "kill-switches",
    objectId: id,
    tenantId: target.tenant_id,
    after: { ...wanted, tenantId: target.tenant_id },
    reason,
  });
  return ok({ id });
}

function wrongTarget(actor: Actor, wanted: NewKillSwitch): ThrowRefusal | null {
  const { scope } = wanted;
  if (actor.tenantId !== null && operatorScopes.includes(scope)) return { code: "OPERATOR_ONLY", field: "scope" };
  const named = targets[scope];
  if (named !== null && (wanted[named] ?? null) === null) return { code: "TARGET_MISSING", field: named };
  const others = (["agentId", "instrumentId", "accountId"] as const).filter((field) => field !== named);
  const extra = others.find((field) => (wanted[field] ?? null) !== null);
  if (extra !== undefined) return { code: "TARGET_NOT_ALONE", field: extra };
  if (operatorScopes.includes(scope) && (wanted.tenantId ?? null) !== null)
    return { code: "TARGET_NOT_ALONE", field: "tenantId" };
  return scope === "all" && wanted.confirmation !== "ALL" ? { code: "NOT_CONFIRMED", field: "confirmation" } : null;
}

/** The partner named, or the one that the agent or account belongs to. A wrong pair is the database's to refuse. */
async function partnerOf(
  db: Knex,
  { scope, tenantId = null, agentId, accountId }: NewKillSwitch,
): Promise<number | null> {
  if (tenantId !== null || (scope !== "agent" && scope !== "account")) return tenantId;
  const row =
    scope === "agent"
      ? await db("agents").where({ id: agentId }).first("tenant_id")
      : await db("accounts").where({ id: accountId }).first("tenant_id");
  return row?.tenant_id ?? null;
}

/** Lifts a switch whose row the caller has locked. Its orders that were not cancelled trade again from the next quote on. */
export async function liftKillSwitch(
  work: Work,
  actor: Actor,
  lift: { readonly id: string; readonly tenantId: number | null; readonly isLifted: boolean; readonly reason: string },
): Promise<Result<null, "LIFTED_ALREADY">> {
  const { id, tenantId, isLifted, reason } = lift;
  if (isLifted) return refuse("LIFTED_ALREADY");
  const { db } = work;
  await db("kill_switches")
    .where({ id })
    .update({
      lifted_by_id: actor.id,
      lifted_by: actor.name,
      lifted_at: db.raw("clock_timestamp()"),
      lift_reason: reason,
    });
  const [before, after] = [{ state: "in-force" }, { state: "lifted" }];
  work.audit({ action: "lift", resource: "kill-switches", objectId: id, tenantId, before, after, reason });
  return ok(null);
}
