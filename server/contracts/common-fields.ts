import { bookLabels, personStateLabels } from "./choices.ts";
import type { ChoiceField, IntegerField, Label, RefField, TextField, TimeField } from "./field.ts";
import { books, personStates } from "./names.ts";

/** Fields that many resources share, so that they are called the same everywhere. */

export const createdAt = { kind: "time", label: ["Created", "创建时间"], readOnly: true } as const satisfies TimeField;

export const updatedAt = { kind: "time", label: ["Changed", "修改时间"], readOnly: true } as const satisfies TimeField;

/** Counts the changes of a record; an update names the one it has seen. */
export const version = {
  kind: "integer",
  label: ["Version", "版本"],
  min: 1,
  max: 2_147_483_647,
  readOnly: true,
  sortable: false,
  filterable: false,
} as const satisfies IntegerField;

export const partner = {
  kind: "ref",
  to: "partners",
  shape: "integer",
  column: "tenant_id",
  label: ["Partner", "合作方"],
} as const satisfies RefField;

export const book = {
  kind: "choice",
  label: ["Book", "账簿"],
  options: books,
  optionLabels: bookLabels,
} as const satisfies ChoiceField;

export const personState = {
  kind: "choice",
  label: ["State", "状态"],
  options: personStates,
  optionLabels: personStateLabels,
} as const satisfies ChoiceField;

export const currency = {
  kind: "text",
  label: ["Currency", "币种"],
  maxLength: 8,
  pattern: "^[A-Z]{3,8}$",
} as const satisfies TextField;

const reasonHelp: Label = ["Kept in the audit log.", "将记入审计日志。"];

/** Why a command is given; every command that restricts somebody asks for it. */
export const reason = {
  kind: "text",
  label: ["Reason", "原因"],
  help: reasonHelp,
  maxLength: 500,
  multiline: true,
  required: true,
} as const satisfies TextField;
