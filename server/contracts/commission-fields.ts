import {
  type ClawbackReason,
  type CommissionBasis,
  type CommissionModel,
  type CommissionSkip,
  clawbackReasons,
  commissionBases,
  commissionModels,
  commissionSkips,
  type PayoutState,
  payoutStates,
} from "./commission-names.ts";
import type { BooleanField, ChoiceField, DecimalField, Label, TextField, TextsField, TimeField } from "./field.ts";

/** Fields that the resources of agents' commissions share. */

const modelLabels: Readonly<Record<CommissionModel, Label>> = {
  ratio: ["Percent of the fee", "手续费比例"],
  difference: ["Difference of ranks", "级差"],
  "per-lot": ["Amount a lot", "每手金额"],
  "spread-share": ["Share of the spread", "点差分成"],
  chain: ["Handed up the chain", "逐级上交"],
  override: ["On top of the level below", "下级收益加成"],
};

const skipLabels: Readonly<Record<CommissionSkip, Label>> = {
  "no-agent": ["No agent at this level", "该级无代理"],
  "own-account": ["Own or linked account", "本人或关联账户"],
  "no-rate": ["No rate", "无比例"],
  "rank-not-above": ["Rank is not above those below", "级别不高于下级"],
  "below-one-unit": ["Less than the smallest unit", "不足最小单位"],
  "no-plan": ["No plan in force", "无生效方案"],
  demo: ["Demo", "模拟"],
  "liquidation-fee-only": ["Stop-out fee only", "仅有强平费"],
  "bonus-funded": ["Paid with a bonus", "由赠金支付"],
};

const payoutStateLabels: Readonly<Record<PayoutState, Label>> = {
  pending: ["Waiting for the next business day", "待次一营业日"],
  held: ["Held", "已暂扣"],
  payable: ["Released", "已放行"],
  paid: ["Settled", "已结清"],
};

const clawbackLabels: Readonly<Record<ClawbackReason, Label>> = {
  "busted-trade": ["Busted trade", "成交作废"],
  chargeback: ["Chargeback", "拒付"],
  "self-referral": ["Self-referral", "自我推荐"],
  correction: ["Correction", "更正"],
};

const basisLabels: Readonly<Record<CommissionBasis, Label>> = {
  fee: ["Fee charged", "实收手续费"],
  spread: ["Half of the spread", "半个点差"],
};

export const model = {
  kind: "choice",
  label: ["Model", "模式"],
  options: commissionModels,
  optionLabels: modelLabels,
} as const satisfies ChoiceField;

export const basisOf = {
  kind: "choice",
  label: ["Basis is", "计算基数"],
  options: commissionBases,
  optionLabels: basisLabels,
  sortable: false,
} as const satisfies ChoiceField;

export const skip = {
  kind: "choice",
  label: ["Why nothing", "无返佣原因"],
  options: commissionSkips,
  optionLabels: skipLabels,
  nullable: true,
} as const satisfies ChoiceField;

export const payoutState = {
  kind: "choice",
  label: ["State", "状态"],
  options: payoutStates,
  optionLabels: payoutStateLabels,
} as const satisfies ChoiceField;

export const clawbackReason = {
  kind: "choice",
  label: ["Reason", "原因"],
  options: clawbackReasons,
  optionLabels: clawbackLabels,
} as const satisfies ChoiceField;

const rate = { kind: "decimal", scale: 6, min: "0", sortable: false, filterable: false } as const;
const rateHelp: Label = [
  "Percent of the basis; for an amount a lot: major units of the fill's currency.",
  "基数的百分比；按手计算时为成交币种的金额。",
];

/** The three rates of a version, its exceptions and limits, as a person writes them. */
export const terms = {
  rate1: {
    ...rate,
    label: ["Level 1", "第一级"],
    help: rateHelp,
    required: true,
  },
  rate2: { ...rate, label: ["Level 2", "第二级"], nullable: true },
  rate3: { ...rate, label: ["Level 3", "第三级"], nullable: true },
  exceptions: {
    kind: "texts",
    label: ["Other rates", "例外比例"],
    help: [
      "One a line, by instrument or asset class: MES = 30, 20, 10 or metal = 25, 15. An instrument counts before its class.",
      "每行一条，按合约或品种：MES = 30, 20, 10 或 metal = 25, 15。合约优先于品种。",
    ],
    maxItems: 50,
    maxLength: 80,
  },
  cap: {
    ...rate,
    label: ["At most, a fill", "每笔上限"],
    help: [
      "All levels together, in major units of the fill's currency. Empty: no limit.",
      "各级合计，以成交币种计。留空：不限。",
    ],
    nullable: true,
  },
  isCappedAtFee: {
    kind: "boolean",
    label: ["Never more than the fee", "不超过手续费"],
    help: ["All levels together get at most the fee that was charged.", "各级合计不超过实收手续费。"],
    sortable: false,
  },
  effectiveFrom: {
    kind: "time",
    label: ["In force from", "生效时间"],
    help: ["Empty: from now on. Never in the past.", "留空：立即生效。不能早于当前时间。"],
    nullable: true,
  },
} as const satisfies Readonly<Record<string, DecimalField | TextsField | BooleanField | TimeField>>;

export const note = {
  kind: "text",
  label: ["Note", "说明"],
  help: ["Why; kept with it and in the audit log.", "原因；随记录及审计日志保存。"],
  maxLength: 500,
  multiline: true,
  required: true,
} as const satisfies TextField;

export const by = {
  kind: "text",
  label: ["By", "操作人"],
  maxLength: 200,
  readOnly: true,
  sortable: false,
} as const satisfies TextField;

export const planName = {
  kind: "text",
  label: ["Plan", "方案"],
  maxLength: 80,
  nullable: true,
  sortable: false,
} as const satisfies TextField;

export const planVersion = {
  kind: "integer",
  label: ["Version", "版本"],
  min: 1,
  max: 2_147_483_647,
  nullable: true,
  sortable: false,
} as const;
