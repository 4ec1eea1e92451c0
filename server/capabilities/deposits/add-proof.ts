import { type AttachmentRefusalCode, proofsMax } from "#contracts/attachments-api.ts";
import type { TraderIdentity } from "#contracts/identity.ts";
import { proofStates } from "#contracts/payment-names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { type AttachmentRow, addAttachment } from "../attachments/index.ts";
import { type DepositRow, lockDeposit } from "./deposits.store.ts";
import type { DepositDeps } from "./ports.ts";
import { actorOf } from "./request-deposit.ts";

export type ProofRefusal = AttachmentRefusalCode | "UNKNOWN_DEPOSIT" | "NOT_A_TRANSFER" | "NOT_IN_THIS_STATE";

type ProofDeps = Pick<DepositDeps, "transact" | "announce">;

/** Whether a trader may still add a proof to his deposit: a bank transfer that is waited for, or looked at. */
export const takesProof = ({ channel, state }: Pick<DepositRow, "channel" | "state">): boolean =>
  channel === "bank" && proofStates.some((one) => one === state);

/**
 * Keeps a trader's proof of his bank transfer, a file that the bank gave him, with the deposit's attachments, where staff see it. It moves
 * nothing and decides nothing. The same file again is the same proof.
 */
export const addProof =
  ({ transact, announce }: ProofDeps) =>
  (
    trader: TraderIdentity,
    depositId: string,
    file: { readonly name: string; readonly bytes: Buffer },
  ): Promise<Result<AttachmentRow, ProofRefusal>> => {
    const actor = actorOf(trader);
    return transact(actor, async (work) => {
      const row = await lockDeposit(work.db, depositId);
      if (row?.trader_id !== trader.traderId) return refuse("UNKNOWN_DEPOSIT");
      if (row.channel !== "bank") return refuse("NOT_A_TRANSFER");
      if (!takesProof(row)) return refuse("NOT_IN_THIS_STATE");
      const about = { resource: "deposits", objectId: row.id, tenantId: row.tenant_id };
      const added = await addAttachment(work, actor, about, file, { ownMax: proofsMax });
      if (added.ok) work.afterCommit(() => announce({ kind: "changed", resource: "deposits", id: row.id }));
      return added.ok ? ok(added.value) : added;
    });
  };
