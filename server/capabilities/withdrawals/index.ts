export { type ChannelRefusal, createChannel, updateChannel } from "./channels.ts";
export { approveWithdrawal, cancelWithdrawal, type ReviewRefusal, rejectWithdrawal } from "./decide-withdrawal.ts";
export { followPayouts } from "./follow-payouts.ts";
export { type GatherRefusal, gatherPayouts } from "./gather-payouts.ts";
export { matchPayouts } from "./match-payouts.ts";
export {
  confirmWithdrawal,
  type PayDeps,
  type PayRefusal,
  returnWithdrawal,
  sendWithdrawal,
} from "./pay-withdrawal.ts";
export { fileOfBatch } from "./payout-batches.store.ts";
export type { PayoutChain } from "./payout-ports.ts";
export { type BatchRefusal, cancelPayouts, type ReleaseDeps, releasePayouts } from "./release-payouts.ts";
export {
  type RefusedWithdrawal,
  requestWithdrawal,
  type WantedWithdrawal,
  type WithdrawalDeps,
} from "./request-withdrawal.ts";
export { findChannelRow } from "./rules.store.ts";
export { type PayoutLineDeps, settlePayoutLines } from "./settle-payout-lines.ts";
export { type SigningProblem, type SigningWallet, signPayouts } from "./sign-payouts.ts";
export { type PayoutDeps, submitPayouts } from "./submit-payouts.ts";
export { addTarget, type NewTarget, removeTarget, type TargetRefusal, type TargetRow, targetsOf } from "./targets.ts";
export { type WithdrawalTerms, withdrawalTerms } from "./terms.ts";
export { type UnsignedPayout, unsignedPayout } from "./unsigned-payout.ts";
export { type WalletCheck, walletCheck } from "./wallet-check.ts";
export { listWithdrawals, type WithdrawalRow } from "./withdrawals.store.ts";
