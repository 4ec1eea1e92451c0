import type { Field } from "./field.ts";

/** What entries of the audit log tell besides the record's own fields. */
export const auditFields: Readonly<Record<string, Field>> = {
  amount: { kind: "money", currency: "currency", signed: true, label: ["Amount", "金额"] },
  code: {
    kind: "choice",
    label: ["Booked as", "入账类型"],
    options: ["1", "40"],
    optionLabels: { 1: ["Deposit", "入金"], 40: ["Adjustment", "调整"] },
  },
  groupId: { kind: "id", shape: "uuid", label: ["Ledger group", "账本分组"] },
  keyId: { kind: "ref", to: "partner-keys", shape: "text", label: ["Key", "密钥"] },
  filter: { kind: "text", maxLength: 2_000, label: ["Filter", "筛选"] },
  sort: { kind: "text", maxLength: 200, label: ["Order", "排序"] },
  profile: { kind: "text", maxLength: 20, label: ["File for", "文件用途"] },
};
