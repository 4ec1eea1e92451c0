import { paymentChannelLabels } from "../choices.ts";
import { createdAt, partner } from "../common-fields.ts";
import { paymentChannels } from "../payment-names.ts";
import { runProblemLabels, runStateLabels } from "../reconciliation-choices.ts";
import { runProblems, runStates } from "../reconciliation-names.ts";
import { defineResource } from "../resource.ts";

const alone = { nullable: true, readOnly: true, sortable: false, filterable: false } as const;
const count = { kind: "integer", min: 0, max: 2_147_483_647, ...alone } as const;

/** Comparisons of our books with what a channel says, made by the day's close or asked for. */
export default defineResource({
  name: "reconciliation-runs",
  group: "money",
  label: ["Reconciliation", "对账"],
  one: ["Reconciliation", "对账"],
  source: "admin_reconciliation_runs",
  table: "reconciliation_runs",
  writer: "reconciliation-runs",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: { ...partner, required: true, createOnly: true },
    channel: {
      kind: "choice",
      label: ["Channel", "渠道"],
      options: paymentChannels,
      optionLabels: paymentChannelLabels,
      required: true,
      createOnly: true,
    },
    fromDate: {
      kind: "date",
      label: ["First book date", "起始账务日"],
      head: ["From", "从"],
      required: true,
      createOnly: true,
    },
    toDate: {
      kind: "date",
      label: ["Last book date", "结束账务日"],
      head: ["To", "到"],
      help: [
        "Included. At most 366 days. Amounts are those known when it is made.",
        "含当日，最长 366 天；金额以执行时为准。",
      ],
      required: true,
      createOnly: true,
    },
    state: {
      kind: "choice",
      label: ["State", "状态"],
      options: runStates,
      optionLabels: runStateLabels,
      readOnly: true,
    },
    problem: {
      kind: "choice",
      label: ["Why it is incomplete", "未完成原因"],
      options: runProblems,
      optionLabels: runProblemLabels,
      nullable: true,
      readOnly: true,
      sortable: false,
    },
    matched: { ...count, label: ["Matched", "相符"] },
    differs: { ...count, label: ["Two amounts", "金额不符"] },
    onlyOurs: { ...count, label: ["Only ours", "仅我方"] },
    onlyTheirs: { ...count, label: ["Only theirs", "仅对方"] },
    totals: {
      kind: "json",
      schema: "reconciliation-totals",
      label: ["Totals by currency", "按币种合计"],
      nullable: true,
      readOnly: true,
    },
    closeId: {
      kind: "ref",
      to: "day-closes",
      shape: "bigint",
      label: ["Day close", "日终结账"],
      nullable: true,
      readOnly: true,
      sortable: false,
      filterable: true,
    },
    askedBy: { kind: "text", maxLength: 200, label: ["Asked for by", "发起人"], readOnly: true },
    createdAt: { ...createdAt, column: "asked_at", label: ["Asked for", "发起时间"] },
    endedAt: { kind: "time", label: ["Finished", "完成时间"], nullable: true, readOnly: true, sortable: false },
  },
  operations: {
    list: ["admin", "finance"],
    read: ["admin", "finance"],
    create: ["admin", "finance"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: ["channel", "fromDate", "toDate"],
  sort: ["createdAt", "DESC"],
  list: [
    "state",
    "createdAt",
    "channel",
    "fromDate",
    "toDate",
    "matched",
    "differs",
    "onlyOurs",
    "onlyTheirs",
    "askedBy",
  ],
  filters: ["channel", "state", "tenantId", "createdAt_gte", "createdAt_lte"],
  constraints: {
    reconciliation_runs_period_in_order: {
      field: "toDate",
      says: [
        "Must not lie before the first date, nor more than 366 days after it.",
        "不得早于起始日，且不超过其后 366 天。",
      ],
    },
  },
  underWay: { field: "state", in: ["asked"] },
  shows: [
    { resource: "reconciliation-items", where: { runId: "id" }, only: { foundIn: "only-theirs" } },
    { resource: "reconciliation-items", where: { runId: "id" }, only: { foundIn: "only-ours" } },
    { resource: "reconciliation-items", where: { runId: "id" }, only: { foundIn: "differs" } },
    { resource: "reconciliation-items", where: { runId: "id" }, only: { foundIn: "matched" } },
  ],
});
