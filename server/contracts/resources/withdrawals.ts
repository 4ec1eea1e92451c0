import { paymentChannelLabels, withdrawalStateLabels } from "../choices.ts";
import { currency, partner, version } from "../common-fields.ts";
import { withdrawalStates } from "../names.ts";
import { payoutChannels } from "../payment-names.ts";
import { defineResource } from "../resource.ts";

const person = { kind: "text", maxLength: 200, nullable: true, sortable: false } as const;
const moment = { kind: "time", nullable: true, sortable: false } as const;
const note = {
  kind: "text",
  label: ["Note", "说明"],
  help: ["The trader is told, and it is kept in the audit log.", "将告知交易者并记入审计日志。"],
  maxLength: 500,
  multiline: true,
  required: true,
} as const;

/** Money on its way out, from the request to the bank's confirmation. Traders ask; staff review and pay. */
export default defineResource({
  name: "withdrawals",
  group: "money",
  label: ["Withdrawals", "提现"],
  one: ["Withdrawal", "提现"],
  source: "admin_withdrawals",
  table: "withdrawals",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: { ...partner, readOnly: true },
    traderId: { kind: "ref", to: "traders", shape: "uuid", label: ["Trader", "交易者"], readOnly: true },
    accountId: { kind: "ref", to: "accounts", shape: "uuid", label: ["Account", "交易账户"], readOnly: true },
    state: {
      kind: "choice",
      label: ["State", "状态"],
      options: withdrawalStates,
      optionLabels: withdrawalStateLabels,
      readOnly: true,
    },
    amount: {
      kind: "money",
      currency: "currency",
      signed: false,
      label: ["Amount", "金额"],
      help: ["What leaves the account, fee included.", "从账户扣除的金额，含手续费。"],
      readOnly: true,
    },
    fee: { kind: "money", currency: "currency", signed: false, label: ["Fee", "手续费"], readOnly: true },
    paidOut: { kind: "money", currency: "currency", signed: false, label: ["Paid out", "实付"], readOnly: true },
    currency: { ...currency, readOnly: true },
    channel: {
      kind: "choice",
      label: ["Channel", "渠道"],
      options: payoutChannels,
      optionLabels: paymentChannelLabels,
      readOnly: true,
    },
    targetName: { kind: "text", maxLength: 70, label: ["Paid to", "收款人"], personal: true, readOnly: true },
    targetAddress: {
      kind: "text",
      maxLength: 120,
      label: ["Account to be paid", "收款账户"],
      personal: true,
      readOnly: true,
    },
    reviewsNeeded: {
      kind: "integer",
      min: 0,
      max: 2,
      label: ["Reviews needed", "所需审核数"],
      head: ["Needed", "需审核"],
      readOnly: true,
    },
    reviews: { kind: "integer", min: 0, max: 2, label: ["Reviews", "已审核数"], readOnly: true, sortable: false },
    checks: { kind: "json", schema: "order-checks", label: ["Checks", "检查项"], readOnly: true },
    requestedAt: { kind: "time", label: ["Requested", "申请时间"], readOnly: true },
    notBefore: { kind: "time", label: ["Not sent before", "最早付款时间"], readOnly: true, sortable: false },
    review1By: { ...person, column: "review_1_by", label: ["First reviewer", "一审"], readOnly: true },
    review1At: { ...moment, column: "review_1_at", label: ["First review", "一审时间"], readOnly: true },
    review2By: { ...person, column: "review_2_by", label: ["Second reviewer", "二审"], readOnly: true },
    review2At: { ...moment, column: "review_2_at", label: ["Second review", "二审时间"], readOnly: true },
    reference: {
      kind: "text",
      maxLength: 140,
      label: ["Bank's reference", "银行流水号"],
      nullable: true,
      readOnly: true,
    },
    sentBy: { ...person, label: ["Sent by", "付款人"], readOnly: true },
    sentAt: { ...moment, label: ["Sent", "付款时间"], readOnly: true },
    endedBy: { ...person, label: ["Ended by", "终结人"], readOnly: true },
    endedAt: { ...moment, label: ["Ended", "终结时间"], readOnly: true },
    note: { kind: "text", maxLength: 500, label: ["Note", "说明"], nullable: true, readOnly: true },
    contentHash: {
      kind: "text",
      maxLength: 64,
      label: ["Hash of what is approved", "审批内容哈希"],
      help: [
        "SHA-256 of account, amount, fee, currency, channel and target; compared before each step.",
        "账户、金额、手续费、币种、渠道与收款方的 SHA-256，每一步前核对。",
      ],
      readOnly: true,
      sortable: false,
    },
    version,
  },
  operations: {
    list: ["admin", "finance", "support", "risk"],
    read: ["admin", "finance", "support", "risk"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: ["amount", "currency"],
  sort: ["requestedAt", "DESC"],
  list: ["state", "requestedAt", "traderId", "amount", "paidOut", "reviews", "reviewsNeeded", "notBefore"],
  filters: ["state", "channel", "accountId", "traderId", "tenantId", "requestedAt_gte", "requestedAt_lte"],
  search: ["reference"],
  reveals: ["admin", "finance"],
  shows: [
    { resource: "transfers", where: { groupId: "id" } },
    { resource: "positions", where: { accountId: "accountId" } },
    { resource: "withdrawals", where: { accountId: "accountId" } },
  ],
  queue: {
    label: ["To review", "待审核"],
    where: { field: "state", in: ["in-review", "approved"] },
    sort: ["requestedAt", "ASC"],
    list: ["state", "reviews", "reviewsNeeded", "requestedAt", "notBefore"],
  },
  version: "version",
  commands: {
    approve: {
      label: ["Approve", "批准"],
      consequence: [
        "Approved when as many different people as needed have said so; it can then be sent. No money moves yet.",
        "达到所需的不同审核人数后即为已批准，可付款；此时资金尚未划转。",
      ],
      roles: ["admin", "finance", "risk"],
      input: {},
      key: "a",
      when: { field: "state", in: ["in-review"] },
    },
    reject: {
      label: ["Reject", "拒绝"],
      consequence: ["The trader has the money again at once.", "资金立即退还交易者。"],
      roles: ["admin", "finance", "risk"],
      input: { note },
      danger: true,
      key: "r",
      when: { field: "state", in: ["in-review", "approved"] },
    },
    send: {
      label: ["Mark as sent", "标记已付款"],
      consequence: [
        "The money leaves the trader's account; the fee goes to the house. Do it when the bank has taken the order.",
        "资金从交易者账户划出，手续费归平台。请在银行受理后操作。",
      ],
      roles: ["admin", "finance"],
      input: {
        reference: {
          kind: "text",
          label: ["Bank's reference", "银行流水号"],
          maxLength: 140,
          required: true,
        },
      },
      key: "s",
      when: { field: "state", in: ["approved"] },
    },
    confirm: {
      label: ["Confirm arrival", "确认到账"],
      consequence: ["It has left the house's bank account.", "款项已离开平台银行账户。"],
      roles: ["admin", "finance"],
      input: {},
      when: { field: "state", in: ["sent"] },
    },
    "give-back": {
      label: ["Came back", "退回"],
      consequence: [
        "The bank returned it: the trader gets all of it again, the fee too.",
        "银行退回：全额连同手续费退还交易者。",
      ],
      roles: ["admin", "finance"],
      input: { note },
      danger: true,
      when: { field: "state", in: ["sent"] },
    },
  },
});
