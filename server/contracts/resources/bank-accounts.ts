import { createdAt, currency, partner, updatedAt, version } from "../common-fields.ts";
import type { Label, TextField } from "../field.ts";
import { defineResource } from "../resource.ts";

const head = (label: Label, help?: Label): TextField => ({
  kind: "text",
  maxLength: 100,
  label,
  nullable: true,
  sortable: false,
  ...(help === undefined ? {} : { help }),
});

/** The house's bank accounts that traders pay to, and how each bank's CSV is read. */
export default defineResource({
  name: "bank-accounts",
  group: "settings",
  label: ["Bank accounts", "银行账户"],
  one: ["Bank account", "银行账户"],
  source: "bank_accounts",
  table: "bank_accounts",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: { ...partner, required: true, createOnly: true },
    holder: { kind: "text", maxLength: 140, label: ["Holder", "户名"], required: true },
    iban: {
      kind: "text",
      maxLength: 34,
      pattern: "^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$",
      label: ["IBAN", "IBAN 账号"],
      help: ["Capitals, without spaces.", "大写，不含空格。"],
      required: true,
      createOnly: true,
    },
    bic: {
      kind: "text",
      maxLength: 11,
      pattern: "^[A-Z0-9]{8}([A-Z0-9]{3})?$",
      label: ["BIC", "BIC 代码"],
      nullable: true,
    },
    bankName: { kind: "text", maxLength: 140, label: ["Bank", "开户行"], nullable: true },
    currency: { ...currency, required: true, createOnly: true },
    isOffered: {
      kind: "boolean",
      label: ["Told to traders", "向交易者展示"],
      help: ["Traders of the partner are told to pay to it.", "该合作方的交易者将看到此账户。"],
      initial: true,
    },
    csvDelimiter: {
      kind: "choice",
      label: ["CSV: columns parted by", "CSV 分隔符"],
      options: ["comma", "semicolon", "tab"],
      optionLabels: { comma: ["Comma", "逗号"], semicolon: ["Semicolon", "分号"], tab: ["Tab", "制表符"] },
      initial: "semicolon",
    },
    csvDecimalPoint: {
      kind: "choice",
      label: ["CSV: decimal sign", "CSV 小数点"],
      options: ["point", "comma"],
      optionLabels: { point: ["Point: 1,234.56", "点：1,234.56"], comma: ["Comma: 1.234,56", "逗号：1.234,56"] },
      initial: "comma",
    },
    csvDateOrder: {
      kind: "choice",
      label: ["CSV: order of a date", "CSV 日期顺序"],
      options: ["YMD", "DMY", "MDY"],
      optionLabels: {
        YMD: ["Year, month, day", "年月日"],
        DMY: ["Day, month, year", "日月年"],
        MDY: ["Month, day, year", "月日年"],
      },
      initial: "DMY",
    },
    csvDate: head(
      ["CSV: column of the date", "CSV 日期列"],
      ["The column's head, as in the file.", "与文件表头一致。"],
    ),
    csvAmount: head(["CSV: column of the amount", "CSV 金额列"], ["Signed: minus went out.", "带符号：负数为支出。"]),
    csvText: head(["CSV: column of the text", "CSV 附言列"]),
    csvName: head(["CSV: column of the name", "CSV 对方户名列"]),
    csvReference: head(["CSV: column of the bank's reference", "CSV 银行流水号列"]),
    createdAt,
    updatedAt,
    version,
  },
  operations: {
    list: ["admin", "finance", "support"],
    read: ["admin", "finance", "support"],
    create: ["admin"],
    update: ["admin"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: ["holder", "iban", "currency"],
  sort: ["createdAt", "ASC"],
  list: ["tenantId", "holder", "iban", "currency", "bankName", "isOffered"],
  filters: ["tenantId"],
  search: ["holder", "iban"],
  shows: [{ resource: "bank-statements", where: { bankAccountId: "id" } }],
  constraints: {
    bank_accounts_iban_valid: { field: "iban", says: ["Its check digits are wrong.", "校验位有误。"] },
    bank_accounts_holder_given: { field: "holder", says: ["Say whose account it is.", "请填写户名。"] },
    bank_accounts_once: { field: "iban", says: ["The partner has this account already.", "该合作方已有此账户。"] },
  },
  version: "version",
});
