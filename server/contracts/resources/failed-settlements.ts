import { orderStateLabels } from "../choices.ts";
import { partner } from "../common-fields.ts";
import { orderStates } from "../names.ts";
import { defineResource } from "../resource.ts";

/** Orders whose settlement threw. Each is a fault to be looked into; the last try ends the order rejected, its money released. */
export default defineResource({
  name: "failed-settlements",
  group: "desk",
  label: ["Failed settlements", "结算失败"],
  one: ["Failed settlement", "结算失败"],
  source: "admin_failed_settlements",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"] },
    orderId: { kind: "ref", to: "orders", shape: "uuid", column: "id", label: ["Order", "委托"] },
    tenantId: partner,
    traderId: { kind: "ref", to: "traders", shape: "uuid", label: ["Trader", "交易者"] },
    accountId: { kind: "ref", to: "accounts", shape: "uuid", label: ["Account", "交易账户"] },
    instrumentId: { kind: "ref", to: "instruments", shape: "text", label: ["Instrument", "合约"] },
    orderState: {
      kind: "choice",
      label: ["Order is", "委托状态"],
      options: orderStates,
      optionLabels: orderStateLabels,
    },
    dueAt: { kind: "time", label: ["Due since", "待结算起"], nullable: true, sortable: false },
    tries: { kind: "integer", label: ["Tries", "尝试次数"], min: 1, max: 2_147_483_647, sortable: false },
    firstFailedAt: { kind: "time", label: ["First failed", "首次失败"], sortable: false },
    lastFailedAt: { kind: "time", label: ["Last failed", "最近失败"] },
    lastError: {
      kind: "text",
      label: ["What it said", "错误信息"],
      maxLength: 2_000,
      multiline: true,
      sortable: false,
    },
  },
  operations: {
    list: ["admin", "risk", "support"],
    read: ["admin", "risk", "support"],
    export: ["admin", "risk"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "id",
  sort: ["lastFailedAt", "DESC"],
  list: ["lastFailedAt", "orderId", "instrumentId", "orderState", "tries", "lastError", "accountId"],
  filters: ["orderState", "instrumentId", "accountId", "tenantId"],
  shows: [{ resource: "orders", where: { id: "id" } }],
  commands: {
    "settle-again": {
      label: ["Settle again", "重新结算"],
      consequence: [
        "The order goes to a worker once more. Filled, or rejected and its money released, it has then ended.",
        "该委托将再次送往结算进程：成交，或被拒绝并释放资金，之后即告终结。",
      ],
      roles: ["admin", "risk"],
      input: {},
      when: { field: "orderState", in: ["accepted", "working"] },
    },
  },
});
