import type { CommissionModel } from "#contracts/commission-names.ts";
import { type RateRefusal, type RateRule, readRate, readRules } from "#core/commission-plan.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";

/** Rates and limits of a version, as a person writes them: percent of the basis, or per lot major units of the fill's currency. */
export interface WrittenTerms {
  readonly rate1: string;
  readonly rate2?: string;
  readonly rate3?: string;
  /** "MES = 30, 20, 10" or "metal = 25, 15", one a rule; an instrument counts before its class, a class before the three rates. */
  readonly exceptions?: readonly string[];
  /** All levels together get at most this of one fill, major units. */
  readonly cap?: string;
  readonly isCappedAtFee?: boolean;
  /** ISO 8601; absent: from now on. */
  readonly effectiveFrom?: string;
  readonly note: string;
}

export interface NewPlan extends WrittenTerms {
  readonly tenantId: number;
  readonly name: string;
  readonly model: CommissionModel;
}

export interface PlanRefusal {
  readonly code:
    | RateRefusal
    | "UNKNOWN_PARTNER"
    | "UNKNOWN_PLAN"
    | "UNKNOWN_INSTRUMENT"
    | "PLAN_NAME_TAKEN"
    | "BEGINS_IN_THE_PAST";
  readonly field?: string;
}

/** Makes a plan with its first version. */
export async function createPlan(
  work: Work,
  actor: Actor,
  plan: NewPlan,
): Promise<Result<{ id: string }, PlanRefusal>> {
  const { db, audit } = work;
  const partner = await db("partners").where({ id: plan.tenantId }).first("id");
  const isReached = partner !== undefined && (actor.tenantId === null || actor.tenantId === plan.tenantId);
  if (!isReached) return refuse({ code: "UNKNOWN_PARTNER", field: "tenantId" });
  const read = await readTerms(work, plan.model, plan);
  if (!read.ok) return read;
  const id = newId();
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `INSERT INTO commission_plans (id, tenant_id, name, model, created_by) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT ON CONSTRAINT commission_plans_name_once DO NOTHING RETURNING id`,
    [id, plan.tenantId, plan.name.trim(), plan.model, actor.name],
  );
  if (rows.length === 0) return refuse({ code: "PLAN_NAME_TAKEN", field: "name" });
  await insertVersion(work, actor, { ...plan, planId: id, version: 1 }, read.value);
  const { tenantId, name, model } = plan;
  audit({
    action: "create",
    resource: "commission-plans",
    objectId: id,
    tenantId,
    after: { name, model, ...toldOf(plan) },
    reason: plan.note,
  });
  return ok({ id });
}

/** Adds the next version of a plan. What was accepted before it begins keeps the rates it had. */
export async function addPlanVersion(
  work: Work,
  actor: Actor,
  planId: string,
  terms: WrittenTerms,
): Promise<Result<{ version: number }, PlanRefusal>> {
  const { db, audit } = work;
  // Append-only rows can't be locked for update by the application: versions of one plan are counted under an advisory lock.
  await db.raw("SELECT pg_advisory_xact_lock(hashtext(?))", [`commission-plan/${planId}`]);
  const plan = await db("commission_plans").where({ id: planId }).first();
  const isReached = plan !== undefined && (actor.tenantId === null || actor.tenantId === plan.tenant_id);
  if (!isReached) return refuse({ code: "UNKNOWN_PLAN" });
  const read = await readTerms(work, plan.model, terms);
  if (!read.ok) return read;
  const last = await db("commission_plan_versions").where({ plan_id: planId }).max("version as version").first();
  const version = Number(last?.version ?? 0) + 1;
  const { tenant_id: tenantId, model } = plan;
  await insertVersion(work, actor, { ...terms, tenantId, model, planId, version }, read.value);
  const after = { version, ...toldOf(terms) };
  audit({ action: "new-version", resource: "commission-plans", objectId: planId, tenantId, after, reason: terms.note });
  return ok({ version });
}

interface ReadTerms {
  readonly rules: readonly RateRule[];
  readonly capMillionths: bigint | null;
}

async function readTerms(
  { db }: Work,
  model: CommissionModel,
  terms: WrittenTerms,
): Promise<Result<ReadTerms, PlanRefusal>> {
  const { rate1, rate2, rate3, exceptions = [] } = terms;
  const others = [rate1, rate2, rate3].filter((rate) => rate !== undefined);
  if (rate2 === undefined && rate3 !== undefined) return refuse({ code: "RATES_MISSING", field: "rate2" });
  const own = readRules(model, others, []);
  if (!own.ok) return refuse({ code: own.refusal, field: "rate1" });
  const rules = readRules(model, others, exceptions);
  if (!rules.ok) return refuse({ code: rules.refusal, field: "exceptions" });
  const named = rules.value.flatMap(({ instrumentId }) => (instrumentId === null ? [] : [instrumentId]));
  const known = await db("instruments").whereIn("id", named).pluck("id");
  if (known.length < named.length) return refuse({ code: "UNKNOWN_INSTRUMENT", field: "exceptions" });
  const capMillionths = terms.cap === undefined ? null : readRate("per-lot", terms.cap);
  if (terms.cap !== undefined && (capMillionths ?? 0n) === 0n) return refuse({ code: "RATE_UNREADABLE", field: "cap" });
  if (await isPast(db, terms.effectiveFrom)) return refuse({ code: "BEGINS_IN_THE_PAST", field: "effectiveFrom" });
  return ok({ rules: rules.value, capMillionths });
}

/** By the database's clock, which dates the row. */
export async function isPast(db: Work["db"], moment: string | undefined): Promise<boolean> {
  if (moment === undefined) return false;
  const { rows } = await db.raw<{ rows: { past: boolean }[] }>("SELECT ?::timestamptz <= clock_timestamp() AS past", [
    moment,
  ]);
  return rows[0]?.past === true;
}

async function insertVersion(
  { db }: Work,
  actor: Actor,
  of: WrittenTerms & {
    readonly tenantId: number;
    readonly planId: string;
    readonly model: CommissionModel;
    readonly version: number;
  },
  { rules, capMillionths }: ReadTerms,
): Promise<void> {
  const id = newId();
  await db("commission_plan_versions").insert({
    id,
    plan_id: of.planId,
    tenant_id: of.tenantId,
    model: of.model,
    version: of.version,
    effective_from: of.effectiveFrom ?? null,
    cap_millionths: capMillionths?.toString() ?? null,
    is_capped_at_fee: of.isCappedAtFee ?? false,
    note: of.note,
    created_by: actor.name,
  });
  for (const { instrumentId, assetClass, rates } of rules)
    await db.raw(
      "INSERT INTO commission_rates (version_id, instrument_id, asset_class, rates) VALUES (?, ?, ?, ?::bigint[])",
      [id, instrumentId, assetClass, rates.map(String)],
    );
}

/** For the audit log: as they were written, without what was left empty. */
const toldOf = ({
  rate1,
  rate2,
  rate3,
  exceptions,
  cap,
  isCappedAtFee,
  effectiveFrom,
}: WrittenTerms): Record<string, unknown> => ({
  rates: [rate1, rate2, rate3].filter((rate) => rate !== undefined),
  ...(exceptions === undefined || exceptions.length === 0 ? {} : { exceptions }),
  ...(cap === undefined ? {} : { cap }),
  ...(isCappedAtFee === true ? { isCappedAtFee } : {}),
  ...(effectiveFrom === undefined ? {} : { effectiveFrom }),
});
