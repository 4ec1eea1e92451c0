import type { ChoiceField, Label } from "./field.ts";
import {
  type BreachState,
  breachStates,
  type LossAction,
  type LossSlot,
  lossActions,
  lossSlots,
} from "./loss-names.ts";

/** Fields that tell of loss limits. */

const slotLabels: Readonly<Record<LossSlot, Label>> = {
  "own-daily-loss": ["Daily loss, his own limit", "日亏损（本人设定）"],
  "daily-loss": ["Daily loss", "日亏损"],
  "daily-loss-alert": ["Daily loss, alert", "日亏损预警"],
  "weekly-loss": ["Weekly loss", "周亏损"],
  "weekly-loss-alert": ["Weekly loss, alert", "周亏损预警"],
  "trailing-drawdown": ["Drawdown", "最大回撤"],
  "daily-profit": ["Daily profit", "日盈利目标"],
  "weekly-profit": ["Weekly profit", "周盈利目标"],
};

const actionLabels: Readonly<Record<LossAction, Label>> = {
  alert: ["Alert only", "仅预警"],
  "reduce-only": ["Only closing", "只可平仓"],
  "flatten-until-reset": ["Closed, locked until the reset", "平仓并锁定至重置"],
  "flatten-until-lifted": ["Closed, locked until lifted", "平仓并锁定至解除"],
};

const stateLabels: Readonly<Record<BreachState, Label>> = {
  "until-reset": ["Until the reset", "至下次重置"],
  "until-lifted": ["Until lifted", "待解除"],
  over: ["Over", "已结束"],
  lifted: ["Lifted", "已解除"],
};

export const lossSlot = {
  kind: "choice",
  label: ["Limit", "限制"],
  options: lossSlots,
  optionLabels: slotLabels,
} as const satisfies ChoiceField;

export const lossAction = {
  kind: "choice",
  label: ["What it did", "处置"],
  options: lossActions,
  optionLabels: actionLabels,
} as const satisfies ChoiceField;

export const breachState = {
  kind: "choice",
  label: ["State", "状态"],
  options: breachStates,
  optionLabels: stateLabels,
} as const satisfies ChoiceField;
