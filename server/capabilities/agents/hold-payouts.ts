import { ok, type Result, refuse } from "#core/result.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";

export interface PayoutStep {
  readonly id: string;
  readonly to: "held" | "payable";
  readonly reason: string;
}

/** Stops an agent's commission of a date before it is posted, or lets it go again. What was paid can only be clawed back. */
export async function stepPayout(
  { db, audit }: Work,
  { id, to, reason }: PayoutStep,
): Promise<Result<null, "PAYOUT_PAID">> {
  const row = await db("commission_payouts").where({ id }).forUpdate().first("tenant_id", "state");
  const from: readonly string[] = to === "held" ? ["pending", "payable"] : ["pending", "held"];
  if (row === undefined || !from.includes(row.state)) return refuse("PAYOUT_PAID");
  await db("commission_payouts")
    .where({ id })
    .update({ state: to, held_for: to === "held" ? reason : null });
  audit({
    action: to === "held" ? "hold" : "release",
    resource: "commission-payouts",
    objectId: id,
    tenantId: row.tenant_id,
    before: { state: row.state },
    after: { state: to },
    reason,
  });
  return ok(null);
}
