import { dailySettlementLabels, markRuleLabels } from "./choices.ts";
import type { ChoiceField } from "./field.ts";
import { dailySettlements, markRules } from "./names.ts";

/** How an instrument is settled each day; its settlement marks repeat what was in force. */
export const settlementRule = {
  kind: "choice",
  label: ["Settlement price", "结算价取价"],
  help: ["Of each trade date, at its cut.", "每个交易日截止时确定。"],
  options: markRules,
  optionLabels: markRuleLabels,
  initial: "mid",
} as const satisfies ChoiceField;

export const dailySettlement = {
  kind: "choice",
  label: ["Daily settlement", "每日结算"],
  help: [
    "Cash: open positions pay or receive each day's difference, and cost the settlement price from then on.",
    "现金结算：持仓每日收付与结算价的差额，持仓成本随之改为结算价。",
  ],
  options: dailySettlements,
  optionLabels: dailySettlementLabels,
  initial: "none",
} as const satisfies ChoiceField;
