import { localeLabels } from "../choices.ts";
import { createdAt, partner, personState, reason, updatedAt, version } from "../common-fields.ts";
import { locales } from "../names.ts";
import { defineResource } from "../resource.ts";

/** Who trades: a person of one partner, below one agent or none. */
export default defineResource({
  name: "traders",
  group: "traders",
  label: ["Traders", "交易者"],
  one: ["Trader", "交易者"],
  source: "admin_traders",
  table: "traders",
  writer: "traders",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: { ...partner, required: true, createOnly: true },
    agentId: { kind: "ref", to: "agents", shape: "uuid", label: ["Agent", "代理"], nullable: true },
    groupId: {
      kind: "ref",
      to: "trader-groups",
      shape: "uuid",
      label: ["Group", "交易者组"],
      help: ["Empty: the default group.", "留空：默认组。"],
      nullable: true,
    },
    externalRef: {
      kind: "text",
      label: ["Partner's reference", "合作方用户号"],
      help: ["The person's id at the partner.", "该用户在合作方系统中的编号。"],
      maxLength: 80,
      nullable: true,
      createOnly: true,
    },
    name: {
      kind: "text",
      label: ["Name", "姓名"],
      maxLength: 80,
      required: true,
      personal: true,
      revealedTo: ["admin", "risk", "finance", "support"],
    },
    email: { kind: "email", label: ["E-mail", "电子邮箱"], nullable: true, personal: true },
    phone: {
      kind: "text",
      label: ["Telephone", "电话"],
      help: ["With the country, without spaces: +8613800138000.", "含国家码，不含空格：+8613800138000。"],
      maxLength: 16,
      pattern: "^\\+[1-9][0-9]{6,14}$",
      nullable: true,
      personal: true,
      sortable: false,
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
      help: [
        "Only for a trader who logs in with his e-mail; 8 to 128 characters.",
        "仅用于以邮箱登录的交易者；8 至 128 个字符。",
      ],
      minLength: 8,
      maxLength: 128,
      createOnly: true,
    },
    tier: {
      kind: "integer",
      min: 0,
      max: 4,
      label: ["Tier", "认证等级"],
      help: [
        "0 e-mail only, 1 named, 2 identified, 3 with source of funds, 4 by agreement. Limits of payment go by it.",
        "0 仅邮箱，1 已登记，2 已实名，3 已核资金来源，4 另行约定；出入金限额据此确定。",
      ],
      readOnly: true,
    },
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
  scope: { tenantColumn: "tenant_id", agentLineColumn: "agent_line" },
  recordName: "name",
  sort: ["createdAt", "DESC"],
  list: ["name", "email", "tenantId", "agentId", "externalRef", "state", "createdAt"],
  filters: ["tenantId", "agentId", "state", "createdAt_gte"],
  search: ["name", "externalRef"],
  constraints: {
    traders_email_unique: { field: "email", says: ["Another trader has this e-mail.", "该邮箱已被其他交易者使用。"] },
    traders_group_same_tenant: {
      field: "groupId",
      says: ["Must be a group of the same partner, or of the house.", "必须是同一合作方或平台的组。"],
    },
    traders_agent_same_tenant: {
      field: "agentId",
      says: ["Must be an agent of the same partner.", "必须是同一合作方的代理。"],
    },
  },
  reveals: ["admin", "finance"],
  version: "version",
  commands: {
    "set-tier": {
      label: ["Set tier", "设置认证等级"],
      consequence: [
        "Limits and fees of payment change with it, from the next request on.",
        "出入金限额与费用随之变更，自下一笔申请起生效。",
      ],
      roles: ["admin", "finance"],
      input: {
        tier: { kind: "integer", min: 0, max: 4, label: ["Tier", "认证等级"], required: true },
        reason,
      },
    },
    disable: {
      label: ["Disable", "停用"],
      consequence: [
        "Ends the trader's sessions at once; he can neither log in nor trade. Open positions stay as they are.",
        "立即结束其登录，之后不能登录或交易。已有持仓不变。",
      ],
      roles: ["admin", "risk"],
      input: { reason },
      danger: true,
      when: { field: "state", in: ["active"] },
    },
    enable: {
      label: ["Enable", "启用"],
      consequence: ["The trader can log in and trade again.", "恢复登录与交易。"],
      roles: ["admin", "risk"],
      input: { reason },
      when: { field: "state", in: ["disabled"] },
    },
  },
});
