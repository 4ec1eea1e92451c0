import { createdAt, currency } from "../common-fields.ts";
import { defineResource } from "../resource.ts";
import { dailySettlement, settlementRule } from "../settlement-fields.ts";

/** The settlement price of each trade date, and what open positions were paid by it where the instrument settles in cash. */
export default defineResource({
  name: "settlement-marks",
  group: "market",
  label: ["Settlement marks", "每日结算价"],
  one: ["Settlement mark", "每日结算价"],
  source: "admin_settlement_marks",
  fields: {
    id: { kind: "id", shape: "bigint", label: ["Id", "标识"] },
    instrumentId: { kind: "ref", to: "instruments", shape: "text", label: ["Instrument", "合约"] },
    tradeDate: { kind: "date", label: ["Trade date", "交易日"] },
    price: { kind: "decimal", scale: 16, label: ["Settlement price", "结算价"], nullable: true },
    state: {
      kind: "choice",
      label: ["State", "状态"],
      options: ["no-price", "priced", "paying", "paid"],
      optionLabels: {
        "no-price": ["No price that day", "当日无报价"],
        priced: ["Priced", "已定价"],
        paying: ["Paying", "支付中"],
        paid: ["Paid", "已支付"],
      },
    },
    rule: { ...settlementRule, head: ["Taken from", "取价"] },
    ruleVersion: {
      kind: "integer",
      min: 1,
      max: 2_147_483_647,
      label: ["Instrument version", "合约版本"],
      help: ["Of the instrument that named the rule.", "规则所属的合约版本。"],
    },
    cutAt: { kind: "time", label: ["Cut", "截止时间"] },
    quoteSeq: { kind: "id", shape: "bigint", label: ["Quote no.", "报价序号"], nullable: true },
    quoteBid: { kind: "decimal", scale: 16, label: ["Bid", "买价"], nullable: true },
    quoteAsk: { kind: "decimal", scale: 16, label: ["Ask", "卖价"], nullable: true },
    quoteReceivedAt: { kind: "time", label: ["Quote received", "报价接收时间"], nullable: true },
    dailySettlement,
    positions: {
      kind: "integer",
      min: 0,
      max: 2_147_483_647,
      label: ["Positions paid", "已结算持仓"],
      head: ["Positions", "持仓数"],
    },
    paidNet: {
      kind: "money",
      currency: "currency",
      signed: true,
      label: ["Paid to traders, net", "支付交易者净额"],
    },
    currency,
    paidAt: { kind: "time", label: ["Paid", "支付时间"], nullable: true },
    createdAt,
  },
  operations: {
    list: ["admin", "risk", "finance", "support"],
    read: ["admin", "risk", "finance", "support"],
    export: ["admin", "risk", "finance"],
  },
  // What is paid is summed over all partners, so it is the operator's own.
  scope: { tenantColumn: null, agentLineColumn: null },
  recordName: ["instrumentId", "tradeDate"],
  sort: ["tradeDate", "DESC"],
  list: ["tradeDate", "instrumentId", "price", "state", "rule", "quoteBid", "quoteAsk", "positions", "paidNet"],
  filters: ["instrumentId", "state", "tradeDate_gte", "tradeDate_lte"],
});
