import type { Label } from "./field.ts";
import type { DepositDebt, DepositDecision, DepositState, PaymentEventSource, PaymentStatus } from "./payment-names.ts";

/** How the closed lists of deposits are written on the screen. */

export const depositStateLabels: Readonly<Record<DepositState, Label>> = {
  waiting: ["Waiting for payment", "待付款"],
  unknown: ["Channel does not say", "渠道未确认"],
  underpaid: ["Paid too little", "少付待处理"],
  overpaid: ["Paid too much", "多付待处理"],
  "in-review": ["In review", "审核中"],
  unmatched: ["Unmatched", "未匹配"],
  credited: ["Credited", "已入账"],
  expired: ["Expired", "已过期"],
  failed: ["Failed", "支付失败"],
  rejected: ["Sent back", "已退回"],
  reversed: ["Taken back", "已冲回"],
};

export const depositDecisionLabels: Readonly<Record<DepositDecision, Label>> = {
  match: ["Credit", "入账"],
  reject: ["Send back", "退回"],
  reverse: ["Take back", "冲回"],
};

export const depositDebtLabels: Readonly<Record<DepositDebt, Label>> = {
  none: ["None", "无"],
  open: ["Open", "未结清"],
  collected: ["Collected", "已扣收"],
};

export const paymentStatusLabels: Readonly<Record<PaymentStatus, Label>> = {
  pending: ["Pending", "处理中"],
  paid: ["Paid", "已支付"],
  failed: ["Failed", "失败"],
  disputed: ["Disputed", "争议中"],
  reversed: ["Reversed", "已撤销"],
  "given-back": ["Given back", "已返还"],
};

export const paymentEventSourceLabels: Readonly<Record<PaymentEventSource, Label>> = {
  notice: ["Told by the channel", "渠道通知"],
  answer: ["Answered when asked", "查询应答"],
  statement: ["Read in a statement", "对账单"],
  chain: ["Found on the chain", "链上记录"],
};
