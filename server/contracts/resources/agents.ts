import { createdAt, partner, personState, reason, updatedAt, version } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

/** Who brings traders. Agents form a tree; the line of a trader is his agent and all above it. */
export default defineResource({
  name: "agents",
  group: "agents",
  label: ["Agents", "代理"],
  one: ["Agent", "代理"],
  source: "agents",
  table: "agents",
  writer: "agents",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: { ...partner, required: true, createOnly: true },
    parentId: {
      kind: "ref",
      to: "agents",
      shape: "uuid",
      label: ["Above", "上级代理"],
      help: ["Moving an agent moves everyone below it.", "调整上级时，其下所有代理一并移动。"],
      nullable: true,
    },
    code: { kind: "text", label: ["Code", "编码"], maxLength: 40, required: true, createOnly: true },
    name: { kind: "text", label: ["Name", "名称"], maxLength: 80, required: true },
    email: { kind: "email", label: ["E-mail", "电子邮箱"], nullable: true, personal: true },
    state: { ...personState, readOnly: true },
    createdAt,
    updatedAt,
    version,
  },
  operations: {
    list: ["admin", "risk", "finance", "support", "agent"],
    read: ["admin", "risk", "finance", "support", "agent"],
    create: ["admin", "support"],
    update: ["admin", "support"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: "line" },
  recordName: "name",
  sort: ["code", "ASC"],
  list: ["code", "name", "parentId", "tenantId", "state", "createdAt"],
  filters: ["tenantId", "parentId", "state"],
  search: ["code", "name"],
  constraints: {
    agents_no_cycle: { field: "parentId", says: ["An agent cannot be below itself.", "代理不能位于自己之下。"] },
    agents_parent_same_tenant: {
      field: "parentId",
      says: ["Must be an agent of the same partner.", "必须是同一合作方的代理。"],
    },
  },
  reveals: ["admin", "finance"],
  version: "version",
  commands: {
    disable: {
      label: ["Disable", "停用"],
      consequence: [
        "The agent's staff can no longer log in. Traders below it go on trading.",
        "该代理的员工将无法登录，其下交易者仍可交易。",
      ],
      roles: ["admin"],
      input: { reason },
      danger: true,
      when: { field: "state", in: ["active"] },
    },
    enable: {
      label: ["Enable", "启用"],
      consequence: ["The agent's staff can log in again.", "恢复该代理员工的登录。"],
      roles: ["admin"],
      input: { reason },
      when: { field: "state", in: ["disabled"] },
    },
  },
});
