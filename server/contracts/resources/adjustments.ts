import { adjustmentReasonLabels, adjustmentStateLabels } from "../choices.ts";
import { book, createdAt, currency, partner } from "../common-fields.ts";
import { adjustmentReasons, adjustmentStates } from "../names.ts";
import { defineResource } from "../resource.ts";

/** Why a decision is as it is; kept with the adjustment and in the audit log. */
const decision = {
  note: {
    kind: "text",
    label: ["Note", "说明"],
    help: ["Kept with the adjustment and in the audit log.", "将随调整单及审计日志保存。"],
    maxLength: 500,
    multiline: true,
    required: true,
  },
} as const;

/** Balances corrected by hand. To create one is to ask for it; money moves when a second person posts it. */
export default defineResource({
  name: "adjustments",
  group: "money",
  label: ["Adjustments", "资金调整"],
  one: ["Adjustment", "资金调整"],
  source: "admin_adjustments",
  table: "adjustments",
  writer: "adjustments",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: { ...partner, readOnly: true },
    traderId: { kind: "ref", to: "traders", shape: "uuid", label: ["Trader", "交易者"], readOnly: true },
    accountId: {
      kind: "ref",
      to: "accounts",
      shape: "uuid",
      label: ["Account", "交易账户"],
      required: true,
      createOnly: true,
    },
    book: { ...book, readOnly: true },
    amount: {
      kind: "money",
      currency: "currency",
      signed: true,
      label: ["Amount", "金额"],
      help: [
        "Plus is paid into the account, minus is taken out of it. In the account's currency.",
        "正数为存入账户，负数为从账户扣除，按账户币种填写。",
      ],
      required: true,
      createOnly: true,
    },
    currency: { ...currency, readOnly: true },
    reasonCode: {
      kind: "choice",
      label: ["Reason", "原因"],
      options: adjustmentReasons,
      optionLabels: adjustmentReasonLabels,
      required: true,
      createOnly: true,
    },
    note: {
      kind: "text",
      label: ["What happened", "情况说明"],
      help: [
        "For whoever approves it, and for the auditor. It becomes the memo of the transfer.",
        "供批准人与审计查阅，并作为转账备注。",
      ],
      maxLength: 450,
      multiline: true,
      required: true,
      createOnly: true,
    },
    state: {
      kind: "choice",
      label: ["State", "状态"],
      options: adjustmentStates,
      optionLabels: adjustmentStateLabels,
      readOnly: true,
    },
    requestedBy: { kind: "text", maxLength: 200, label: ["Asked for by", "申请人"], readOnly: true },
    createdAt: { ...createdAt, column: "requested_at", label: ["Asked for", "申请时间"] },
    decidedBy: { kind: "text", maxLength: 200, label: ["Decided by", "审批人"], nullable: true, readOnly: true },
    decidedAt: { kind: "time", label: ["Decided", "审批时间"], nullable: true, readOnly: true, sortable: false },
    decisionNote: {
      kind: "text",
      maxLength: 500,
      label: ["Note of the decision", "审批说明"],
      nullable: true,
      readOnly: true,
    },
    groupId: {
      kind: "id",
      shape: "uuid",
      label: ["Transfers' group", "转账组"],
      nullable: true,
      readOnly: true,
      sortable: false,
    },
  },
  operations: {
    list: ["admin", "finance", "support", "risk"],
    read: ["admin", "finance", "support", "risk"],
    create: ["admin", "finance", "support"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: ["reasonCode", "amount", "currency"],
  sort: ["createdAt", "DESC"],
  list: ["state", "createdAt", "traderId", "accountId", "amount", "currency", "reasonCode", "requestedBy", "decidedBy"],
  filters: ["state", "reasonCode", "accountId", "tenantId", "createdAt_gte", "createdAt_lte"],
  search: ["note", "requestedBy", "decidedBy"],
  shows: [{ resource: "transfers", where: { groupId: "groupId" } }],
  queue: {
    label: ["To approve", "待批准"],
    where: { field: "state", in: ["requested"] },
    sort: ["createdAt", "ASC"],
    list: ["traderId", "requestedBy", "createdAt"],
  },
  attachments: { roles: ["admin", "finance", "support"], when: { field: "state", in: ["requested"] } },
  commands: {
    post: {
      label: ["Approve and post", "批准并入账"],
      consequence: [
        "The money moves at once and can't be called back; a mistake is undone by another adjustment.",
        "资金立即划转且不可撤回；如有错误，须另提一笔调整。",
      ],
      roles: ["admin", "finance"],
      input: decision,
      key: "a",
      when: { field: "state", in: ["requested"] },
    },
    reject: {
      label: ["Reject", "拒绝"],
      consequence: ["No money moves; the adjustment ends.", "不划转资金，该调整终结。"],
      roles: ["admin", "finance"],
      input: decision,
      danger: true,
      key: "r",
      when: { field: "state", in: ["requested"] },
    },
    withdraw: {
      label: ["Withdraw", "撤回"],
      consequence: ["Only whoever asked for it may. No money moves.", "仅申请人可撤回，不划转资金。"],
      roles: ["admin", "finance", "support"],
      input: decision,
      when: { field: "state", in: ["requested"] },
    },
  },
});
