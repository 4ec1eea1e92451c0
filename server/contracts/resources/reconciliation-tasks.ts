import { paymentChannelLabels } from "../choices.ts";
import { createdAt, currency, partner, version } from "../common-fields.ts";
import { paymentChannels } from "../payment-names.ts";
import { foundInLabels, taskAgeLabels, taskReasonLabels, taskStateLabels } from "../reconciliation-choices.ts";
import { foundInNames, taskAges, taskReasons, taskStates } from "../reconciliation-names.ts";
import { defineResource } from "../resource.ts";

const money = { kind: "money", currency: "currency", signed: true, sortable: false, filterable: false } as const;
const link = { nullable: true, sortable: false, filterable: false } as const;
const person = { kind: "text", maxLength: 200, nullable: true, sortable: false } as const;
const moment = { kind: "time", nullable: true, sortable: false } as const;
const note = {
  kind: "text",
  label: ["Note", "说明"],
  help: ["Kept with the task; what was said before stays in the audit log.", "随任务保存；以往说明见审计日志。"],
  maxLength: 500,
  multiline: true,
  required: true,
} as const;

/** Differences between our books and the channels, each until it is gone or a person has said why it may be there. */
export default defineResource({
  name: "reconciliation-tasks",
  group: "money",
  label: ["Differences", "对账差异"],
  one: ["Difference", "对账差异"],
  source: "admin_reconciliation_tasks",
  table: "reconciliation_tasks",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: { ...partner, readOnly: true },
    channel: {
      kind: "choice",
      label: ["Channel", "渠道"],
      options: paymentChannels,
      optionLabels: paymentChannelLabels,
      readOnly: true,
    },
    state: {
      kind: "choice",
      label: ["State", "状态"],
      options: taskStates,
      optionLabels: taskStateLabels,
      readOnly: true,
    },
    foundIn: {
      kind: "choice",
      label: ["List", "列表"],
      options: foundInNames,
      optionLabels: foundInLabels,
      readOnly: true,
      sortable: false,
    },
    difference: {
      ...money,
      label: ["Difference", "差额"],
      help: ["Theirs less ours.", "对方减我方。"],
      readOnly: true,
    },
    currency: { ...currency, readOnly: true },
    ours: { ...money, label: ["Ours", "我方"], readOnly: true },
    theirs: { ...money, label: ["Theirs", "对方"], readOnly: true },
    since: {
      kind: "date",
      label: ["Since", "起始日"],
      help: ["When the payment was first seen, or the difference came back.", "款项首次出现或差异再现之日。"],
      readOnly: true,
    },
    ageDays: {
      kind: "integer",
      min: 0,
      max: 1_000_000,
      label: ["Business days", "工作日数"],
      readOnly: true,
      sortable: false,
      filterable: false,
    },
    age: {
      kind: "choice",
      label: ["Age", "账龄"],
      options: taskAges,
      optionLabels: taskAgeLabels,
      readOnly: true,
      sortable: false,
      filterable: true,
    },
    payment: {
      kind: "text",
      maxLength: 320,
      label: ["Payment", "款项"],
      help: [
        "The id of its deposit or withdrawal; 'line' and the channel's number where only the channel has it; 'balance' for what no payment explains.",
        "入金或出金的标识；仅渠道有的为 line 加渠道编号；balance 为无法归因的余额差。",
      ],
      readOnly: true,
    },
    depositId: { kind: "ref", to: "deposits", shape: "uuid", label: ["Deposit", "入金"], readOnly: true, ...link },
    withdrawalId: {
      ...{ kind: "ref", to: "withdrawals", shape: "uuid", label: ["Withdrawal", "出金"], readOnly: true },
      ...link,
    },
    lineId: {
      ...{ kind: "ref", to: "statement-lines", shape: "bigint", label: ["Statement line", "对账单行"], readOnly: true },
      ...link,
    },
    runId: {
      ...{ kind: "ref", to: "reconciliation-runs", shape: "uuid", label: ["Found by", "发现于"], readOnly: true },
      ...{ sortable: false, filterable: false },
    },
    claimedBy: { ...person, label: ["Claimed by", "认领人"], readOnly: true },
    claimedAt: { ...moment, label: ["Claimed", "认领时间"], readOnly: true },
    note: { kind: "text", maxLength: 500, label: ["Note", "说明"], nullable: true, readOnly: true },
    reason: {
      kind: "choice",
      label: ["Reason", "原因"],
      options: taskReasons,
      optionLabels: taskReasonLabels,
      nullable: true,
      readOnly: true,
      sortable: false,
    },
    mendedBy: {
      kind: "id",
      shape: "uuid",
      label: ["Mending transfers' group", "更正转账组"],
      nullable: true,
      readOnly: true,
      sortable: false,
    },
    resolvedBy: { ...person, label: ["Resolved by", "处理人"], readOnly: true },
    resolvedAt: { ...moment, label: ["Resolved", "处理时间"], readOnly: true },
    evenOn: { kind: "date", label: ["Matched on", "核平日期"], nullable: true, readOnly: true, sortable: false },
    reopened: {
      kind: "integer",
      min: 0,
      max: 1_000_000,
      label: ["Times reopened", "重开次数"],
      readOnly: true,
      sortable: false,
    },
    createdAt: { ...createdAt, label: ["First found", "首次发现"] },
    version,
  },
  operations: {
    list: ["admin", "finance"],
    read: ["admin", "finance"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: ["difference", "currency", "channel"],
  sort: ["since", "ASC"],
  list: ["state", "age", "channel", "foundIn", "difference", "currency", "since", "payment", "claimedBy"],
  filters: ["state", "age", "channel", "tenantId", "since_gte", "since_lte"],
  search: ["payment", "note"],
  shows: [
    { resource: "transfers", where: { groupId: "mendedBy" } },
    { resource: "deposits", where: { id: "depositId" } },
    { resource: "withdrawals", where: { id: "withdrawalId" } },
  ],
  queue: {
    label: ["To clear", "待处理差异"],
    where: { field: "state", in: ["open", "claimed"] },
    sort: ["since", "ASC"],
    list: ["foundIn", "age", "since", "claimedBy"],
  },
  version: "version",
  commands: {
    claim: {
      label: ["Claim", "认领"],
      consequence: ["It is yours; whoever had it has it no more.", "由您处理；原认领人不再负责。"],
      roles: ["admin", "finance"],
      input: {},
      key: "c",
      when: { field: "state", in: ["open", "claimed"] },
    },
    note: {
      label: ["Note", "备注"],
      consequence: ["Says how far it is. Nothing else changes.", "记录进展，其他不变。"],
      roles: ["admin", "finance"],
      input: { note },
      key: "n",
      when: { field: "state", in: ["open", "claimed", "resolved"] },
    },
    resolve: {
      label: ["Resolve", "处理完毕"],
      consequence: [
        "No money moves. It ends as long as the amounts stay; with others, or when it comes back, it is work again.",
        "不划转资金。金额不变则结束；金额变动或差异再现时将重新打开。",
      ],
      roles: ["admin", "finance"],
      input: {
        reason: {
          kind: "choice",
          label: ["Reason", "原因"],
          options: taskReasons,
          optionLabels: taskReasonLabels,
          required: true,
        },
        mendedBy: {
          kind: "id",
          shape: "uuid",
          label: ["Mending transfers' group", "更正转账组"],
          help: [
            "The group of the adjustment, reversal or other transfers that made up for it.",
            "更正该差异的调整、冲正或其他流水的转账组。",
          ],
          nullable: true,
          neededWhen: { field: "reason", in: ["mended"] },
        },
        note,
      },
      key: "r",
      when: { field: "state", in: ["open", "claimed"] },
    },
    reopen: {
      label: ["Reopen", "重新打开"],
      consequence: ["It is work again, and yours.", "重新打开并由您处理。"],
      roles: ["admin", "finance"],
      input: { note },
      when: { field: "state", in: ["resolved"] },
    },
  },
});
