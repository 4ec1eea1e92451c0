import { createdAt, partner, updatedAt, version } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

const percent = { kind: "integer", min: 1, max: 1_000 } as const;

/** Traders who stand on the same margin ladder. Margin level = equity / margin required; each step is at most the one before. */
export default defineResource({
  name: "trader-groups",
  group: "traders",
  label: ["Trader groups", "交易者组"],
  one: ["Trader group", "交易者组"],
  source: "admin_trader_groups",
  table: "trader_groups",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: {
      ...partner,
      help: ["Empty: for traders of every partner.", "留空：适用于所有合作方的交易者。"],
      nullable: true,
      createOnly: true,
    },
    name: { kind: "text", label: ["Name", "名称"], maxLength: 80, required: true },
    isDefault: {
      kind: "boolean",
      label: ["Default", "默认组"],
      help: ["Traders without a group belong to it.", "未分组的交易者归入此组。"],
      readOnly: true,
    },
    marginCallPercent: {
      ...percent,
      label: ["Margin call below, %", "追加保证金线（%）"],
      help: ["The trader is told.", "通知交易者。"],
      initial: 100,
      required: true,
    },
    reduceOnlyPercent: {
      ...percent,
      label: ["Reduce-only below, %", "只减仓线（%）"],
      help: ["Orders that open are refused.", "拒绝开仓委托。"],
      initial: 80,
      required: true,
    },
    stopOutPercent: {
      ...percent,
      label: ["Stop-out below, %", "强制平仓线（%）"],
      help: [
        "Waiting orders are cancelled, then positions closed, the largest loss first, until the level is back. ESMA asks for at least 50 for retail clients.",
        "先撤销挂单，再从亏损最大的持仓开始平仓，直至恢复。ESMA 要求零售客户不低于 50。",
      ],
      initial: 50,
      required: true,
    },
    liquidationFeeMinor: {
      kind: "lots",
      min: "0",
      label: ["Stop-out fee, cents", "强平费用（分）"],
      help: [
        "In the account currency's smallest unit, once for each position closed whatever its size, and only as far as there is money.",
        "以账户货币的最小单位计，每个被平持仓收取一次，与手数无关，且不超过可用资金。",
      ],
      initial: "0",
    },
    createdAt,
    updatedAt,
    version,
  },
  operations: {
    list: ["admin", "risk", "support"],
    read: ["admin", "risk", "support"],
    create: ["admin", "risk"],
    update: ["admin", "risk"],
    export: ["admin", "risk", "support"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "name",
  sort: ["name", "ASC"],
  list: ["name", "tenantId", "marginCallPercent", "reduceOnlyPercent", "stopOutPercent", "isDefault"],
  filters: ["tenantId"],
  search: ["name"],
  version: "version",
  constraints: {
    trader_groups_name_once: { field: "name", says: ["There is a group of this name.", "已有同名的组。"] },
    trader_groups_ladder_ordered: {
      field: "stopOutPercent",
      says: [
        "Each step must be at most the one before: margin call, reduce-only, stop-out.",
        "各级比例须依次不高于前一级：追加保证金、只减仓、强制平仓。",
      ],
    },
  },
});
