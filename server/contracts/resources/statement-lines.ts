import { currency, partner } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

/** The lines of the bank's statements. What came has a deposit; what left stands here for comparing. */
export default defineResource({
  name: "statement-lines",
  group: "money",
  label: ["Statement lines", "对账单明细"],
  one: ["Statement line", "对账单明细"],
  source: "admin_statement_lines",
  fields: {
    id: { kind: "id", shape: "bigint", label: ["Number", "编号"] },
    tenantId: partner,
    statementId: {
      kind: "ref",
      to: "bank-statements",
      shape: "uuid",
      label: ["Statement", "对账单"],
      sortable: false,
      filterable: true,
    },
    bankAccountId: {
      kind: "ref",
      to: "bank-accounts",
      shape: "uuid",
      label: ["Bank account", "银行账户"],
      sortable: false,
    },
    rowNo: { kind: "integer", min: 1, max: 2_147_483_647, label: ["Row of the file", "文件行号"], sortable: false },
    bookedOn: { kind: "date", label: ["Booked", "记账日"], sortable: false },
    amount: { kind: "money", currency: "currency", signed: true, label: ["Amount", "金额"], sortable: false },
    currency,
    partyName: { kind: "text", maxLength: 500, label: ["Other side", "对方户名"], personal: true, sortable: false },
    text: { kind: "text", maxLength: 5_000, multiline: true, label: ["Text", "附言"], personal: true, sortable: false },
    bankReference: { kind: "text", maxLength: 140, label: ["Bank's reference", "银行流水号"], sortable: false },
    depositId: {
      kind: "ref",
      to: "deposits",
      shape: "uuid",
      label: ["Deposit", "入金"],
      nullable: true,
      sortable: false,
      filterable: true,
    },
  },
  operations: {
    list: ["admin", "finance", "support"],
    read: ["admin", "finance", "support"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "id",
  sort: ["id", "DESC"],
  list: ["bookedOn", "amount", "partyName", "text", "bankReference", "depositId"],
  filters: ["statementId", "depositId", "tenantId"],
  reveals: ["admin", "finance"],
});
