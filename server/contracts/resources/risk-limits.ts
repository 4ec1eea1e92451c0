import { limitScopeLabels } from "../choices.ts";
import { createdAt, partner, updatedAt, version } from "../common-fields.ts";
import { limitScopes } from "../names.ts";
import { defineResource } from "../resource.ts";

/** How much may be traded. The nearest line wins: trader, then agent line, then partner, then everyone. */
export default defineResource({
  name: "risk-limits",
  group: "desk",
  label: ["Risk limits", "风控限额"],
  one: ["Risk limit", "风控限额"],
  source: "risk_limits",
  table: "risk_limits",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    scope: {
      kind: "choice",
      label: ["Holds for", "适用范围"],
      options: limitScopes,
      optionLabels: limitScopeLabels,
      required: true,
      createOnly: true,
    },
    tenantId: {
      ...partner,
      neededWhen: { field: "scope", in: ["partner", "agent", "trader"] },
      nullable: true,
      createOnly: true,
    },
    agentId: {
      kind: "ref",
      to: "agents",
      shape: "uuid",
      label: ["Agent", "代理"],
      neededWhen: { field: "scope", in: ["agent"] },
      nullable: true,
      createOnly: true,
    },
    traderId: {
      kind: "ref",
      to: "traders",
      shape: "uuid",
      label: ["Trader", "交易者"],
      neededWhen: { field: "scope", in: ["trader"] },
      nullable: true,
      createOnly: true,
    },
    instrumentId: {
      kind: "ref",
      to: "instruments",
      shape: "text",
      label: ["Instrument", "合约"],
      help: ["Empty: every instrument without a line of its own.", "留空：适用于没有单独设置的所有合约。"],
      nullable: true,
      createOnly: true,
    },
    maxLotsPerOrder: {
      kind: "lots",
      label: ["Most lots an order", "单笔最多手数"],
      help: ["Empty: taken from the next wider line.", "留空：沿用上一级设置。"],
      min: "1",
      nullable: true,
    },
    maxPositionLots: {
      kind: "lots",
      label: ["Most lots in a position", "最大持仓手数"],
      help: ["Empty: taken from the next wider line.", "留空：沿用上一级设置。"],
      min: "0",
      nullable: true,
    },
    createdAt,
    updatedAt,
    version,
  },
  operations: {
    list: ["admin", "risk", "support"],
    read: ["admin", "risk", "support"],
    create: ["admin", "risk"],
    update: ["admin", "risk"],
    delete: ["admin", "risk"],
    export: ["admin", "risk"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null, shared: true },
  // The nearest line wins, so whoever writes one can widen what the operator allows.
  operatorOnly: ["create", "update", "delete"],
  recordName: ["scope", "instrumentId"],
  sort: ["createdAt", "DESC"],
  list: ["scope", "tenantId", "agentId", "traderId", "instrumentId", "maxLotsPerOrder", "maxPositionLots", "updatedAt"],
  filters: ["scope", "tenantId", "agentId", "traderId", "instrumentId"],
  constraints: {
    risk_limits_one_each: {
      field: "scope",
      says: ["There is already a line for exactly this; change that one.", "已存在相同范围的限额，请直接修改。"],
    },
    risk_limits_agent_same_tenant: {
      field: "agentId",
      says: ["Must be an agent of the same partner.", "必须是同一合作方的代理。"],
    },
    risk_limits_trader_same_tenant: {
      field: "traderId",
      says: ["Must be a trader of the same partner.", "必须是同一合作方的交易者。"],
    },
    risk_limits_scope_names_one: {
      field: "scope",
      says: [
        "Everyone names nobody; a partner line names the partner; an agent or trader line names the partner and that one.",
        "「全部」不指定对象；合作方限额指定合作方；代理或交易者限额须同时指定合作方与该对象。",
      ],
    },
  },
  version: "version",
});
