import { partner } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

/** Who was above an agent, and since when: what commissions go by. Written by the database, never changed. */
export default defineResource({
  name: "agent-moves",
  group: "agents",
  label: ["Agents' moves", "代理变动"],
  one: ["Agent's move", "代理变动"],
  source: "admin_agent_moves",
  fields: {
    id: { kind: "id", shape: "bigint", label: ["Number", "编号"] },
    tenantId: partner,
    agentId: { kind: "ref", to: "agents", shape: "uuid", label: ["Agent", "代理"] },
    parentId: {
      kind: "ref",
      to: "agents",
      shape: "uuid",
      label: ["Above", "上级代理"],
      help: ["Empty: nobody, the top of a tree.", "留空：无上级，为顶级代理。"],
      nullable: true,
    },
    since: { kind: "time", label: ["Since", "起始时间"] },
    movedBy: { kind: "text", label: ["By", "操作人"], maxLength: 200, nullable: true, sortable: false },
    reason: { kind: "text", label: ["Reason", "原因"], maxLength: 500, nullable: true, sortable: false },
  },
  operations: {
    list: ["admin", "finance", "risk", "support"],
    read: ["admin", "finance", "risk", "support"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "id",
  sort: ["id", "DESC"],
  list: ["since", "agentId", "parentId", "movedBy", "reason"],
  filters: ["tenantId", "agentId", "parentId", "since_gte", "since_lte"],
});
