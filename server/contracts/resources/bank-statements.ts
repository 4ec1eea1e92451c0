import { currency, partner } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

const money = { kind: "money", currency: "currency", signed: true, sortable: false } as const;

/** The bank's statements that were taken, each once. Append-only. */
export default defineResource({
  name: "bank-statements",
  group: "money",
  label: ["Bank statements", "银行对账单"],
  one: ["Bank statement", "银行对账单"],
  source: "admin_bank_statements",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"] },
    tenantId: partner,
    bankAccountId: {
      kind: "ref",
      to: "bank-accounts",
      shape: "uuid",
      label: ["Bank account", "银行账户"],
      sortable: false,
      filterable: true,
    },
    place: { kind: "integer", min: 1, max: 2_147_483_647, label: ["Number", "序号"], sortable: false },
    format: {
      kind: "choice",
      label: ["Kind of file", "文件格式"],
      options: ["camt053", "mt940", "csv"],
      optionLabels: {
        camt053: ["CAMT.053", "CAMT.053 格式"],
        mt940: ["MT940", "MT940 格式"],
        csv: ["CSV", "CSV 格式"],
      },
      sortable: false,
    },
    opening: { ...money, label: ["Opening balance", "期初余额"] },
    closing: { ...money, label: ["Closing balance", "期末余额"] },
    currency,
    lines: { kind: "integer", min: 0, max: 2_147_483_647, label: ["Lines", "行数"], sortable: false },
    importedBy: { kind: "text", maxLength: 200, label: ["Taken by", "导入人"], sortable: false },
    importedAt: { kind: "time", label: ["Taken", "导入时间"] },
    fileHash: {
      kind: "text",
      maxLength: 64,
      label: ["Hash of the file", "文件哈希"],
      help: ["SHA-256; the same file is not taken twice.", "SHA-256，同一文件不会重复导入。"],
      sortable: false,
    },
  },
  operations: {
    list: ["admin", "finance", "support"],
    read: ["admin", "finance", "support"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: ["place", "closing", "currency"],
  sort: ["importedAt", "DESC"],
  list: ["importedAt", "bankAccountId", "place", "format", "lines", "opening", "closing", "importedBy"],
  filters: ["bankAccountId", "tenantId"],
  shows: [{ resource: "statement-lines", where: { statementId: "id" } }],
});
