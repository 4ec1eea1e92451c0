import type { ChainPayoutState } from "#contracts/payment-names.ts";
import type { TransactionStatus } from "./chain.ts";

/** A payout that was handed to a chain, or is about to be. */
export interface StandingPayout {
  readonly state: Extract<ChainPayoutState, "signed" | "unknown" | "sent">;
  readonly to: string;
  /** In the token's smallest units. */
  readonly amount: bigint;
  readonly contract: string;
  /** false: a person sent it from elsewhere and told its number. */
  readonly isOurs: boolean;
  /** Whether it can land only until a moment; else as long as its number is not used. */
  readonly expires: boolean;
}

/** What is known of it now. `status` null: nobody answered. */
export interface PayoutSeen {
  readonly status: TransactionStatus | null;
  /** false: what can't be found now never lands. Known before the status was asked for. */
  readonly canLand: boolean;
  /** The newest block that counts. */
  readonly final: bigint;
}

/** Why money that was to be paid out is given back, or what a person must look at. */
export type PayoutProblem = "REVERTED" | "REPLACED" | "EXPIRED" | "OTHER_TRANSFER";

/** `stay`: nothing is certain yet. `lost`: it is certain that this transaction does not pay, so the money is given back. `look`: a person must. */
export type PayoutStep =
  | { readonly kind: "stay"; readonly state: StandingPayout["state"] }
  | { readonly kind: "confirm"; readonly blockNumber: bigint }
  | { readonly kind: "lost"; readonly problem: PayoutProblem }
  | { readonly kind: "look"; readonly problem: PayoutProblem };

/**
 * Decides what becomes of a payout. Only final blocks decide: paid when its transaction succeeded **and** made the transfer that was approved;
 * lost when it did nothing, or when final blocks leave no room for it. Of a transaction that a person sent from elsewhere nothing is given
 * back: he may have named a wrong one.
 */
export function judgePayout(payout: StandingPayout, { status, canLand, final }: PayoutSeen): PayoutStep {
  const lost = (problem: PayoutProblem): PayoutStep => ({ kind: payout.isOurs ? "lost" : "look", problem });
  if (status === null) return { kind: "stay", state: payout.state === "signed" ? "unknown" : payout.state };
  if (status.kind === "unknown") {
    if (!canLand) return lost(payout.expires ? "EXPIRED" : "REPLACED");
    return { kind: "stay", state: payout.state === "sent" ? "sent" : "unknown" };
  }
  if (status.kind === "seen" || status.blockNumber > final) return { kind: "stay", state: "sent" };
  if (status.kind === "failed") return lost("REVERTED");
  const isPaid = status.transfers.some(
    ({ contract, to, amount }) => contract === payout.contract && to === payout.to && amount === payout.amount,
  );
  return isPaid ? { kind: "confirm", blockNumber: status.blockNumber } : lost("OTHER_TRANSFER");
}

/** When a payout is looked at next, after `looks` times: 5 seconds, doubled each time, at most 5 minutes. */
export const payoutLookMs = (looks: number): number => Math.min(300_000, 5_000 * 2 ** Math.min(looks, 6));
