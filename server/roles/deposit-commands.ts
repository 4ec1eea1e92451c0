import type { DepositDecision } from "#contracts/payment-names.ts";
import { decideDeposit } from "../capabilities/deposits/index.ts";
import type { Announcement } from "../platform/realtime/announcement.ts";
import type { Command, Commands } from "../resources/index.ts";
import { refusedAt } from "./back-office-refusals.ts";

/** What staff decide about money that has come. */
export function depositCommands(announce: (told: Announcement) => void): NonNullable<Commands[string]> {
  const decided =
    (decision: DepositDecision): Command =>
    async (work, actor, { id, input }) => {
      const account = typeof input.accountId === "string" ? { accountId: input.accountId } : {};
      const done = await decideDeposit(work, announce, actor, { id, decision, note: String(input.note), ...account });
      return done.ok ? done : refusedAt(done.refusal.code, done.refusal.field);
    };
  return { match: decided("match"), reject: decided("reject"), reverse: decided("reverse") };
}
