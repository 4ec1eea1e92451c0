import { sideLabels } from "../choices.ts";
import { book, currency, partner } from "../common-fields.ts";
import { sides } from "../names.ts";
import { defineResource } from "../resource.ts";

/** Executions, each with the quote that priced it. Append-only. */
export default defineResource({
  name: "fills",
  group: "desk",
  label: ["Fills", "成交"],
  one: ["Fill", "成交"],
  source: "admin_fills",
  fields: {
    id: { kind: "id", shape: "bigint", label: ["Number", "编号"] },
    tenantId: partner,
    traderId: { kind: "ref", to: "traders", shape: "uuid", label: ["Trader", "交易者"] },
    accountId: { kind: "ref", to: "accounts", shape: "uuid", label: ["Account", "交易账户"] },
    orderId: { kind: "ref", to: "orders", shape: "uuid", label: ["Order", "委托"] },
    book,
    instrumentId: { kind: "ref", to: "instruments", shape: "text", label: ["Instrument", "合约"] },
    side: { kind: "choice", label: ["Side", "方向"], options: sides, optionLabels: sideLabels },
    lots: { kind: "lots", label: ["Lots", "手数"] },
    price: { kind: "decimal", scale: 16, label: ["Price", "成交价"] },
    realizedPnl: {
      kind: "money",
      currency: "currency",
      signed: true,
      label: ["Realised P&L", "已实现盈亏"],
      help: ["Before the fee.", "未扣手续费。"],
    },
    fee: { kind: "money", currency: "currency", signed: false, label: ["Fee", "手续费"] },
    currency,
    positionLotsAfter: { kind: "lots", label: ["Position after", "成交后持仓"] },
    quoteSeq: { kind: "lots", label: ["Quote number", "报价序号"] },
    quoteBid: { kind: "decimal", scale: 16, label: ["Quote's bid", "报价买价"] },
    quoteAsk: { kind: "decimal", scale: 16, label: ["Quote's ask", "报价卖价"] },
    quoteVenueAt: { kind: "time", label: ["Quote's venue time", "报价交易所时间"], sortable: false },
    quoteReceivedAt: { kind: "time", label: ["Quote received", "报价接收时间"], sortable: false },
    groupId: {
      kind: "id",
      shape: "uuid",
      label: ["Ledger group", "账本分组"],
      help: ["All transfers of this fill carry it.", "此成交的全部账本分录都带有该标识。"],
    },
    filledAt: { kind: "time", label: ["Filled", "成交时间"] },
  },
  operations: {
    list: ["admin", "risk", "finance", "support", "agent"],
    read: ["admin", "risk", "finance", "support", "agent"],
    export: ["admin", "risk", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: "agent_line" },
  recordName: "id",
  sort: ["id", "DESC"],
  list: ["filledAt", "instrumentId", "side", "lots", "price", "realizedPnl", "fee", "accountId", "orderId", "id"],
  filters: [
    "instrumentId",
    "side",
    "book",
    "tenantId",
    "traderId",
    "accountId",
    "orderId",
    "filledAt_gte",
    "filledAt_lte",
  ],
  files: [{ path: "receipt", label: ["Download receipt", "下载凭证"] }],
  shows: [{ resource: "transfers", where: { groupId: "groupId" } }],
});
