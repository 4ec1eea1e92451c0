import type { Label } from "./field.ts";
import type { WithdrawalState } from "./names.ts";
import type { ChainPayoutState } from "./payment-names.ts";
import type { BankPayoutState, LineProblem, LineStanding, PayoutBatchState, PayoutProblem } from "./payout-names.ts";

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

export const payoutBatchStateLabels: Readonly<Record<PayoutBatchState, Label>> = {
  gathered: ["Gathered, to be released", "已汇集待放行"],
  released: ["Released", "已放行"],
  cancelled: ["Cancelled", "已取消"],
};

export const bankPayoutStateLabels: Readonly<Record<BankPayoutState, Label>> = {
  gathered: ["Gathered", "已汇集"],
  released: ["In the bank's file", "已写入银行文件"],
  paid: ["Paid", "已付款"],
  returned: ["Came back", "已退回"],
  "left-out": ["Left out", "未纳入"],
  cancelled: ["Cancelled", "已取消"],
};

export const payoutProblemLabels: Readonly<Record<PayoutProblem, Label>> = {
  NAME_NOT_LATIN: ["The payee's name has letters that banks can't read", "收款人姓名含银行不支持的字符"],
  MOVED_ON: ["Cancelled, rejected or sent meanwhile", "期间已取消、拒绝或付款"],
  TOO_EARLY: ["Its waiting time is not over", "冷静期尚未结束"],
  DEBT_OWED: ["The trader owes money", "交易者有欠款"],
  MARGIN_NEEDED: ["Positions need the money", "持仓需要该资金"],
};

export const lineStandingLabels: Readonly<Record<LineStanding, Label>> = {
  deposit: ["Deposit", "入金"],
  paid: ["Payout", "付款"],
  returned: ["Payout that came back", "付款退回"],
  unmatched: ["Unmatched", "未匹配"],
};

export const lineProblemLabels: Readonly<Record<LineProblem, Label>> = {
  SEVERAL_PAYOUTS: ["Names several payouts", "对应多笔付款"],
  OTHER_ACCOUNT: ["Its payout is of another bank account", "该付款属于其他银行账户"],
  OTHER_CURRENCY: ["Its payout is in another currency", "该付款为其他币种"],
  AMOUNT_DIFFERS: ["Its payout has another amount", "与该付款金额不符"],
  TWICE: ["Its payout had such a line already", "该付款已有此类明细"],
  CAME_BACK: ["Paid, though given back to the trader", "已退还交易者后仍被支付"],
};
