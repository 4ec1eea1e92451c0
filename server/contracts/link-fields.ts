import type { RefField, TextField, TimeField } from "./field.ts";
import { linkSignalLabels, linkStateLabels } from "./link-choices.ts";
import { linkSignals, linkStates } from "./link-names.ts";

/** Fields of a link that its decisions have too. */

const trader = { kind: "ref", to: "traders", shape: "uuid", readOnly: true } as const;

export const linkTraderA = {
  ...trader,
  column: "trader_a",
  label: ["First trader", "交易者一"],
} as const satisfies RefField;
export const linkTraderB = {
  ...trader,
  column: "trader_b",
  label: ["Second trader", "交易者二"],
} as const satisfies RefField;

export const linkState = {
  kind: "choice",
  label: ["State", "状态"],
  options: linkStates,
  optionLabels: linkStateLabels,
  readOnly: true,
} as const;

export const linkScore = {
  kind: "decimal",
  scale: 4,
  min: "0",
  label: ["Score", "评分"],
  help: [
    "How likely the two are one person, 0 to 1. From 0.8 on they are shown as one group; nothing follows from it until somebody confirms.",
    "两者为同一人的可能性，0 至 1。达到 0.8 时归入同一组；在确认之前不产生任何后果。",
  ],
  readOnly: true,
} as const;

export const linkEvidence = {
  kind: "json",
  schema: "link-evidence",
  label: ["Evidence", "依据"],
  readOnly: true,
} as const;

export const linkStrongest = {
  kind: "choice",
  label: ["Strongest sign", "最强依据"],
  options: linkSignals,
  optionLabels: linkSignalLabels,
  nullable: true,
  readOnly: true,
} as const;

export const linkReason = {
  kind: "text",
  maxLength: 500,
  label: ["Why", "理由"],
  readOnly: true,
} as const satisfies TextField;
export const linkDecidedBy = {
  kind: "text",
  maxLength: 200,
  label: ["Decided by", "决定人"],
  readOnly: true,
} as const satisfies TextField;
export const linkDecidedAt = {
  kind: "time",
  label: ["Decided", "决定时间"],
  readOnly: true,
} as const satisfies TimeField;

export const weightsVersionField = {
  kind: "integer",
  min: 1,
  max: 32_767,
  label: ["Weights", "权重版本"],
  help: ["Number of the table of weights that the score was made by.", "计算评分所用权重表的编号。"],
  readOnly: true,
  sortable: false,
} as const;
