import type { KnownRefusal } from "./back-office-refusals.ts";

/** Those of the risk table and its changes. */
export const riskRefusals: Readonly<Record<string, KnownRefusal>> = {
  LINE_EXISTS: {
    field: "scope",
    says: ["There is already a line for exactly this; change that one.", "已存在相同范围的限额，请直接修改。"],
  },
  LINE_EMPTY: { says: ["Sets nothing at all.", "未设置任何内容。"] },
  OWN_LIMIT: { field: "scope", says: ["Only the trader himself sets these.", "仅交易者本人可设。"] },
  FOUR_EYES_NEEDED: {
    status: 409,
    says: [
      "This loosens a limit by so much that a second person must approve it: propose it as a change.",
      "放宽幅度较大，须由第二人批准：请以变更方案提交。",
    ],
  },
  LINE_CHANGED_SINCE: {
    status: 409,
    says: [
      "The line was changed since it was drafted: take it out and set it anew.",
      "该行在起草后已被修改：请移除后重新设置。",
    ],
  },
  PERIOD_INVALID: {
    field: "toAt",
    says: ["Must be later than the beginning, by at most 93 days.", "须晚于起始时间，且最长 93 天。"],
  },
  NO_LINES: { status: 409, says: ["It changes nothing yet.", "尚无任何修改。"] },
  OWN_CHANGE: {
    status: 409,
    says: ["You wrote it; somebody else must decide.", "此变更由您起草，须由他人审批。"],
  },
  NOT_OWN_CHANGE: { status: 409, says: ["Only whoever wrote it may.", "仅起草人可操作。"] },
  UNKNOWN_LINE: { field: "lineId", says: ["This change has no such line.", "该变更没有此行。"] },
  UNKNOWN_SETTING: { field: "cleared", says: ["There is no such setting.", "没有此设置项。"] },
};
