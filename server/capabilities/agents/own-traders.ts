import { ok, type Result, refuse } from "#core/result.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";

export interface OwnTrader {
  readonly agentId: string;
  readonly tenantId: number;
  readonly traderId: string;
  readonly reason: string;
}

/** Notes that a trader is the agent himself or linked to him: from now on the agent earns nothing on his orders. */
export async function noteOwnTrader(
  { db, audit }: Work,
  own: OwnTrader,
): Promise<Result<null, "UNKNOWN_TRADER" | "OWN_ALREADY">> {
  const { agentId, tenantId, traderId, reason } = own;
  const trader = await db("traders").where({ id: traderId, tenant_id: tenantId }).first("id");
  if (trader === undefined) return refuse("UNKNOWN_TRADER");
  // Held until the commit, as by everyone who dates a row of the histories.
  await db.raw("SELECT pg_advisory_xact_lock_shared(commission_history_lock(), ?)", [tenantId]);
  const { rowCount } = await db.raw<{ rowCount: number | null }>(
    "INSERT INTO agent_own_traders (tenant_id, agent_id, trader_id, why) VALUES (?, ?, ?, 'by-staff') ON CONFLICT DO NOTHING",
    [tenantId, agentId, traderId],
  );
  if (rowCount !== 1) return refuse("OWN_ALREADY");
  audit({ action: "note-own-trader", resource: "agents", objectId: agentId, tenantId, after: { traderId }, reason });
  return ok(null);
}
