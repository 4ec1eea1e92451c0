import { accountStateLabels, marginStageLabels } from "../choices.ts";
import { book, createdAt, currency, partner, reason, updatedAt, version } from "../common-fields.ts";
import { accountStates, marginStages } from "../names.ts";
import { defineResource } from "../resource.ts";

/** A trader's money and positions in one book and currency. The ledger keeps the money; nothing here can write it. */
export default defineResource({
  name: "accounts",
  group: "traders",
  label: ["Accounts", "交易账户"],
  one: ["Account", "交易账户"],
  source: "admin_accounts",
  table: "accounts",
  writer: "accounts",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: { ...partner, readOnly: true },
    traderId: {
      kind: "ref",
      to: "traders",
      shape: "uuid",
      label: ["Trader", "交易者"],
      required: true,
      createOnly: true,
    },
    traderName: { kind: "text", label: ["Trader's name", "交易者姓名"], maxLength: 80, readOnly: true },
    agentId: { kind: "ref", to: "agents", shape: "uuid", label: ["Agent", "代理"], nullable: true, readOnly: true },
    book: { ...book, required: true, createOnly: true, initial: "demo" },
    currency: { ...currency, required: true, createOnly: true, initial: "USD" },
    balance: {
      kind: "money",
      currency: "currency",
      signed: true,
      label: ["Balance", "余额"],
      help: ["Booked cash, before open profit and loss.", "已入账资金，不含浮动盈亏。"],
      readOnly: true,
    },
    held: {
      kind: "money",
      currency: "currency",
      signed: false,
      label: ["Held", "冻结"],
      help: ["Reserved as margin and for withdrawals.", "作为保证金或提现而冻结。"],
      readOnly: true,
    },
    available: {
      kind: "money",
      currency: "currency",
      signed: true,
      label: ["Available", "可用"],
      help: ["Balance less held; open losses lower it further.", "余额减冻结；浮动亏损会进一步减少可用。"],
      readOnly: true,
    },
    state: {
      kind: "choice",
      label: ["State", "状态"],
      options: accountStates,
      optionLabels: accountStateLabels,
      readOnly: true,
    },
    marginStage: {
      kind: "choice",
      label: ["Margin", "保证金状态"],
      options: marginStages,
      optionLabels: marginStageLabels,
      readOnly: true,
    },
    marginStageAt: { kind: "time", label: ["Margin since", "保证金状态起始"], nullable: true, readOnly: true },
    ledgerAccountId: {
      kind: "ref",
      to: "ledger-accounts",
      shape: "bigint",
      label: ["Ledger account", "账本科目"],
      readOnly: true,
    },
    createdAt,
    updatedAt,
    version,
  },
  operations: {
    list: ["admin", "risk", "finance", "support", "agent"],
    read: ["admin", "risk", "finance", "support", "agent"],
    create: ["admin", "support"],
    export: ["admin", "risk", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: "agent_line" },
  recordName: ["traderName", "book", "currency"],
  sort: ["createdAt", "DESC"],
  list: ["traderId", "book", "currency", "balance", "held", "available", "state", "marginStage", "tenantId"],
  filters: ["tenantId", "traderId", "book", "currency", "state", "marginStage", "balance_gte"],
  search: ["traderName"],
  version: "version",
  shows: [
    { resource: "positions", where: { accountId: "id" } },
    { resource: "margin-events", where: { accountId: "id" } },
    { resource: "transfers", where: { accountId: "id" } },
  ],
  commands: {
    "set-state": {
      label: ["Set state", "设置状态"],
      consequence: [
        "Close only refuses what would open or enlarge a position. Disabled refuses every order. Open positions stay as they are.",
        "只可平仓将拒绝开仓与加仓；停用将拒绝所有委托。已有持仓不变。",
      ],
      roles: ["admin", "risk"],
      input: {
        state: {
          kind: "choice",
          label: ["State", "状态"],
          options: accountStates,
          optionLabels: accountStateLabels,
          required: true,
        },
        reason,
      },
      danger: true,
    },
  },
});
