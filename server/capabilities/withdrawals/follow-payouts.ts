import { judgePayout, type PayoutProblem, type PayoutStep, type StandingPayout } from "#core/chain-payout.ts";
import { finalBlock } from "#core/chain-rules.ts";
import { assert } from "#core/result.ts";
import { systemActor, type Work } from "../../platform/db/unit-of-work.ts";
import { claimPayouts, lockPayout, nextLook, type PayoutRow, updatePayout } from "./chain-payouts.store.ts";
import { change } from "./decide-withdrawal.ts";
import { confirm, giveBack, record } from "./pay-withdrawal.ts";
import { findPayoutChain, type PayoutChain } from "./payout-ports.ts";
import type { PayoutDeps } from "./submit-payouts.ts";
import { lockWithdrawal, type WithdrawalRow } from "./withdrawals.store.ts";

/** So many payouts are looked at in one round. */
const batch = 50;

/**
 * Sends what was signed, and follows what was sent: the stored bytes again and again, never others, until final blocks decide. Returns how
 * many were looked at. Safe to run by several at once, and to be killed anywhere.
 */
export const followPayouts =
  (deps: PayoutDeps, onError: (error: unknown, withdrawalId: string) => void) => async (): Promise<number> => {
    const due = await deps.transact(systemActor, ({ db }) => claimPayouts(db, batch));
    for (const row of due) await lookAtPayout(deps, row).catch((error: unknown) => onError(error, row.withdrawal_id));
    return due.length;
  };

async function lookAtPayout(deps: PayoutDeps, row: PayoutRow): Promise<void> {
  const chain = findPayoutChain(deps, { channel: row.channel, tenantId: row.tenant_id });
  // A chain that was taken out of the settings says nothing: what is on its way there stays so.
  if (chain === undefined || chain.reader.network !== row.network) return;
  const { state } = row;
  assert(state === "signed" || state === "unknown" || state === "sent", `payout ${row.withdrawal_id} is ${state}`);
  assert(!row.is_ours || row.from_address === chain.hotWallet, `payout ${row.withdrawal_id} is of another wallet`);
  const standing: StandingPayout = {
    ...{ state, to: row.to_address, amount: BigInt(row.amount), contract: row.contract, isOurs: row.is_ours },
    expires: row.expires_at !== null,
  };
  const step = await ask(chain, row, standing);
  await deps.transact(systemActor, (work) => apply(work, deps, row, step));
}

/** Hands the bytes over where no node is known to have them, and asks what became of them. */
async function ask(
  { reader, sender, finality }: PayoutChain,
  row: PayoutRow,
  standing: StandingPayout,
): Promise<PayoutStep> {
  const unanswered = (): PayoutStep => judgePayout(standing, { status: null, canLand: true, final: -1n });
  const head = await reader.head();
  if (!head.ok) return unanswered();
  const final = finalBlock(head.value, finality);
  if (row.bytes !== null && row.state !== "sent") await sender.broadcast(row.bytes);
  const canLand = await canStillLand(sender, row);
  const status = await sender.statusOf(row.txid ?? "");
  if (!status.ok || canLand === null) return unanswered();
  // Nodes forget what waits too long: it is handed over again, the same.
  if (status.value.kind === "unknown" && canLand && row.bytes !== null && row.state === "sent")
    await sender.broadcast(row.bytes);
  return judgePayout(standing, { status: status.value, canLand, final });
}

async function canStillLand(sender: PayoutChain["sender"], row: PayoutRow): Promise<boolean | null> {
  if (row.from_address === null || row.nonce === null) return true;
  const told = await sender.canLand({
    ...{ from: row.from_address, nonce: row.nonce, expiresAtMs: row.expires_at?.getTime() ?? null },
  });
  return told.ok ? told.value : null;
}

const notes: Readonly<Record<PayoutProblem, string>> = {
  REVERTED: "the transaction failed on the chain",
  REPLACED: "another transaction took its number at the wallet",
  EXPIRED: "it was in no block before it expired",
  OTHER_TRANSFER: "the transaction made no such transfer",
};

async function apply(work: Work, deps: PayoutDeps, claimed: PayoutRow, step: PayoutStep): Promise<void> {
  const { db } = work;
  const id = claimed.withdrawal_id;
  const row = await lockWithdrawal(db, id);
  const payout = await lockPayout(db, id);
  if (row === undefined || payout?.state !== claimed.state) return;
  switch (step.kind) {
    case "stay":
      await updatePayout(db, id, { state: step.state, next_look_at: nextLook(db, claimed.looks) });
      if (step.state === "unknown" && row.state === "submitting")
        await change(work, deps.announce, row, { state: "unknown" });
      if (step.state === "sent") await markSent(work, deps, row, payout);
      return;
    case "look":
      return updatePayout(db, id, { problem: step.problem, next_look_at: nextLook(db, claimed.looks) });
    case "confirm": {
      await updatePayout(db, id, {
        ...{ state: "confirmed", problem: null, next_look_at: null, block_number: step.blockNumber.toString() },
      });
      return confirm(work, deps, systemActor, await markSent(work, deps, row, payout));
    }
    case "lost":
      await updatePayout(db, id, { state: "failed", problem: step.problem, next_look_at: null });
      return giveBack(work, deps, systemActor, row, notes[step.problem]);
  }
}

/** A node has it: the withdrawal is sent, with the transaction's number as its reference. */
async function markSent(
  work: Work,
  { announce }: PayoutDeps,
  row: WithdrawalRow,
  { txid }: PayoutRow,
): Promise<WithdrawalRow> {
  if (row.state === "sent") return row;
  await change(work, announce, row, {
    ...{ state: "sent", reference: txid, sent_by: systemActor.name, sent_at: work.db.raw("clock_timestamp()") },
  });
  record(work, "send", row, "sent", txid ?? "");
  return { ...row, state: "sent", reference: txid };
}
