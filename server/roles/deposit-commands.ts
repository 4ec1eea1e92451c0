import type { DepositDecision } from "#contracts/payment-names.ts";
import { collectDebt, decideDeposit } from "../capabilities/deposits/index.ts";
import type { AvailableOf } from "../capabilities/trading/index.ts";
import type { Announcement } from "../platform/realtime/announcement.ts";
import type { Command, Commands } from "../resources/index.ts";
import { refusedAt } from "./back-office-refusals.ts";

/** What staff decide about money that has come. */
export function depositCommands(
  announce: (told: Announcement) => void,
  availableOf: AvailableOf,
): NonNullable<Commands[string]> {
  const decided =
    (decision: DepositDecision): Command =>
    async (work, actor, { id, input }) => {
      const account = typeof input.accountId === "string" ? { accountId: input.accountId } : {};
      const done = await decideDeposit(work, announce, actor, { id, decision, note: String(input.note), ...account });
      return done.ok ? done : refusedAt(done.refusal.code, done.refusal.field);
    };
  const collect: Command = async (work, actor, { id, input }) => {
    const amount = typeof input.amount === "string" ? { amount: input.amount } : {};
    const wanted = { id, note: String(input.note), ...amount };
    const done = await collectDebt(work, { announce, availableOf }, actor, wanted);
    return done.ok ? done : refusedAt(done.refusal);
  };
  return { collect, match: decided("match"), reject: decided("reject"), reverse: decided("reverse") };
}
