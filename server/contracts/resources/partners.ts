import { createdAt, personState, reason, updatedAt, version } from "../common-fields.ts";
import { defineResource, type ResourceDeclaration } from "../resource.ts";

/** The answer of what makes a key. */
const keyShownOnce = {
  keyId: { label: ["Key id", "密钥编号"] },
  privateKeyPem: { label: ["Private key", "私钥"], file: "pem" },
} as const satisfies ResourceDeclaration["shownOnce"];

/** Whose site embeds the widget: a tenant. Its rows and money never mix with another's. */
export default defineResource({
  name: "partners",
  group: "partners",
  label: ["Partners", "合作方"],
  one: ["Partner", "合作方"],
  source: "partners",
  table: "partners",
  writer: "partners",
  fields: {
    id: { kind: "id", shape: "integer", label: ["Number", "编号"], readOnly: true },
    code: {
      kind: "text",
      label: ["Code", "编码"],
      help: ["Small letters, digits and hyphens; stays for good.", "小写字母、数字和连字符；创建后不可修改。"],
      maxLength: 40,
      pattern: "^[a-z][a-z0-9-]{1,39}$",
      required: true,
      createOnly: true,
    },
    name: { kind: "text", label: ["Name", "名称"], maxLength: 80, required: true },
    origins: {
      kind: "texts",
      label: ["Origins", "允许的来源"],
      help: [
        "Sites that may embed the widget, such as https://shop.example.com: scheme, host and port, no path.",
        "可嵌入交易组件的网站，例如 https://shop.example.com：协议、主机与端口，不含路径。",
      ],
      maxItems: 20,
      maxLength: 200,
      pattern: "^(https://[a-z0-9.-]+|http://(localhost|127\\.0\\.0\\.1))(:[0-9]{1,5})?$",
    },
    state: { ...personState, readOnly: true },
    createdAt,
    updatedAt,
    version,
  },
  operations: {
    list: ["admin", "risk", "finance", "support"],
    read: ["admin", "risk", "finance", "support"],
    create: ["admin"],
    update: ["admin"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "id", agentLineColumn: null },
  operatorOnly: ["create", "update"],
  recordName: "name",
  sort: ["id", "ASC"],
  list: ["id", "code", "name", "origins", "state", "createdAt"],
  filters: ["state"],
  search: ["code", "name"],
  version: "version",
  shownOnce: keyShownOnce,
  shows: [{ resource: "partner-keys", where: { tenantId: "id" } }],
  files: [{ path: "journal", label: ["Journal for hledger", "hledger 日记账"], exported: true, streamed: true }],
  commands: {
    "add-key": {
      label: ["Add a key", "添加密钥"],
      consequence: [
        "Makes a further key pair. The private half is shown once; keys in force stay so until they are revoked.",
        "生成一对新的密钥。私钥仅显示一次；原有密钥在吊销前继续有效。",
      ],
      roles: ["admin"],
      operatorOnly: true,
      input: { reason },
      shownOnce: keyShownOnce,
    },
    "revoke-key": {
      label: ["Revoke a key", "吊销密钥"],
      consequence: [
        "Logins signed with this key are refused from now on. Sessions already open live on.",
        "此后以该密钥签名的登录将被拒绝。已有的登录不受影响。",
      ],
      roles: ["admin"],
      operatorOnly: true,
      input: {
        keyId: {
          kind: "ref",
          to: "partner-keys",
          shape: "text",
          label: ["Key", "密钥"],
          offers: { state: "active" },
          required: true,
        },
        reason,
      },
      danger: true,
    },
    disable: {
      label: ["Disable", "停用"],
      consequence: [
        "Nobody can log in through this partner and its sites lose the widget. Open positions stay as they are.",
        "该合作方的用户将无法登录，其网站不能再使用交易组件。已有持仓不变。",
      ],
      roles: ["admin"],
      operatorOnly: true,
      input: { reason },
      danger: true,
      when: { field: "state", in: ["active"] },
    },
    enable: {
      label: ["Enable", "启用"],
      consequence: ["Logins through this partner work again.", "恢复该合作方用户的登录。"],
      roles: ["admin"],
      operatorOnly: true,
      input: { reason },
      when: { field: "state", in: ["disabled"] },
    },
  },
});
