import type { Knex } from "knex";
import { assert } from "#core/result.ts";
import { assignPlan, createPlan, type NewPlan } from "../../server/capabilities/agents/index.ts";
import { type Actor, transactor } from "../../server/platform/db/unit-of-work.ts";

/** A plan of the demo and whose line uses it: an agent's code, the whole partner, or nobody yet. */
interface DemoPlan extends Omit<NewPlan, "tenantId" | "note"> {
  readonly partner: string;
  readonly usedBy: string | "partner" | null;
}

/** One of each model. */
const plans: readonly DemoPlan[] = [
  {
    ...{ partner: "harbour", usedBy: "partner", name: "House share", model: "ratio" },
    ...{ rate1: "30", rate2: "20", rate3: "10", exceptions: ["metal = 25, 15"] },
  },
  {
    ...{ partner: "harbour", usedBy: "north-city-1", name: "Ranks", model: "difference" },
    ...{ rate1: "30", rate2: "40", rate3: "50" },
  },
  {
    ...{ partner: "harbour", usedBy: "south", name: "Amount a lot", model: "per-lot" },
    ...{ rate1: "0.25", exceptions: ["crypto = 0.10"], isCappedAtFee: true },
  },
  {
    ...{ partner: "harbour", usedBy: null, name: "Handed up", model: "chain" },
    ...{ rate1: "50", rate2: "20", rate3: "10" },
  },
  {
    ...{ partner: "harbour", usedBy: null, name: "On top", model: "override" },
    ...{ rate1: "30", rate2: "20", rate3: "10", cap: "2.00" },
  },
  { partner: "lantern", usedBy: "lead", name: "Part of the spread", model: "spread-share", rate1: "30" },
];

const note = "agreed for the demo";

/**
 * Makes the plans that are missing, each with its use in one transaction: one that is there, and what the operator has made of it,
 * stays. What they earn follows from trading: it is shown on each fill at once, and booked when its date is closed.
 */
export async function makePlans(
  db: Knex,
  { actor, tell }: { readonly actor: Actor; readonly tell: (line: string) => void },
): Promise<void> {
  for (const { partner, usedBy, ...plan } of plans) {
    const { id: tenantId } = await db("partners").where({ code: partner }).first("id");
    if ((await db("commission_plans").where({ tenant_id: tenantId, name: plan.name }).first("id")) !== undefined)
      continue;
    const agent = await db("agents").where({ tenant_id: tenantId, code: usedBy }).first("id");
    await transactor(db)(actor, async (work) => {
      const made = await createPlan(work, actor, { ...plan, tenantId, note });
      assert(made.ok, `the demo's plan ${plan.name} was refused: ${made.ok ? "" : made.refusal.code}`);
      if (usedBy === null) return;
      const line = usedBy === "partner" ? {} : { agentId: String(agent?.id) };
      const used = await assignPlan(work, actor, { tenantId, planId: made.value.id, note, ...line });
      assert(used.ok, `the demo's plan ${plan.name} can't be used: ${used.ok ? "" : used.refusal.code}`);
    });
    tell(`commission plan ${plan.name}`);
  }
}
