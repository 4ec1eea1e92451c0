import { book, currency, partner } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

const money = { kind: "money", currency: "currency", sortable: false } as const;

/** What each account had, what moved and what was open on a closed date. Made by the day's close, never changed. */
export default defineResource({
  name: "account-statements",
  group: "money",
  label: ["Daily statements", "账户日结单"],
  one: ["Daily statement", "账户日结单"],
  source: "admin_account_statements",
  fields: {
    id: { kind: "id", shape: "bigint", label: ["Number", "编号"] },
    bookDate: { kind: "date", label: ["Book date", "账务日期"] },
    tenantId: partner,
    accountId: { kind: "ref", to: "accounts", shape: "uuid", label: ["Account", "交易账户"] },
    traderId: { kind: "ref", to: "traders", shape: "uuid", label: ["Trader", "交易者"] },
    book,
    opening: { ...money, signed: true, label: ["Opening balance", "期初余额"] },
    moved: { ...money, signed: true, label: ["Moved", "变动"] },
    closing: {
      ...money,
      signed: true,
      label: ["Closing balance", "期末余额"],
      help: ["The next statement opens with it.", "下一份日结单的期初余额。"],
    },
    held: {
      ...money,
      signed: false,
      label: ["Held", "占用"],
      help: ["For positions, orders and withdrawals when the date was closed.", "结账时为持仓、委托及出金占用的金额。"],
    },
    openPnl: {
      ...money,
      signed: true,
      label: ["Open P&L", "浮动盈亏"],
      help: ["At settlement prices; empty where a position has none.", "按结算价计算；有持仓无结算价时为空。"],
      nullable: true,
    },
    currency,
    movements: { kind: "integer", min: 0, max: 2_147_483_647, label: ["Movements", "变动笔数"], sortable: false },
    positions: { kind: "integer", min: 0, max: 2_147_483_647, label: ["Positions", "持仓数"], sortable: false },
    hash: { kind: "text", maxLength: 64, label: ["SHA-256", "哈希值"], sortable: false, filterable: false },
    madeAt: { kind: "time", label: ["Made", "生成时间"], sortable: false },
  },
  operations: {
    list: ["admin", "finance"],
    read: ["admin", "finance"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: ["bookDate", "closing", "currency"],
  sort: ["bookDate", "DESC"],
  list: ["bookDate", "accountId", "traderId", "opening", "moved", "closing", "openPnl", "currency", "movements"],
  filters: ["accountId", "traderId", "tenantId", "book", "currency", "bookDate_gte", "bookDate_lte"],
  shows: [{ resource: "transfers", where: { accountId: "accountId", bookDate: "bookDate" } }],
});
