import { book, currency, partner, reason } from "../common-fields.ts";
import { breachState, lossAction, lossSlot } from "../loss-fields.ts";
import { defineResource } from "../resource.ts";

const money = { kind: "money", currency: "currency", signed: true } as const;

/** Loss limits and profit targets that accounts came to, with the figures and the rule they were found by. Written by the watch alone. */
export default defineResource({
  name: "risk-breaches",
  group: "risk",
  label: ["Limit breaches", "限制触发"],
  one: ["Limit breach", "限制触发"],
  source: "admin_risk_breaches",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"] },
    at: { kind: "time", label: ["At", "时间"] },
    tenantId: partner,
    traderId: { kind: "ref", to: "traders", shape: "uuid", label: ["Trader", "交易者"] },
    accountId: { kind: "ref", to: "accounts", shape: "uuid", label: ["Account", "交易账户"] },
    book,
    state: breachState,
    slot: lossSlot,
    action: lossAction,
    measured: {
      ...money,
      label: ["Came to", "触发时"],
      help: ["Balance or equity, as the rule tests it.", "按规则检验的余额或净值。"],
    },
    edge: { ...money, label: ["Edge", "触发线"] },
    base: { ...money, label: ["Counted from", "基准"] },
    limit: { ...money, label: ["Amount", "额度"] },
    countedSince: { kind: "time", label: ["Counted since", "起算时间"] },
    endsAt: { kind: "time", label: ["Ends", "结束时间"], nullable: true },
    source: { kind: "text", maxLength: 200, label: ["From", "来源"] },
    ruleVersion: { kind: "integer", min: 0, max: 2_147_483_647, label: ["Version", "版本"] },
    currency,
    accountsTogether: {
      ...{ kind: "integer", min: 1, max: 2_147_483_647, label: ["Accounts", "账户数"] },
      help: [
        "More than one: confirmed to be one person's, counted together. The figures are theirs in sum.",
        "大于一：已确认属同一人，合并计算；各数额为其合计。",
      ],
    },
    togetherWith: {
      ...{ kind: "text", maxLength: 4000, label: ["Together with", "合并账户"], nullable: true },
      ...{ personal: true, revealedTo: ["admin", "risk"], sortable: false, filterable: false },
    },
    rule: { kind: "json", schema: "loss-rule", label: ["Rule", "规则"] },
    liftedAt: { kind: "time", label: ["Lifted", "解除时间"], nullable: true },
    liftedBy: { kind: "text", maxLength: 200, label: ["Lifted by", "解除人"], nullable: true },
    liftReason: { kind: "text", maxLength: 500, label: ["Why lifted", "解除原因"], nullable: true },
  },
  operations: {
    list: ["admin", "risk", "finance", "support", "agent"],
    read: ["admin", "risk", "finance", "support", "agent"],
    export: ["admin", "risk"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: "agent_line" },
  recordName: ["slot", "action"],
  sort: ["at", "DESC"],
  list: ["at", "accountId", "state", "slot", "action", "measured", "edge", "endsAt", "source"],
  filters: ["state", "slot", "action", "tenantId", "traderId", "accountId", "at_gte", "at_lte"],
  commands: {
    lift: {
      label: ["Lift", "解除"],
      consequence: [
        "The account may open positions again at once; its loss is counted anew from what is there now.",
        "账户立即可以重新开仓；亏损自当前余额起重新计算。",
      ],
      roles: ["admin", "risk"],
      input: { reason },
      danger: true,
      when: { field: "state", in: ["until-lifted"] },
    },
  },
});
