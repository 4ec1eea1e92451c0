import { currency, partner } from "../common-fields.ts";
import { bankPayoutStates, payoutProblems } from "../payout-names.ts";
import { defineResource } from "../resource.ts";
import { bankPayoutStateLabels, payoutProblemLabels } from "../withdrawal-choices.ts";

const day = { kind: "date", nullable: true, sortable: false, filterable: false } as const;

/** The payouts of the batches, with what the bank's statements said of each. */
export default defineResource({
  name: "bank-payouts",
  group: "money",
  label: ["Bank payouts", "银行付款"],
  one: ["Bank payout", "银行付款"],
  source: "admin_bank_payouts",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"] },
    tenantId: partner,
    batchId: {
      kind: "ref",
      to: "payout-batches",
      shape: "uuid",
      label: ["Batch", "批次"],
      sortable: false,
      filterable: true,
    },
    withdrawalId: {
      kind: "ref",
      to: "withdrawals",
      shape: "uuid",
      label: ["Withdrawal", "出金"],
      sortable: false,
      filterable: true,
    },
    place: {
      kind: "integer",
      min: 1,
      max: 10_000,
      label: ["Place in the batch", "批次内序号"],
      head: ["Place", "序号"],
    },
    state: {
      kind: "choice",
      label: ["State", "状态"],
      options: bankPayoutStates,
      optionLabels: bankPayoutStateLabels,
      sortable: false,
      filterable: true,
    },
    problem: {
      kind: "choice",
      label: ["Why it was left out", "未纳入原因"],
      options: payoutProblems,
      optionLabels: payoutProblemLabels,
      nullable: true,
      sortable: false,
    },
    reference: {
      kind: "text",
      maxLength: 12,
      label: ["Reference", "付款编号"],
      help: ["The end-to-end id in the file, and in the bank's statement.", "银行文件与对账单中的端到端编号。"],
      sortable: false,
    },
    payee: { kind: "text", maxLength: 70, label: ["Paid to", "收款人"], personal: true, sortable: false },
    iban: { kind: "text", maxLength: 34, label: ["IBAN", "IBAN 账号"], personal: true, sortable: false },
    amount: { kind: "money", currency: "currency", signed: false, label: ["Amount", "金额"], sortable: false },
    currency,
    paidOn: { ...day, label: ["Booked by the bank", "银行记账日"], head: ["Paid", "付款日"] },
    bankReference: {
      kind: "text",
      maxLength: 140,
      label: ["Bank's reference", "银行流水号"],
      nullable: true,
      sortable: false,
    },
    returnedOn: { ...day, label: ["Came back", "退回日"] },
    returnReason: {
      kind: "text",
      maxLength: 35,
      label: ["Reason of the return", "退回原因"],
      help: ["The bank's code; empty: it gave none.", "银行代码；留空表示未给出。"],
      nullable: true,
      sortable: false,
    },
  },
  operations: {
    list: ["admin", "finance"],
    read: ["admin", "finance"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "reference",
  sort: ["place", "ASC"],
  list: ["place", "state", "reference", "payee", "iban", "amount", "paidOn", "problem"],
  filters: ["batchId", "withdrawalId", "state", "tenantId"],
  search: ["reference"],
  reveals: ["admin", "finance"],
  shows: [{ resource: "statement-lines", where: { withdrawalId: "withdrawalId" } }],
});
