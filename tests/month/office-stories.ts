import type { Result } from "#core/result.ts";
import { clawBack, moveAgent, noteOwnTrader, stepPayout } from "../../server/capabilities/agents/index.ts";
import { decideAdjustment, requestAdjustment } from "../../server/capabilities/funding/index.ts";
import { ann, ben, type Month, type Person } from "./house.ts";

function must<Value>(answer: Result<Value, unknown>): Value {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
  return answer.value;
}

/** Asked for by one person and posted by another. */
export async function adjust({ cards, facts }: Month, { account }: Person, cents: bigint): Promise<void> {
  const { transact } = cards.deps;
  const amount = `${cents < 0n ? "-" : ""}${String(cents < 0n ? -cents : cents).padStart(3, "0")}`.replace(
    /(\d\d)$/,
    ".$1",
  );
  const wanted = { accountId: account.accountId, amount, reasonCode: "correction", note: "as agreed" } as const;
  const { id } = must(await transact(ann, (work) => requestAdjustment(work, ann, wanted)));
  must(await transact(ben, (work) => decideAdjustment(work, () => {}, ben, { id, to: "posted", note: "seen" })));
  facts.move(account, cents);
}

/** New rates from now on, for orders that come from now on. */
export const changeRates = async ({ agents, lines }: Month): Promise<void> => {
  await agents.version(lines.plans.ratio, { rate1: "25", rate2: "25", rate3: "15" });
  await agents.version(lines.plans["spread-share"], { rate1: "45", rate2: "20", rate3: "5" });
};

/** The third of one line, with all under it, goes under the second of another. */
export const moveLine = async ({ agents, lines: { roots } }: Month): Promise<void> => {
  const [agentId = "", parentId = ""] = [roots.ratio?.[2], roots.chain?.[1]];
  must(await agents.run((work) => moveAgent(work, ann, { agentId, parentId, reason: "sold to another" })));
};

/** A trader who turns out to be his own agent. */
export const findSelf = async ({ agents, house, people }: Month): Promise<void> => {
  for (const { account } of people) {
    const { traderId, tenantId } = account.trader;
    const { agent_id: agentId } = await house.db.app("traders").where({ id: traderId }).first("agent_id");
    if (agentId === null) continue;
    must(await agents.run((work) => noteOwnTrader(work, { agentId, tenantId, traderId, reason: "same telephone" })));
    return;
  }
};

/** Stops the largest payout that is not paid yet; its id. */
export async function holdLargest({ agents, house }: Month): Promise<string> {
  const row = await house.db
    .app("commission_payouts")
    .where({ state: "pending" })
    .orderBy("earned_minor", "desc")
    .first("id");
  must(await agents.run((work) => stepPayout(work, { id: row.id, to: "held", reason: "a question" })));
  return row.id;
}

export const letGo = async ({ agents }: Month, id: string): Promise<void> => {
  must(await agents.run((work) => stepPayout(work, { id, to: "payable", reason: "answered" })));
};

/** All that was earned on so many fills is taken back: more than their agents earn in a day, so that it is carried forward. */
export async function takeCommissionsBack({ agents, house }: Month, fills: number): Promise<void> {
  const { rows } = await house.db.owner.raw(
    `SELECT fill_id FROM commissions GROUP BY fill_id HAVING sum(amount_minor) > 0 ORDER BY sum(amount_minor) DESC, fill_id LIMIT ?`,
    [fills],
  );
  for (const { fill_id } of rows)
    must(
      await agents.run((work) =>
        clawBack(work, ann, { of: { fillId: `${fill_id}` }, reasonCode: "busted-trade", note: "a wrong price" }),
      ),
    );
}
