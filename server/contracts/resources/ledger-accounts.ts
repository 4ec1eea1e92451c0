import { book, createdAt, currency, partner } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

/** The bookkeeping accounts with what is posted to and held on each. Moved by transfers and holds only. */
export default defineResource({
  name: "ledger-accounts",
  group: "money",
  label: ["Ledger accounts", "账本科目"],
  one: ["Ledger account", "账本科目"],
  source: "admin_ledger_accounts",
  fields: {
    id: { kind: "id", shape: "bigint", label: ["Number", "编号"] },
    tenantId: partner,
    book,
    kind: {
      kind: "text",
      names: "ledger-kind",
      label: ["Kind", "科目类型"],
      help: [
        "trader.… and agent.… belong to persons, the rest to the house.",
        "trader.… 与 agent.… 属于个人，其余属于公司。",
      ],
      maxLength: 40,
    },
    accountId: {
      kind: "ref",
      to: "accounts",
      shape: "uuid",
      label: ["Trading account", "交易账户"],
      help: ["The trading account whose money this is.", "该资金所属的交易账户。"],
      nullable: true,
    },
    shard: {
      kind: "integer",
      label: ["Shard", "分片"],
      help: ["House accounts are split, one part a worker.", "公司科目按工作进程拆分。"],
      min: 0,
      max: 32_767,
    },
    currency,
    posted: { kind: "money", currency: "currency", signed: true, label: ["Posted", "已入账"] },
    held: { kind: "money", currency: "currency", signed: false, label: ["Held", "冻结"] },
    available: { kind: "money", currency: "currency", signed: true, label: ["Available", "可用"] },
    floor: {
      kind: "money",
      currency: "currency",
      signed: true,
      label: ["Floor", "下限"],
      help: ["Least available amount; empty: may run negative.", "可用金额下限；为空则允许为负。"],
      nullable: true,
    },
    createdAt: { ...createdAt, label: ["Opened", "开立时间"] },
  },
  operations: {
    list: ["admin", "risk", "finance"],
    read: ["admin", "risk", "finance"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "kind",
  sort: ["id", "ASC"],
  list: ["id", "kind", "tenantId", "book", "currency", "posted", "held", "available", "accountId"],
  filters: ["tenantId", "book", "currency", "kind", "accountId"],
  search: ["kind"],
  shows: [
    { resource: "transfers", where: { debitAccountId: "id" } },
    { resource: "transfers", where: { creditAccountId: "id" } },
  ],
});
