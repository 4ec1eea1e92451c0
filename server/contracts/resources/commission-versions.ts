import { by, model, note, planName, terms } from "../commission-fields.ts";
import { createdAt, partner } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

/** Every version a plan has had or will have. Never changed. */
export default defineResource({
  name: "commission-versions",
  group: "agents",
  label: ["Plan versions", "方案版本"],
  one: ["Plan version", "方案版本"],
  source: "admin_commission_versions",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"] },
    tenantId: partner,
    planId: { kind: "ref", to: "commission-plans", shape: "uuid", label: ["Plan", "方案"] },
    planName: { ...planName, label: ["Name", "名称"] },
    model,
    version: { kind: "integer", label: ["Version", "版本"], min: 1, max: 2_147_483_647 },
    ...terms,
    note,
    createdBy: by,
    createdAt,
  },
  operations: {
    list: ["admin", "finance", "risk", "support"],
    read: ["admin", "finance", "risk", "support"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: ["planName", "version"],
  sort: ["effectiveFrom", "DESC"],
  list: ["planId", "version", "effectiveFrom", "rate1", "rate2", "rate3", "exceptions", "cap", "createdBy", "note"],
  filters: ["tenantId", "planId"],
});
