import { bookLabels, orderTypeLabels, sideLabels } from "../choices.ts";
import { partner } from "../common-fields.ts";
import { books, orderTypes, sides } from "../names.ts";
import { orderRefusalCodes } from "../order-names.ts";
import { defineResource } from "../resource.ts";
import { refusalLabels, riskAboutLabels, riskOutcomeLabels } from "../risk-choices.ts";
import { riskDecisionAbouts, riskDecisionOutcomes } from "../risk-names.ts";

/** Every decision about an order that a trader gave or changed, with all the checks that were made. Never changed. */
export default defineResource({
  name: "risk-decisions",
  group: "risk",
  label: ["Order decisions", "委托裁定"],
  one: ["Order decision", "委托裁定"],
  source: "admin_risk_decisions",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"] },
    decidedAt: { kind: "time", label: ["Decided", "裁定时间"] },
    tenantId: partner,
    traderId: { kind: "ref", to: "traders", shape: "uuid", label: ["Trader", "交易者"] },
    accountId: { kind: "ref", to: "accounts", shape: "uuid", label: ["Account", "交易账户"] },
    book: { kind: "choice", label: ["Book", "账簿"], options: books, optionLabels: bookLabels },
    instrumentId: { kind: "ref", to: "instruments", shape: "text", label: ["Instrument", "合约"] },
    side: { kind: "choice", label: ["Side", "方向"], options: sides, optionLabels: sideLabels },
    type: { kind: "choice", label: ["Type", "类型"], options: orderTypes, optionLabels: orderTypeLabels },
    lots: { kind: "lots", label: ["Lots", "手数"] },
    about: {
      kind: "choice",
      label: ["About", "事项"],
      options: riskDecisionAbouts,
      optionLabels: riskAboutLabels,
    },
    outcome: {
      kind: "choice",
      label: ["Decision", "裁定"],
      options: riskDecisionOutcomes,
      optionLabels: riskOutcomeLabels,
    },
    code: {
      kind: "choice",
      label: ["Refused for", "拒绝原因"],
      options: orderRefusalCodes,
      optionLabels: refusalLabels,
      nullable: true,
    },
    checks: { kind: "json", schema: "order-checks", label: ["Checks", "检查"] },
    clientOrderId: { kind: "text", maxLength: 64, label: ["Client order id", "客户委托号"] },
    orderId: { kind: "ref", to: "orders", shape: "uuid", label: ["Order", "委托"], nullable: true },
  },
  operations: { list: ["admin", "risk", "support"], read: ["admin", "risk", "support"], export: ["admin", "risk"] },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: ["instrumentId", "outcome"],
  sort: ["decidedAt", "DESC"],
  list: ["decidedAt", "traderId", "instrumentId", "side", "lots", "about", "outcome", "code"],
  filters: [
    "about",
    "outcome",
    "code",
    "instrumentId",
    "traderId",
    "accountId",
    "tenantId",
    "decidedAt_gte",
    "decidedAt_lte",
  ],
});
