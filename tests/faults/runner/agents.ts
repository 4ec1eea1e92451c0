import type { CommissionModel } from "#contracts/commission-names.ts";
import { type AccountsDeps, createAgent } from "../../../server/capabilities/accounts/index.ts";
import { assignPlan, createPlan, type WrittenTerms } from "../../../server/capabilities/agents/index.ts";
import { type Actor, systemActor } from "../../../server/platform/db/unit-of-work.ts";
import { granted } from "../../support/house.ts";

const operator: Actor = { ...systemActor, name: "An Operator" };

/** Percent of the fee that the three levels of the partner's own plan get; of which the test's own model knows. */
export const partnerRates = [30, 20, 10] as const;

interface Line {
  readonly code: string;
  /** undefined: the partner's. */
  readonly plan?: { readonly model: CommissionModel } & Omit<WrittenTerms, "note">;
}

const lines: readonly Line[] = [
  { code: "north" },
  { code: "south", plan: { model: "difference", rate1: "20", rate2: "35", rate3: "45" } },
  { code: "east", plan: { model: "per-lot", rate1: "0.20", rate2: "0.10", rate3: "0.05", isCappedAtFee: true } },
];

/** Three lines of four agents under each other, each by a plan of another kind; the agents that traders come to, one of each depth. */
export async function hireAgents(deps: AccountsDeps, tenantId: number): Promise<readonly string[]> {
  const plan = async (name: string, terms: Line["plan"] & object, agentId?: string): Promise<void> => {
    const under = agentId === undefined ? {} : { agentId };
    await deps.transact(operator, async (work) => {
      const made = await createPlan(work, operator, { tenantId, name, note: "agreed", ...terms });
      granted(await assignPlan(work, operator, { tenantId, planId: granted(made).id, note: "agreed", ...under }));
    });
  };
  const [rate1, rate2, rate3] = partnerRates;
  await plan("partner", { model: "ratio", rate1: `${rate1}`, rate2: `${rate2}`, rate3: `${rate3}` });
  const sellers: string[] = [];
  for (const [at, line] of lines.entries()) {
    const own: string[] = [];
    for (const level of ["a", "b", "c", "d"]) {
      const code = `${line.code}-${level}`;
      const parent = own.at(-1);
      const agent = { tenantId, code, name: `Agent ${code}`, ...(parent === undefined ? {} : { parentId: parent }) };
      own.push(granted(await createAgent(deps)(operator, agent)).id);
    }
    if (line.plan !== undefined) await plan(line.code, line.plan, own[0]);
    // The last of the line, or one above him.
    const seller = own[own.length - 1 - (at % 2)];
    if (seller !== undefined) sellers.push(seller);
  }
  return sellers;
}
