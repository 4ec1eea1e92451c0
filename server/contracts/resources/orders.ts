import { orderStateLabels, orderTypeLabels, sideLabels } from "../choices.ts";
import { book, partner } from "../common-fields.ts";
import { orderStates, orderTypes, sides } from "../names.ts";
import { defineResource } from "../resource.ts";

/** Traders' instructions, each with the quote it was accepted at. Written by trading alone. */
export default defineResource({
  name: "orders",
  group: "desk",
  label: ["Orders", "委托"],
  one: ["Order", "委托"],
  source: "admin_orders",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"] },
    tenantId: partner,
    traderId: { kind: "ref", to: "traders", shape: "uuid", label: ["Trader", "交易者"] },
    accountId: { kind: "ref", to: "accounts", shape: "uuid", label: ["Account", "交易账户"] },
    book,
    clientOrderId: { kind: "text", label: ["Client's id", "客户端编号"], maxLength: 64, sortable: false },
    instrumentId: { kind: "ref", to: "instruments", shape: "text", label: ["Instrument", "合约"] },
    termsVersion: { kind: "integer", label: ["Terms version", "条款版本"], min: 1, max: 2_147_483_647 },
    side: { kind: "choice", label: ["Side", "方向"], options: sides, optionLabels: sideLabels },
    type: { kind: "choice", label: ["Type", "类型"], options: orderTypes, optionLabels: orderTypeLabels },
    reduceOnly: { kind: "boolean", label: ["Reduce-only", "只减仓"] },
    lots: { kind: "lots", label: ["Lots", "手数"] },
    filledLots: { kind: "lots", label: ["Filled lots", "已成交手数"] },
    averageFillPrice: { kind: "decimal", scale: 16, label: ["Average price", "成交均价"], nullable: true },
    quoteBid: { kind: "decimal", scale: 16, label: ["Bid at acceptance", "接受时买价"] },
    quoteAsk: { kind: "decimal", scale: 16, label: ["Ask at acceptance", "接受时卖价"] },
    quoteSeq: { kind: "lots", label: ["Quote number", "报价序号"] },
    quoteVenueAt: { kind: "time", label: ["Quote's venue time", "报价交易所时间"], sortable: false },
    quoteReceivedAt: { kind: "time", label: ["Quote received", "报价接收时间"], sortable: false },
    state: { kind: "choice", label: ["State", "状态"], options: orderStates, optionLabels: orderStateLabels },
    rejectionCode: { kind: "text", label: ["Why rejected", "拒绝原因"], maxLength: 40, nullable: true },
    checks: { kind: "json", schema: "order-checks", label: ["Checks", "检查项"] },
    acceptedAt: { kind: "time", label: ["Accepted", "接受时间"] },
    doneAt: { kind: "time", label: ["Ended", "结束时间"], nullable: true },
  },
  operations: {
    list: ["admin", "risk", "finance", "support", "agent"],
    read: ["admin", "risk", "finance", "support", "agent"],
    export: ["admin", "risk", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: "agent_line" },
  recordName: "id",
  sort: ["acceptedAt", "DESC"],
  list: ["acceptedAt", "instrumentId", "side", "lots", "filledLots", "averageFillPrice", "state", "accountId", "id"],
  filters: [
    "instrumentId",
    "side",
    "state",
    "book",
    "tenantId",
    "traderId",
    "accountId",
    "acceptedAt_gte",
    "acceptedAt_lte",
  ],
  search: ["clientOrderId"],
  story: true,
  shows: [
    { resource: "fills", where: { orderId: "id" } },
    {
      resource: "transfers",
      where: { groupId: "groupId" },
      through: { resource: "fills", where: { orderId: "id" } },
    },
  ],
});
