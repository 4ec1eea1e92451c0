import { book, createdAt, partner, updatedAt, version } from "../common-fields.ts";
import { exportPeriods } from "../export-names.ts";
import { defineResource } from "../resource.ts";
import exportsOf from "./exports.ts";

const { report, profile, separator, timeZone } = exportsOf.fields;

/** Exports that are asked for by themselves: one for each period, when its last date is closed. */
export default defineResource({
  name: "export-schedules",
  group: "money",
  label: ["Export schedules", "定期导出"],
  one: ["Export schedule", "定期导出"],
  source: "export_schedules",
  table: "export_schedules",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: { ...partner, required: true, createOnly: true },
    name: { kind: "text", label: ["Name", "名称"], maxLength: 100, required: true },
    report,
    book: { ...book, required: true, createOnly: true, initial: "live" },
    period: {
      kind: "choice",
      label: ["One for each", "周期"],
      help: [
        "Made when the last date of it is closed; what was missed is made up for.",
        "周期最后一个账务日结账后生成，遗漏的会补上。",
      ],
      options: exportPeriods,
      optionLabels: { day: ["Book date", "账务日"], week: ["Week", "周"], month: ["Month", "月"] },
      required: true,
      createOnly: true,
      initial: "day",
    },
    profile,
    separator,
    timeZone,
    isActive: { kind: "boolean", label: ["Active", "启用"], initial: true },
    startsOn: {
      kind: "date",
      label: ["First book date", "首个账务日"],
      readOnly: true,
    },
    createdAt,
    updatedAt,
    version,
  },
  operations: {
    list: ["admin", "finance"],
    read: ["admin", "finance"],
    create: ["admin", "finance"],
    update: ["admin", "finance"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: ["name"],
  sort: ["createdAt", "DESC"],
  list: ["name", "tenantId", "report", "book", "period", "profile", "isActive", "startsOn"],
  filters: ["tenantId", "report", "period", "isActive"],
  search: ["name"],
  version: "version",
  constraints: {
    export_schedules_name_once: {
      field: "name",
      says: ["The partner has a schedule of this name.", "该合作方已有同名的定期导出。"],
    },
  },
});
