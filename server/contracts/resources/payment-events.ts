import { paymentChannelLabels } from "../choices.ts";
import { currency, partner } from "../common-fields.ts";
import { paymentEventSourceLabels, paymentStatusLabels } from "../deposit-choices.ts";
import { paymentChannels, paymentEventSources, paymentStatuses } from "../payment-names.ts";
import { defineResource } from "../resource.ts";

/** What channels said of payments, as received. Append-only; the same said again is the same row. */
export default defineResource({
  name: "payment-events",
  group: "money",
  label: ["Payment events", "支付事件"],
  one: ["Payment event", "支付事件"],
  source: "admin_payment_events",
  fields: {
    id: { kind: "id", shape: "bigint", label: ["Number", "编号"] },
    tenantId: partner,
    receivedAt: { kind: "time", label: ["Received", "接收时间"], sortable: false },
    channel: {
      kind: "choice",
      label: ["Channel", "渠道"],
      options: paymentChannels,
      optionLabels: paymentChannelLabels,
    },
    source: {
      kind: "choice",
      label: ["How we know", "来源"],
      options: paymentEventSources,
      optionLabels: paymentEventSourceLabels,
    },
    status: {
      kind: "choice",
      label: ["Status", "支付状态"],
      options: paymentStatuses,
      optionLabels: paymentStatusLabels,
    },
    amount: { kind: "money", currency: "currency", signed: false, label: ["Amount", "金额"] },
    takenBack: {
      kind: "money",
      currency: "currency",
      signed: false,
      label: ["Taken back", "已收回"],
      nullable: true,
      sortable: false,
    },
    currency,
    paymentNo: { kind: "text", maxLength: 140, label: ["Payment number", "渠道流水号"] },
    depositId: {
      kind: "ref",
      to: "deposits",
      shape: "uuid",
      label: ["Deposit", "入金"],
      sortable: false,
      filterable: true,
    },
    externalId: { kind: "text", maxLength: 400, label: ["Name of the fact", "事实标识"], sortable: false },
    body: {
      kind: "text",
      maxLength: 70_000,
      multiline: true,
      personal: true,
      label: ["As received", "原始内容"],
      sortable: false,
    },
  },
  operations: {
    list: ["admin", "finance", "support", "risk"],
    read: ["admin", "finance", "support", "risk"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "id",
  sort: ["id", "DESC"],
  list: ["id", "receivedAt", "channel", "source", "status", "amount", "takenBack", "paymentNo", "depositId"],
  filters: ["channel", "source", "status", "depositId", "tenantId"],
  search: ["paymentNo"],
  reveals: ["admin", "finance"],
});
