import { paymentChannelLabels } from "../choices.ts";
import { currency, partner } from "../common-fields.ts";
import { paymentChannels } from "../payment-names.ts";
import { foundInLabels } from "../reconciliation-choices.ts";
import { foundInNames } from "../reconciliation-names.ts";
import { defineResource } from "../resource.ts";

const money = { kind: "money", currency: "currency", signed: true, sortable: false, filterable: false } as const;
const link = { nullable: true, sortable: false, filterable: false } as const;

/** The lists of each reconciliation: shown with it. */
export default defineResource({
  name: "reconciliation-items",
  group: "money",
  label: ["Compared payments", "对账明细"],
  one: ["Compared payment", "对账明细"],
  source: "admin_reconciliation_items",
  fields: {
    id: { kind: "id", shape: "bigint", label: ["Id", "标识"] },
    runId: { kind: "ref", to: "reconciliation-runs", shape: "uuid", label: ["Reconciliation", "对账"] },
    tenantId: partner,
    channel: {
      kind: "choice",
      label: ["Channel", "渠道"],
      options: paymentChannels,
      optionLabels: paymentChannelLabels,
    },
    foundIn: { kind: "choice", label: ["List", "列表"], options: foundInNames, optionLabels: foundInLabels },
    payment: {
      kind: "text",
      maxLength: 320,
      label: ["Payment", "款项"],
      help: [
        "The id of its deposit or withdrawal; 'line' and the channel's number where only the channel has it.",
        "入金或出金的标识；仅渠道有的为 line 加渠道编号。",
      ],
    },
    ours: { ...money, label: ["Ours", "我方"] },
    theirs: { ...money, label: ["Theirs", "对方"] },
    difference: { ...money, label: ["Difference", "差额"], help: ["Theirs less ours.", "对方减我方。"] },
    currency: { ...currency, sortable: false },
    since: { kind: "date", label: ["Since", "起始日"] },
    taskId: { kind: "ref", to: "reconciliation-tasks", shape: "uuid", label: ["Task", "任务"], ...link },
    depositId: { kind: "ref", to: "deposits", shape: "uuid", label: ["Deposit", "入金"], ...link },
    withdrawalId: { kind: "ref", to: "withdrawals", shape: "uuid", label: ["Withdrawal", "出金"], ...link },
    lineId: { kind: "ref", to: "statement-lines", shape: "bigint", label: ["Statement line", "对账单行"], ...link },
  },
  operations: {
    list: ["admin", "finance"],
    read: ["admin", "finance"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "payment",
  sort: ["id", "ASC"],
  list: ["foundIn", "difference", "ours", "theirs", "currency", "since", "taskId", "payment"],
  filters: ["foundIn", "channel", "runId", "tenantId"],
});
