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
      help: ["Changed later by moving the agent.", "之后通过移动代理更改。"],
      nullable: true,
      createOnly: true,
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
  shows: [{ resource: "agent-moves", where: { agentId: "id" } }],
  files: [{ path: "statements", label: ["Statements of the line (CSV)", "代理线对账单 (CSV)"], streamed: true }],
  version: "version",
  commands: {
    move: {
      label: ["Move", "移动"],
      consequence: [
        "The agent and everyone below him go under another agent. Orders accepted from then on earn for the new line; earlier ones keep theirs.",
        "该代理及其所有下级移至另一代理之下。此后接受的委托归新的代理线，之前的不变。",
      ],
      roles: ["admin", "support"],
      input: {
        parentId: {
          kind: "ref",
          to: "agents",
          shape: "uuid",
          label: ["Above", "上级代理"],
          help: ["Empty: nobody; he becomes the top of a tree.", "留空：无上级，成为顶级代理。"],
          nullable: true,
        },
        reason,
      },
    },
    "note-own-trader": {
      label: ["Note an own account", "标记本人账户"],
      consequence: [
        "The agent earns nothing on this trader's orders from now on. It can't be undone.",
        "该代理此后不再从此交易者的委托中获得返佣。不可撤销。",
      ],
      roles: ["admin", "finance", "risk"],
      input: {
        traderId: {
          kind: "ref",
          to: "traders",
          shape: "uuid",
          label: ["Trader", "交易者"],
          help: ["The agent himself, or an account linked to him.", "代理本人或与其关联的账户。"],
          required: true,
        },
        reason,
      },
      danger: true,
    },
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
