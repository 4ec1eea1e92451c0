import { positionSideLabels } from "../choices.ts";
import { book, currency, partner } from "../common-fields.ts";
import { positionSides } from "../names.ts";
import { defineResource } from "../resource.ts";

/** Open positions: the net of an account's fills in one instrument. */
export default defineResource({
  name: "positions",
  group: "desk",
  label: ["Positions", "持仓"],
  one: ["Position", "持仓"],
  source: "admin_positions",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"] },
    tenantId: partner,
    traderId: { kind: "ref", to: "traders", shape: "uuid", label: ["Trader", "交易者"] },
    accountId: { kind: "ref", to: "accounts", shape: "uuid", label: ["Account", "交易账户"] },
    book,
    instrumentId: { kind: "ref", to: "instruments", shape: "text", label: ["Instrument", "合约"] },
    side: { kind: "choice", label: ["Side", "方向"], options: positionSides, optionLabels: positionSideLabels },
    lots: { kind: "lots", label: ["Lots", "手数"], min: "0" },
    averagePrice: { kind: "decimal", scale: 16, label: ["Average price", "均价"] },
    marginHeld: { kind: "money", currency: "currency", signed: false, label: ["Margin", "保证金"] },
    realizedPnl: { kind: "money", currency: "currency", signed: true, label: ["Realised P&L", "已实现盈亏"] },
    currency,
    openedAt: { kind: "time", label: ["Opened", "开仓时间"] },
    updatedAt: { kind: "time", label: ["Changed", "变动时间"] },
  },
  operations: {
    list: ["admin", "risk", "finance", "support", "agent"],
    read: ["admin", "risk", "finance", "support", "agent"],
    export: ["admin", "risk", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: "agent_line" },
  recordName: "id",
  sort: ["updatedAt", "DESC"],
  list: ["instrumentId", "side", "lots", "averagePrice", "marginHeld", "realizedPnl", "accountId", "updatedAt"],
  filters: ["instrumentId", "side", "book", "tenantId", "traderId", "accountId"],
  shows: [{ resource: "fills", where: { accountId: "accountId", instrumentId: "instrumentId" } }],
});
