import { by, note, terms } from "../commission-fields.ts";
import { createdAt, partner } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

/** Which plan an agent's line, or a whole partner, uses from when on. The nearest agent of an order's line counts. */
export default defineResource({
  name: "commission-assignments",
  group: "agents",
  label: ["Plans in use", "方案适用"],
  one: ["Plan in use", "方案适用"],
  source: "admin_commission_assignments",
  table: "commission_assignments",
  writer: "commission-assignments",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: { ...partner, required: true, createOnly: true },
    agentId: {
      kind: "ref",
      to: "agents",
      shape: "uuid",
      label: ["Line of", "代理线"],
      help: ["The agent and all below him. Empty: the whole partner.", "该代理及其所有下级。留空：整个合作方。"],
      nullable: true,
      createOnly: true,
    },
    planId: {
      kind: "ref",
      to: "commission-plans",
      shape: "uuid",
      label: ["Plan", "方案"],
      help: ["Empty: no plan of its own any more.", "留空：不再使用单独方案。"],
      nullable: true,
      createOnly: true,
    },
    effectiveFrom: { ...terms.effectiveFrom, createOnly: true },
    note: { ...note, createOnly: true },
    createdBy: by,
    createdAt,
  },
  operations: {
    list: ["admin", "finance", "risk", "support"],
    read: ["admin", "finance", "risk", "support"],
    create: ["admin", "finance"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "id",
  sort: ["effectiveFrom", "DESC"],
  list: ["effectiveFrom", "tenantId", "agentId", "planId", "createdBy", "note"],
  filters: ["tenantId", "agentId", "planId"],
});
