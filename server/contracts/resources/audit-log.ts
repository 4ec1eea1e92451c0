import { roleLabels } from "../choices.ts";
import { partner } from "../common-fields.ts";
import { staffRoles } from "../names.ts";
import { defineResource } from "../resource.ts";

/** Who changed what, written in the transaction of the change. Append-only. */
export default defineResource({
  name: "audit-log",
  group: "settings",
  label: ["Audit log", "审计日志"],
  one: ["Audit entry", "审计记录"],
  source: "audit_log",
  fields: {
    id: { kind: "id", shape: "bigint", label: ["Number", "编号"] },
    at: { kind: "time", label: ["At", "时间"] },
    tenantId: { ...partner, nullable: true },
    actorKind: {
      kind: "choice",
      label: ["Actor is", "操作者类型"],
      options: ["staff", "trader", "system"],
      optionLabels: { staff: ["Staff", "员工"], trader: ["Trader", "交易者"], system: ["System", "系统"] },
    },
    actorId: { kind: "text", label: ["Actor's id", "操作者标识"], maxLength: 64, nullable: true },
    actorName: { kind: "text", label: ["Actor", "操作者"], maxLength: 254 },
    role: {
      kind: "choice",
      label: ["Role", "角色"],
      options: staffRoles,
      optionLabels: roleLabels,
      nullable: true,
    },
    action: { kind: "text", label: ["Action", "操作"], maxLength: 80, names: "action" },
    resource: { kind: "text", label: ["Of", "对象类型"], maxLength: 40, names: "resource" },
    objectId: { kind: "text", label: ["Object", "对象"], maxLength: 64, nullable: true, names: "object" },
    reason: { kind: "text", label: ["Reason", "原因"], maxLength: 500, nullable: true, sortable: false },
    before: { kind: "json", schema: "record-image", label: ["Before", "修改前"], nullable: true },
    after: { kind: "json", schema: "record-image", label: ["After", "修改后"], nullable: true },
    ip: { kind: "text", label: ["IP address", "IP 地址"], maxLength: 64, nullable: true, sortable: false },
    traceId: {
      kind: "text",
      label: ["Trace id", "追踪号"],
      maxLength: 64,
      nullable: true,
      sortable: false,
      filterable: true,
    },
  },
  operations: {
    list: ["admin"],
    read: ["admin"],
    export: ["admin"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "action",
  sort: ["id", "DESC"],
  list: ["at", "actorName", "role", "action", "resource", "objectId", "reason"],
  filters: ["resource", "objectId", "action", "actorName_like", "at_gte", "at_lte"],
  search: ["actorName", "action", "objectId"],
});
