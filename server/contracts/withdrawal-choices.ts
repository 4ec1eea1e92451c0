import type { Label } from "./field.ts";
import type { WithdrawalState } from "./names.ts";
import type { ChainPayoutState } from "./payment-names.ts";

/** How the closed lists of withdrawals are written on the screen. */

export const chainPayoutStateLabels: Readonly<Record<ChainPayoutState, Label>> = {
  queued: ["Waits for the signer", "待签名"],
  signed: ["Signed", "已签名"],
  unknown: ["Handed over, no answer", "已提交未应答"],
  sent: ["Sent", "已发出"],
  confirmed: ["Paid", "已到账"],
  failed: ["Failed", "失败"],
  void: ["Not to be paid", "已作废"],
};

export const withdrawalStateLabels: Readonly<Record<WithdrawalState, Label>> = {
  "in-review": ["In review", "审核中"],
  approved: ["Approved, to be sent", "已批准待付"],
  submitting: ["Being sent", "付款中"],
  unknown: ["Handed over, no answer", "已提交未应答"],
  sent: ["Sent", "已付出"],
  confirmed: ["Paid", "已到账"],
  rejected: ["Rejected", "已拒绝"],
  cancelled: ["Cancelled", "已取消"],
  returned: ["Came back", "已退回"],
};
