import { chainChannels } from "#contracts/payment-names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { formatDecimal } from "#core/units.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import type { AvailableOf } from "../trading/index.ts";
import { isPaidAlready, lockPayout, tellPayout, updatePayout } from "./chain-payouts.store.ts";
import { change } from "./decide-withdrawal.ts";
import { findPayoutChain, type PayoutChains } from "./payout-ports.ts";
import { paidOut, postArrived, postGivenBack, postLeaving } from "./post-withdrawal.ts";
import { lockWithdrawal, type WithdrawalRow } from "./withdrawals.store.ts";

export type PayRefusal =
  | "NO_PERSON"
  | "UNKNOWN_WITHDRAWAL"
  | "NOT_IN_THIS_STATE"
  | "TOO_EARLY"
  | "DEBT_OWED"
  | "MARGIN_NEEDED"
  | "REFERENCE_REQUIRED"
  | "CHANNEL_CLOSED"
  | "TXID_INVALID"
  | "TXID_TAKEN"
  | "CHAIN_DECIDES"
  | "PAYOUT_CAN_LAND"
  | "AMOUNT_TOO_FINE";

export interface PayDeps extends PayoutChains {
  readonly announce: (announcement: Announcement) => void;
  readonly availableOf: AvailableOf;
}

/**
 * Says that an approved withdrawal was sent, with the bank's reference, or with the number of the transaction that pays it on a chain, which
 * is followed from then on. The money leaves the account.
 */
export async function sendWithdrawal(
  work: Work,
  deps: PayDeps,
  actor: Actor,
  { id, reference }: { readonly id: string; readonly reference: string },
): Promise<Result<null, PayRefusal>> {
  if (actor.id === null) return refuse("NO_PERSON");
  if (reference.trim() === "") return refuse("REFERENCE_REQUIRED");
  const row = await lockWithdrawal(work.db, id);
  if (row === undefined) return refuse("UNKNOWN_WITHDRAWAL");
  if (row.state !== "approved") return refuse("NOT_IN_THIS_STATE");
  const told = await toldTransaction(work, deps, row, reference.trim());
  if (!told.ok) return told;
  const left = await postLeaving(work, row, deps.availableOf);
  if (!left.ok) return left;
  await told.value.write();
  await change(work, deps.announce, row, {
    ...{ state: "sent", reference: told.value.reference, sent_by_id: actor.id, sent_by: actor.name },
    sent_at: work.db.raw("clock_timestamp()"),
  });
  record(work, "send", row, "sent", told.value.reference);
  return ok(null);
}

/** What a person says about a payment: at a bank any text, on a chain a transaction that pays no other withdrawal. */
async function toldTransaction(
  { db }: Work,
  deps: PayDeps,
  row: WithdrawalRow,
  reference: string,
): Promise<Result<{ readonly reference: string; readonly write: () => Promise<void> }, PayRefusal>> {
  if (!isOnChain(row)) return ok({ reference, write: async () => {} });
  const chain = findPayoutChain(deps, { channel: row.channel, tenantId: row.tenant_id });
  if (chain === undefined) return refuse("CHANNEL_CLOSED");
  const txid = chain.sender.normalTxid(reference);
  if (txid === null) return refuse("TXID_INVALID");
  if (await isPaidAlready(db, chain.reader.network, txid)) return refuse("TXID_TAKEN");
  const payout = tellPayout(db, chain, row, txid);
  return payout === null ? refuse("AMOUNT_TOO_FINE") : ok({ reference: txid, write: payout });
}

const isOnChain = ({ channel }: WithdrawalRow): boolean => chainChannels.some((one) => one === channel);

/** Says that the money arrived: it has left the house's account at the bank. On a chain, its blocks say so. */
export async function confirmWithdrawal(
  work: Work,
  deps: PayDeps,
  actor: Actor,
  id: string,
): Promise<Result<null, PayRefusal>> {
  const row = await lockWithdrawal(work.db, id);
  if (row === undefined) return refuse("UNKNOWN_WITHDRAWAL");
  if (row.state !== "sent") return refuse("NOT_IN_THIS_STATE");
  if (isOnChain(row)) return refuse("CHAIN_DECIDES");
  await confirm(work, deps, actor, row);
  return ok(null);
}

/** The caller knows that it arrived. */
export async function confirm(
  work: Work,
  { announce }: Pick<PayDeps, "announce">,
  actor: Actor,
  row: WithdrawalRow,
): Promise<void> {
  await postArrived(work, row);
  await change(work, announce, row, { state: "confirmed", ...endedBy(work, actor) });
  record(work, "confirm", row, "confirmed");
}

/**
 * Says that the money came back, or was never sent: the trader has all of it again, the fee too. Refused for what was signed here: only the
 * chain says that it never pays. What waits for the signer is taken from him.
 */
export async function returnWithdrawal(
  work: Work,
  deps: PayDeps,
  actor: Actor,
  { id, note }: { readonly id: string; readonly note: string },
): Promise<Result<null, PayRefusal>> {
  const row = await lockWithdrawal(work.db, id);
  if (row === undefined) return refuse("UNKNOWN_WITHDRAWAL");
  if (row.state !== "sent" && row.state !== "submitting" && row.state !== "unknown") return refuse("NOT_IN_THIS_STATE");
  const payout = await lockPayout(work.db, id);
  if (payout !== undefined) {
    if (payout.is_ours && payout.state !== "queued") return refuse("PAYOUT_CAN_LAND");
    await updatePayout(work.db, id, { state: "void", next_look_at: null });
  }
  await giveBack(work, deps, actor, row, note);
  return ok(null);
}

/** The caller knows that it never arrives. */
export async function giveBack(
  work: Work,
  { announce }: Pick<PayDeps, "announce">,
  actor: Actor,
  row: WithdrawalRow,
  note: string,
): Promise<void> {
  await postGivenBack(work, row);
  await change(work, announce, row, { state: "returned", note, ...endedBy(work, actor) });
  record(work, "return", row, "returned", note);
}

const endedBy = ({ db }: Work, actor: Actor) => ({ ended_by: actor.name, ended_at: db.raw("clock_timestamp()") });

/** A step of a withdrawal for the audit log. */
export function record(
  { audit }: Work,
  action: string,
  row: WithdrawalRow,
  to: WithdrawalRow["state"],
  reason?: string,
): void {
  audit({
    action,
    resource: "withdrawals",
    objectId: row.id,
    tenantId: row.tenant_id,
    before: { state: row.state },
    after: { state: to, paidOut: formatDecimal(paidOut(row), row.currency_scale), currency: row.currency },
    ...(reason === undefined ? {} : { reason }),
  });
}
