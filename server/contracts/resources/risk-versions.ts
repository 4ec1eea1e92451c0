import { assetClassLabels, limitScopeLabels } from "../choices.ts";
import { createdAt, partner } from "../common-fields.ts";
import { assetClasses, limitScopes } from "../names.ts";
import { defineResource } from "../resource.ts";

const who = { kind: "text", maxLength: 200, nullable: true } as const;
const settings = { kind: "json", schema: "record-image", of: "risk-limits" } as const;

/** Every version a line of the risk table has had or will have. Never changed. */
export default defineResource({
  name: "risk-versions",
  group: "risk",
  label: ["Risk versions", "风控表版本"],
  one: ["Version of a risk line", "风控版本"],
  source: "admin_risk_versions",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"] },
    limitId: { kind: "ref", to: "risk-limits", shape: "uuid", label: ["Line", "风控行"] },
    version: { kind: "integer", label: ["Version", "版本"], min: 1, max: 2_147_483_647 },
    scope: { kind: "choice", label: ["Holds for", "适用范围"], options: limitScopes, optionLabels: limitScopeLabels },
    tenantId: { ...partner, nullable: true },
    agentId: { kind: "ref", to: "agents", shape: "uuid", label: ["Agent", "代理"], nullable: true },
    groupId: { kind: "ref", to: "trader-groups", shape: "uuid", label: ["Trader group", "交易者组"], nullable: true },
    traderId: { kind: "ref", to: "traders", shape: "uuid", label: ["Trader", "交易者"], nullable: true },
    instrumentId: { kind: "ref", to: "instruments", shape: "text", label: ["Instrument", "合约"], nullable: true },
    assetClass: {
      kind: "choice",
      label: ["Asset class", "资产类别"],
      options: assetClasses,
      optionLabels: assetClassLabels,
      nullable: true,
    },
    before: { ...settings, label: ["Before", "修改前"] },
    settings: { ...settings, label: ["Settings", "设置"] },
    effectiveAt: { kind: "time", label: ["In force from", "生效时间"] },
    author: { ...who, label: ["Written by", "修改人"], nullable: false },
    approver: { ...who, label: ["Approved by", "批准人"] },
    reason: { kind: "text", maxLength: 500, label: ["Reason", "原因"], nullable: true },
    changeId: { kind: "ref", to: "risk-changes", shape: "uuid", label: ["Change", "风控变更"], nullable: true },
    createdAt,
  },
  operations: { list: ["admin", "risk", "support"], read: ["admin", "risk", "support"], export: ["admin", "risk"] },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null, shared: true },
  recordName: ["scope", "instrumentId", "assetClass", "version"],
  sort: ["createdAt", "DESC"],
  list: ["createdAt", "scope", "instrumentId", "version", "effectiveAt", "author", "reason"],
  filters: ["scope", "tenantId", "limitId", "changeId", "traderId", "instrumentId"],
});
