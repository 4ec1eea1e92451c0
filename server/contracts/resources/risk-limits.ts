import { assetClassLabels, limitScopeLabels } from "../choices.ts";
import { createdAt, partner, updatedAt, version } from "../common-fields.ts";
import { assetClasses, limitScopes } from "../names.ts";
import { defineResource } from "../resource.ts";
import { riskSettingFields } from "../risk-fields.ts";

/**
 * The risk table. The nearest line wins: trader, then his group, then the agent line, then partner, then everyone; each setting by itself.
 * Writing a line writes its next version; deleting it takes its settings away and keeps its versions.
 */
export default defineResource({
  name: "risk-limits",
  group: "risk",
  label: ["Risk limits", "风控限额"],
  one: ["Risk limit", "风控限额"],
  source: "admin_risk_limits",
  table: "risk_limits",
  writer: "risk-limits",
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
    groupId: {
      kind: "ref",
      to: "trader-groups",
      shape: "uuid",
      label: ["Trader group", "交易者组"],
      neededWhen: { field: "scope", in: ["group"] },
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
    assetClass: {
      kind: "choice",
      label: ["Asset class", "资产类别"],
      options: assetClasses,
      optionLabels: assetClassLabels,
      help: ["Instead of an instrument: all of a class.", "不选合约时，可适用于整个类别。"],
      nullable: true,
      createOnly: true,
    },
    ...riskSettingFields,
    effectiveAt: {
      kind: "time",
      label: ["In force from", "生效时间"],
      help: ["Empty: from now on.", "留空：立即生效。"],
      nullable: true,
    },
    reason: {
      kind: "text",
      maxLength: 500,
      multiline: true,
      label: ["Reason", "原因"],
      help: ["Kept with the version and in the audit log.", "随版本与审计日志保存。"],
      nullable: true,
    },
    author: { kind: "text", maxLength: 200, label: ["Written by", "修改人"], nullable: true, readOnly: true },
    approver: { kind: "text", maxLength: 200, label: ["Approved by", "批准人"], nullable: true, readOnly: true },
    versionInForce: {
      kind: "integer",
      min: 1,
      max: 2_147_483_647,
      label: ["Version in force", "生效版本"],
      nullable: true,
      readOnly: true,
    },
    nextFrom: {
      kind: "time",
      label: ["Next version from", "下一版本生效"],
      nullable: true,
      readOnly: true,
      sortable: false,
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
  recordName: ["scope", "instrumentId", "assetClass"],
  sort: ["createdAt", "DESC"],
  list: ["scope", "tenantId", "agentId", "traderId", "instrumentId", "maxLotsPerOrder", "maxPositionLots", "updatedAt"],
  filters: ["scope", "tenantId", "agentId", "groupId", "traderId", "instrumentId", "assetClass"],
  shows: [{ resource: "risk-versions", where: { limitId: "id" } }],
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
        "Everyone names nobody; a partner line names the partner; an agent or trader line names the partner and that one; a group line its group alone.",
        "「全部」不指定对象；合作方限额指定合作方；代理或交易者限额须同时指定合作方与该对象；组限额仅指定组。",
      ],
    },
    risk_limits_one_object: {
      field: "assetClass",
      says: ["An instrument or a class, not both.", "合约与类别只能选其一。"],
    },
  },
  version: "version",
});
