import { createdAt, updatedAt, version } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

/** When instruments trade: weekly sessions with validity dates, holidays and early closes, in one zone. */
export default defineResource({
  name: "session-calendars",
  group: "market",
  label: ["Session calendars", "交易时段"],
  one: ["Session calendar", "交易时段"],
  source: "session_calendars",
  table: "session_calendars",
  fields: {
    id: {
      kind: "id",
      shape: "text",
      label: ["Code", "编码"],
      help: ["Small letters, digits and hyphens.", "小写字母、数字和连字符。"],
      pattern: "^[a-z][a-z0-9-]{1,39}$",
      required: true,
      createOnly: true,
    },
    name: { kind: "text", label: ["Name", "名称"], maxLength: 80, required: true },
    zone: {
      kind: "text",
      label: ["Time zone", "时区"],
      help: ["An IANA name such as America/Chicago.", "IANA 时区名，例如 America/Chicago。"],
      maxLength: 40,
      format: "time-zone",
      required: true,
    },
    tradeDateCut: {
      kind: "clock",
      label: ["Trade date begins at", "交易日切换时间"],
      help: ["Local time; trading from here on counts for the next date.", "当地时间；此后的交易计入下一交易日。"],
      required: true,
    },
    sessions: {
      kind: "json",
      schema: "calendar-sessions",
      label: ["Weekly sessions", "每周时段"],
      help: ["Weekday 0 is Sunday; times are local.", "星期 0 为周日；时间为当地时间。"],
      required: true,
    },
    holidays: {
      kind: "json",
      schema: "calendar-holidays",
      label: ["Holidays and early closes", "休市与提前收市"],
      help: ["No closing time: closed for the whole trade date.", "未填收市时间表示全天休市。"],
    },
    createdAt,
    updatedAt,
    version,
  },
  operations: {
    list: ["admin", "risk", "finance", "support", "agent"],
    read: ["admin", "risk", "finance", "support", "agent"],
    create: ["admin", "risk"],
    update: ["admin", "risk"],
    export: ["admin", "risk"],
  },
  scope: { tenantColumn: null, agentLineColumn: null, shared: true },
  operatorOnly: ["create", "update"],
  recordName: "name",
  sort: ["id", "ASC"],
  list: ["id", "name", "zone", "tradeDateCut", "updatedAt"],
  filters: ["zone"],
  search: ["id", "name", "zone"],
  version: "version",
});
