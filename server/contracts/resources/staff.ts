import { localeLabels, roleLabels } from "../choices.ts";
import { createdAt, partner, personState, reason, updatedAt, version } from "../common-fields.ts";
import { locales, staffRoles } from "../names.ts";
import { defineResource } from "../resource.ts";

/** Who works in the back office. Passwords go in, never out. */
export default defineResource({
  name: "staff",
  group: "settings",
  label: ["Staff", "员工"],
  one: ["Member of staff", "员工"],
  source: "staff",
  table: "staff",
  writer: "staff",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    name: { kind: "text", label: ["Name", "姓名"], maxLength: 80, required: true },
    email: { kind: "email", label: ["E-mail", "电子邮箱"], required: true, personal: true },
    role: {
      kind: "choice",
      label: ["Role", "角色"],
      help: ["A change holds from the next request on.", "修改后从下一次请求起生效。"],
      options: staffRoles,
      optionLabels: roleLabels,
      required: true,
    },
    tenantId: {
      ...partner,
      help: ["Empty: the operator's own staff, who see every partner.", "留空：运营方员工，可查看所有合作方。"],
      nullable: true,
      createOnly: true,
    },
    agentId: {
      kind: "ref",
      to: "agents",
      shape: "uuid",
      label: ["Agent", "代理"],
      help: [
        "Only for the role agent: what is below it is all that is seen.",
        "仅用于代理角色：只能查看该代理之下的数据。",
      ],
      nullable: true,
    },
    locale: {
      kind: "choice",
      label: ["Language", "语言"],
      options: locales,
      optionLabels: localeLabels,
      initial: "en",
    },
    password: {
      kind: "secret",
      label: ["Password", "密码"],
      help: ["8 to 128 characters; hand it over by another way.", "8 至 128 个字符；请通过其他渠道告知本人。"],
      minLength: 8,
      maxLength: 128,
      required: true,
      createOnly: true,
    },
    state: { ...personState, readOnly: true },
    createdAt,
    updatedAt,
    version,
  },
  operations: {
    list: ["admin"],
    read: ["admin"],
    create: ["admin"],
    update: ["admin"],
    export: ["admin"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "name",
  sort: ["name", "ASC"],
  list: ["name", "email", "role", "tenantId", "agentId", "state", "createdAt"],
  filters: ["role", "state", "tenantId"],
  search: ["name", "email"],
  constraints: {
    staff_email_unique: {
      field: "email",
      says: ["Another member of staff has this e-mail.", "该邮箱已被其他员工使用。"],
    },
    staff_agent_role_has_agent: {
      field: "agentId",
      says: ["The role agent names an agent, other roles name none.", "代理角色必须指定代理，其他角色不得指定。"],
    },
    staff_agent_role_has_tenant: {
      field: "tenantId",
      says: ["The role agent belongs to a partner.", "代理角色必须属于某个合作方。"],
    },
    staff_agent_same_tenant: {
      field: "agentId",
      says: ["Must be an agent of the same partner.", "必须是同一合作方的代理。"],
    },
  },
  reveals: ["admin"],
  version: "version",
  commands: {
    "reset-password": {
      label: ["Set a new password", "重置密码"],
      consequence: ["The old password stops working and every session ends.", "旧密码失效，所有登录将被结束。"],
      roles: ["admin"],
      input: {
        password: {
          kind: "secret",
          label: ["New password", "新密码"],
          minLength: 8,
          maxLength: 128,
          required: true,
        },
      },
      danger: true,
    },
    disable: {
      label: ["Disable", "停用"],
      consequence: ["Ends every session at once; logging in is refused.", "立即结束所有登录，之后不能登录。"],
      roles: ["admin"],
      input: { reason },
      danger: true,
      when: { field: "state", in: ["active"] },
    },
    enable: {
      label: ["Enable", "启用"],
      consequence: ["The person can log in again.", "恢复登录。"],
      roles: ["admin"],
      input: { reason },
      when: { field: "state", in: ["disabled"] },
    },
  },
});
