import { paymentChannelLabels } from "../choices.ts";
import { createdAt, currency, partner, version } from "../common-fields.ts";
import { depositDebtLabels, depositDecisionLabels, depositStateLabels } from "../deposit-choices.ts";
import { depositDebts, depositDecisions, depositStates, paymentChannels } from "../payment-names.ts";
import { defineResource } from "../resource.ts";

const person = { kind: "text", maxLength: 200, nullable: true, sortable: false, readOnly: true } as const;
const moment = { kind: "time", nullable: true, sortable: false, readOnly: true } as const;
const money = { kind: "money", currency: "currency", signed: false, readOnly: true } as const;
const note = {
  kind: "text",
  label: ["Note", "说明"],
  help: ["Kept with the deposit and in the audit log.", "将随入金单及审计日志保存。"],
  maxLength: 500,
  multiline: true,
  required: true,
} as const;
const kept = ["underpaid", "overpaid", "in-review", "unmatched"] as const;

/** Money on its way in, from what the trader was told to pay to what became of it. */
export default defineResource({
  name: "deposits",
  group: "money",
  label: ["Deposits", "入金"],
  one: ["Deposit", "入金"],
  source: "admin_deposits",
  table: "deposits",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: { ...partner, readOnly: true },
    traderId: {
      kind: "ref",
      to: "traders",
      shape: "uuid",
      label: ["Trader", "交易者"],
      nullable: true,
      readOnly: true,
    },
    accountId: {
      kind: "ref",
      to: "accounts",
      shape: "uuid",
      label: ["Account", "交易账户"],
      nullable: true,
      readOnly: true,
    },
    state: {
      kind: "choice",
      label: ["State", "状态"],
      options: depositStates,
      optionLabels: depositStateLabels,
      readOnly: true,
    },
    asked: { ...money, label: ["Asked for", "应付金额"], nullable: true },
    received: { ...money, label: ["Received", "实收金额"], nullable: true },
    fee: { ...money, label: ["Fee", "手续费"] },
    takenBack: {
      ...money,
      label: ["Taken back", "已收回"],
      help: ["Of what was received, taken back by the channel.", "实收金额中被渠道收回的部分。"],
    },
    owed: {
      ...money,
      label: ["Owed", "欠款"],
      help: ["The channel took it back and the trader had no more.", "渠道已冲回而账户余额不足的部分。"],
    },
    collected: {
      ...money,
      label: ["Collected", "已扣收"],
      help: ["Of what is owed, taken from the account since.", "欠款中已从账户扣收的部分。"],
    },
    debt: {
      kind: "choice",
      label: ["Debt", "欠款状态"],
      options: depositDebts,
      optionLabels: depositDebtLabels,
      readOnly: true,
    },
    currency: { ...currency, readOnly: true },
    channel: {
      kind: "choice",
      label: ["Channel", "渠道"],
      options: paymentChannels,
      optionLabels: paymentChannelLabels,
      readOnly: true,
    },
    reference: { kind: "text", maxLength: 32, label: ["Our reference", "我方参考号"], nullable: true, readOnly: true },
    paymentNo: {
      kind: "text",
      maxLength: 140,
      label: ["Payment number", "渠道流水号"],
      nullable: true,
      readOnly: true,
    },
    checks: { kind: "json", schema: "order-checks", label: ["Checks", "检查项"], readOnly: true },
    createdAt,
    expiresAt: { ...moment, label: ["To be paid before", "付款期限"] },
    receivedAt: { ...moment, label: ["Received at", "到账时间"] },
    creditedAt: { ...moment, label: ["Credited at", "入账时间"] },
    withdrawableAt: {
      ...moment,
      label: ["Withdrawable from", "可出金时间"],
      help: ["Empty: as soon as it is credited.", "留空：入账即可出金。"],
    },
    endedAt: { ...moment, label: ["Ended", "终结时间"] },
    nextPollAt: {
      ...moment,
      label: ["Asked again at", "下次查询时间"],
      help: ["When the channel is asked about it next.", "下一次向渠道查询的时间。"],
    },
    decision: {
      kind: "choice",
      label: ["Decision", "人工处理"],
      options: depositDecisions,
      optionLabels: depositDecisionLabels,
      nullable: true,
      readOnly: true,
    },
    decisionAccountId: {
      kind: "ref",
      to: "accounts",
      shape: "uuid",
      label: ["Decided for account", "处理对应账户"],
      nullable: true,
      readOnly: true,
      sortable: false,
    },
    reviewsNeeded: {
      kind: "integer",
      min: 0,
      max: 2,
      label: ["People needed", "所需人数"],
      readOnly: true,
      sortable: false,
    },
    reviews: {
      kind: "integer",
      min: 0,
      max: 2,
      label: ["People so far", "已处理人数"],
      readOnly: true,
      sortable: false,
    },
    review1By: { ...person, column: "review_1_by", label: ["First person", "第一人"] },
    review1At: { ...moment, column: "review_1_at", label: ["First decision", "第一人处理时间"] },
    review2By: { ...person, column: "review_2_by", label: ["Second person", "第二人"] },
    review2At: { ...moment, column: "review_2_at", label: ["Second decision", "第二人处理时间"] },
    decidedAt: { ...moment, label: ["Decided", "处理完成时间"] },
    note: { kind: "text", maxLength: 500, label: ["Note", "说明"], nullable: true, readOnly: true },
    version,
  },
  operations: {
    list: ["admin", "finance", "support", "risk"],
    read: ["admin", "finance", "support", "risk"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: ["channel", "reference", "received", "currency"],
  sort: ["createdAt", "DESC"],
  list: ["state", "createdAt", "traderId", "channel", "asked", "received", "reference", "paymentNo"],
  filters: ["state", "debt", "channel", "accountId", "traderId", "tenantId", "createdAt_gte", "createdAt_lte"],
  search: ["reference", "paymentNo"],
  shows: [
    { resource: "payment-events", where: { depositId: "id" } },
    { resource: "statement-lines", where: { depositId: "id" } },
    { resource: "transfers", where: { groupId: "id" } },
    { resource: "deposits", where: { accountId: "accountId" } },
  ],
  version: "version",
  queue: {
    label: ["To decide", "待处理入金"],
    where: { field: "state", in: kept },
    sort: ["createdAt", "ASC"],
    list: ["state", "received", "traderId", "createdAt"],
  },
  attachments: {
    roles: ["admin", "finance", "support"],
    when: { field: "state", in: ["waiting", "unknown", ...kept] },
  },
  commands: {
    match: {
      label: ["Credit", "入账"],
      consequence: [
        "What was received is credited to the account, less the fee, when as many people as needed have said so.",
        "达到所需人数后，实收金额扣除手续费记入账户。",
      ],
      roles: ["admin", "finance"],
      input: {
        accountId: {
          kind: "ref",
          to: "accounts",
          shape: "uuid",
          label: ["Account", "交易账户"],
          help: ["Only for money that is nobody's yet.", "仅用于尚无归属的款项。"],
          nullable: true,
        },
        note,
      },
      key: "c",
      when: { field: "state", in: kept },
    },
    reject: {
      label: ["Send back", "退回"],
      consequence: [
        "It is booked as sent back to whoever paid it; do it when the channel has taken the order.",
        "记为退回付款人；请在渠道受理退款后操作。",
      ],
      roles: ["admin", "finance"],
      input: { note },
      danger: true,
      key: "r",
      when: { field: "state", in: kept },
    },
    reverse: {
      label: ["Take back", "冲回"],
      consequence: [
        "The channel took the money back: it leaves the account; what the account lacks is owed and the account may only close.",
        "渠道已收回款项：从账户扣除，不足部分记为欠款，账户仅可平仓。",
      ],
      roles: ["admin", "finance"],
      input: { note },
      danger: true,
      when: { field: "state", in: ["credited"] },
    },
    collect: {
      label: ["Collect the debt", "扣收欠款"],
      consequence: [
        "What is owed is taken from the account's available money; the account stays as it is until somebody enables it.",
        "从账户可用资金扣收欠款；账户状态不变，须由人员解除。",
      ],
      roles: ["admin", "finance"],
      input: {
        amount: {
          kind: "money",
          currency: "currency",
          signed: false,
          label: ["Amount", "金额"],
          help: ["Empty: as much as the account has, at most all of it.", "留空：按账户可用资金扣收，至多全部欠款。"],
          nullable: true,
        },
        note: { ...note, help: ["Kept in the audit log.", "将保存于审计日志。"] },
      },
      when: { field: "debt", in: ["open"] },
    },
  },
});
