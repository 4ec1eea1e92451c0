import type { ClawbackReason } from "#contracts/commission-names.ts";
import {
  addPlanVersion,
  type Clawback,
  clawBack,
  moveAgent,
  noteOwnTrader,
  type PayoutStep,
  stepPayout,
  type WrittenTerms,
} from "../capabilities/agents/index.ts";
import type { Command, Commands } from "../resources/index.ts";
import { refusedAt } from "./back-office-refusals.ts";

/** Checked input without the nulls, which a command's optional members do not know. */
const given = <Input>(input: Readonly<Record<string, unknown>>): Input =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) as Input;

/** What is done to an agent's place in the tree. */
export const agentCommands: Commands[string] = {
  move: async (work, actor, { id, input }) => {
    const parentId = typeof input.parentId === "string" ? input.parentId : null;
    const moved = await moveAgent(work, actor, { agentId: id, parentId, reason: String(input.reason) });
    return moved.ok ? moved : refusedAt(moved.refusal);
  },
  "note-own-trader": async (work, _actor, { id, input, current }) => {
    const own = {
      agentId: id,
      tenantId: Number(current.tenantId),
      traderId: String(input.traderId),
      reason: String(input.reason),
    };
    const noted = await noteOwnTrader(work, own);
    return noted.ok ? noted : refusedAt(noted.refusal);
  },
};

/** What is done to plans, commissions and payouts. */
export const commissionCommands: Commands = {
  "commission-plans": {
    "new-version": async (work, actor, { id, input }) => {
      const added = await addPlanVersion(work, actor, id, given<WrittenTerms>(input));
      return added.ok ? { ok: true, value: null } : refusedAt(added.refusal.code, added.refusal.field);
    },
  },
  "commission-payouts": { hold: stepTo("held"), release: stepTo("payable") },
  commissions: { "claw-back": clawing((commissionId) => ({ commissionId })) },
  "commission-fills": { "claw-back": clawing((fillId) => ({ fillId })) },
};

function stepTo(to: PayoutStep["to"]): Command {
  return async (work, _actor, { id, input }) => {
    const stepped = await stepPayout(work, { id, to, reason: String(input.reason) });
    return stepped.ok ? stepped : refusedAt(stepped.refusal);
  };
}

function clawing(of: (id: string) => Clawback["of"]): Command {
  return async (work, actor, { id, input }) => {
    const reasonCode = input.reasonCode as ClawbackReason;
    const clawed = await clawBack(work, actor, { of: of(id), reasonCode, note: String(input.note) });
    return clawed.ok ? { ok: true, value: null } : refusedAt(clawed.refusal);
  };
}
