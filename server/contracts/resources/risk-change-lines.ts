import { createdAt } from "../common-fields.ts";
import { defineResource } from "../resource.ts";
import riskVersions from "./risk-versions.ts";

const { scope, tenantId, agentId, groupId, traderId, instrumentId, assetClass, before, settings } = riskVersions.fields;

/** What a change of the risk table will write, line by line. Set and taken out by commands of the change. */
export default defineResource({
  name: "risk-change-lines",
  group: "risk",
  label: ["Change lines", "风控变更明细"],
  one: ["Line of a risk change", "风控变更行"],
  source: "risk_change_lines",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"] },
    changeId: { kind: "ref", to: "risk-changes", shape: "uuid", label: ["Change", "风控变更"] },
    ...{ scope, tenantId, agentId, groupId, traderId, instrumentId, assetClass },
    seenVersion: {
      kind: "integer",
      min: 0,
      max: 2_147_483_647,
      label: ["Version seen", "起草时版本"],
      help: ["0: there was no such line.", "0 表示当时没有该行。"],
      sortable: false,
    },
    before: { ...before, label: ["Now", "现行设置"] },
    settings: { ...settings, label: ["Then", "变更后设置"] },
    createdAt,
  },
  operations: { list: ["admin", "risk"], read: ["admin", "risk"], export: ["admin", "risk"] },
  scope: { tenantColumn: null, agentLineColumn: null },
  recordName: ["scope", "instrumentId", "assetClass"],
  sort: ["createdAt", "ASC"],
  list: ["changeId", "scope", "tenantId", "traderId", "instrumentId", "assetClass", "seenVersion"],
  filters: ["changeId", "scope"],
});
