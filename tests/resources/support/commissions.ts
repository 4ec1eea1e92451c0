import type { Knex } from "knex";
import { assert } from "#core/result.ts";
import { assignPlan, createPlan } from "../../../server/capabilities/agents/index.ts";
import { systemActor, type Transact } from "../../../server/platform/db/unit-of-work.ts";

/** A plan in use, and the commissions of one fill for an agent and the one above him, as a computed date leaves them. */
export async function makeCommissions(
  db: Knex,
  transact: Transact,
  of: { tenantId: number; agents: readonly [agent: string, above: string]; accountId: string },
): Promise<void> {
  const { tenantId } = of;
  const plan = await transact(systemActor, async (work) => {
    const terms = { model: "ratio", rate1: "30", rate2: "20", note: "from the start" } as const;
    const made = await createPlan(work, systemActor, { tenantId, name: "Standard", ...terms });
    assert(made.ok, "a plan was refused");
    const used = await assignPlan(work, systemActor, { tenantId, planId: made.value.id, note: "from the start" });
    assert(used.ok, "an assignment was refused");
    return made.value.id;
  });
  const version = await db("commission_plan_versions").where({ plan_id: plan }).first("id");
  const fill = await db("fills").where({ account_id: of.accountId }).first("id");
  const common = { tenant_id: tenantId, book_date: "2026-11-20", plan_version_id: version.id };
  await db("commission_fills").insert({
    ...common,
    fill_id: fill.id.toString(),
    basis_of: "fee",
    basis_minor: 124,
    house_minor: 62,
  });
  const money = { currency: "USD", currency_scale: 2 };
  for (const [index, agentId] of of.agents.entries()) {
    const amount = { level: index + 1, rate: [300_000, 200_000][index], amount_minor: [37, 25][index] };
    await db("commissions").insert({ ...common, ...money, ...amount, fill_id: fill.id.toString(), agent_id: agentId });
    await db.raw(
      `INSERT INTO commission_payouts (id, tenant_id, book_date, agent_id, currency, currency_scale, earned_minor, clawed_back_minor)
       VALUES (commission_group(?, '2026-11-20', ?, 'USD'), ?, '2026-11-20', ?, 'USD', 2, ?, 0)`,
      [tenantId, agentId, tenantId, agentId, amount.amount_minor ?? 0],
    );
  }
}
