import { model, note, terms } from "../commission-fields.ts";
import { createdAt, partner } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

/** How fees are shared with agents. Shown with the version in force; a change of rates is a new version. */
export default defineResource({
  name: "commission-plans",
  group: "agents",
  label: ["Commission plans", "返佣方案"],
  one: ["Commission plan", "返佣方案"],
  source: "admin_commission_plans",
  table: "commission_plans",
  writer: "commission-plans",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: { ...partner, required: true, createOnly: true },
    name: { kind: "text", label: ["Name", "名称"], maxLength: 80, required: true, createOnly: true },
    model: {
      ...model,
      help: [
        "What the rates mean. It stays: another model is another plan.",
        "比例的含义。不可更改，其他模式须另建方案。",
      ],
      required: true,
      createOnly: true,
    },
    rate1: { ...terms.rate1, createOnly: true },
    rate2: { ...terms.rate2, createOnly: true },
    rate3: { ...terms.rate3, createOnly: true },
    exceptions: { ...terms.exceptions, createOnly: true },
    cap: { ...terms.cap, createOnly: true },
    isCappedAtFee: { ...terms.isCappedAtFee, createOnly: true },
    effectiveFrom: { ...terms.effectiveFrom, createOnly: true },
    note: { ...note, createOnly: true },
    version: {
      kind: "integer",
      label: ["Version in force", "生效版本"],
      min: 1,
      max: 2_147_483_647,
      readOnly: true,
      sortable: false,
      filterable: false,
    },
    nextFrom: {
      kind: "time",
      label: ["Next version from", "下一版本生效"],
      nullable: true,
      readOnly: true,
      sortable: false,
      filterable: false,
    },
    createdAt,
  },
  operations: {
    list: ["admin", "finance", "risk", "support"],
    read: ["admin", "finance", "risk", "support"],
    create: ["admin", "finance"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "name",
  sort: ["name", "ASC"],
  list: ["name", "tenantId", "model", "rate1", "rate2", "rate3", "version", "effectiveFrom", "nextFrom"],
  filters: ["tenantId", "model"],
  search: ["name"],
  shows: [
    { resource: "commission-versions", where: { planId: "id" } },
    { resource: "commission-assignments", where: { planId: "id" } },
  ],
  commands: {
    "new-version": {
      label: ["New version", "新版本"],
      consequence: [
        "Orders accepted from then on count by these rates. Earlier ones keep theirs, also when they fill later.",
        "此后接受的委托按新比例计算；之前接受的委托即使稍后成交也按原比例。",
      ],
      roles: ["admin", "finance"],
      input: { ...terms, note },
    },
  },
});
