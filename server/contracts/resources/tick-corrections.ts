import { createdAt, reason } from "../common-fields.ts";
import { tickCorrectionKinds } from "../names.ts";
import { defineResource } from "../resource.ts";

/** Ticks taken back or given another price. To create one makes their bars anew; quotes and fills stay as they are. */
export default defineResource({
  name: "tick-corrections",
  group: "market",
  label: ["Tick corrections", "报价更正"],
  one: ["Tick correction", "报价更正"],
  source: "admin_tick_corrections",
  table: "tick_corrections",
  writer: "tick-corrections",
  fields: {
    id: { kind: "id", shape: "bigint", label: ["Id", "标识"], readOnly: true },
    instrumentId: {
      kind: "ref",
      to: "instruments",
      shape: "text",
      label: ["Instrument", "合约"],
      required: true,
      createOnly: true,
    },
    seq: {
      kind: "lots",
      min: "1",
      label: ["Quote no.", "报价序号"],
      help: [
        "Its bars of every interval are made anew. Fills at it are not undone.",
        "将重算其所有周期的 K 线；按此报价成交的委托不会撤销。",
      ],
      required: true,
      createOnly: true,
    },
    kind: {
      kind: "choice",
      label: ["What holds", "更正方式"],
      options: tickCorrectionKinds,
      optionLabels: {
        cancel: ["Taken back", "撤销"],
        price: ["Another price", "更正价格"],
        restore: ["As first told", "恢复原值"],
      },
      required: true,
      createOnly: true,
    },
    price: {
      kind: "decimal",
      scale: 16,
      label: ["Price instead", "更正后价格"],
      neededWhen: { field: "kind", in: ["price"] },
      nullable: true,
      createOnly: true,
    },
    reason: { ...reason, createOnly: true },
    wasPrice: { kind: "decimal", scale: 16, label: ["Price first told", "原价格"], readOnly: true },
    minuteAt: { kind: "time", label: ["Its minute", "所在分钟"], readOnly: true },
    barsChanged: {
      kind: "integer",
      min: 0,
      max: 7,
      label: ["Bars changed", "变更 K 线数"],
      readOnly: true,
    },
    correctedBy: { kind: "text", maxLength: 200, label: ["Corrected by", "更正人"], readOnly: true },
    createdAt,
  },
  operations: {
    list: ["admin", "risk", "support"],
    read: ["admin", "risk", "support"],
    create: ["admin", "risk"],
    export: ["admin", "risk"],
  },
  scope: { tenantColumn: null, agentLineColumn: null, shared: true },
  operatorOnly: ["create"],
  recordName: ["instrumentId", "seq"],
  sort: ["id", "DESC"],
  list: ["createdAt", "instrumentId", "seq", "kind", "price", "wasPrice", "minuteAt", "barsChanged", "correctedBy"],
  filters: ["instrumentId", "kind", "minuteAt_gte", "minuteAt_lte"],
  search: ["reason", "correctedBy"],
});
