import { marginEventLabels, marginStageLabels } from "../choices.ts";
import { book, currency, partner } from "../common-fields.ts";
import { marginEventKinds, marginStages } from "../names.ts";
import { defineResource } from "../resource.ts";

/** What the margin ladder did to accounts, step by step, with the prices it went by. Written by the ladder alone. */
export default defineResource({
  name: "margin-events",
  group: "desk",
  label: ["Margin events", "保证金事件"],
  one: ["Margin event", "保证金事件"],
  source: "admin_margin_events",
  fields: {
    id: { kind: "id", shape: "bigint", label: ["Number", "编号"] },
    at: { kind: "time", label: ["At", "时间"] },
    tenantId: partner,
    traderId: { kind: "ref", to: "traders", shape: "uuid", label: ["Trader", "交易者"] },
    accountId: { kind: "ref", to: "accounts", shape: "uuid", label: ["Account", "交易账户"] },
    book,
    kind: { kind: "choice", label: ["What", "事件"], options: marginEventKinds, optionLabels: marginEventLabels },
    stageBefore: { kind: "choice", label: ["From", "此前"], options: marginStages, optionLabels: marginStageLabels },
    stageAfter: { kind: "choice", label: ["To", "此后"], options: marginStages, optionLabels: marginStageLabels },
    level: {
      kind: "decimal",
      scale: 2,
      label: ["Margin level, %", "保证金水平（%）"],
      help: ["Before this step: equity / required.", "此步骤之前：净值 / 所需保证金。"],
      nullable: true,
    },
    equity: { kind: "money", currency: "currency", signed: true, label: ["Equity", "净值"] },
    required: { kind: "money", currency: "currency", signed: false, label: ["Margin required", "所需保证金"] },
    instrumentId: { kind: "ref", to: "instruments", shape: "text", label: ["Instrument", "合约"], nullable: true },
    lots: { kind: "lots", label: ["Lots", "手数"], nullable: true },
    orderId: { kind: "ref", to: "orders", shape: "uuid", label: ["Order", "委托"], nullable: true },
    amount: { kind: "money", currency: "currency", signed: false, label: ["Fee", "费用"], nullable: true },
    currency,
    quotes: { kind: "json", schema: "quotes", label: ["Weighed by", "评估所用报价"] },
  },
  operations: {
    list: ["admin", "risk", "finance", "support", "agent"],
    read: ["admin", "risk", "finance", "support", "agent"],
    export: ["admin", "risk", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: "agent_line" },
  recordName: "id",
  sort: ["at", "DESC"],
  list: ["at", "accountId", "kind", "stageBefore", "stageAfter", "level", "instrumentId", "lots", "orderId"],
  filters: ["tenantId", "traderId", "accountId", "orderId", "kind", "stageAfter", "at_gte", "at_lte"],
});
