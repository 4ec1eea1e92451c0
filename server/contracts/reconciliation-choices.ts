import type { Label } from "./field.ts";
import type { FoundIn, RunProblem, RunState, TaskAge, TaskReason, TaskState } from "./reconciliation-names.ts";

type LabelsOf<Name extends string> = Readonly<Record<Name, Label>>;

export const foundInLabels: LabelsOf<FoundIn> = {
  matched: ["Matched", "相符"],
  differs: ["Two amounts", "金额不符"],
  "only-ours": ["Only ours", "仅我方"],
  "only-theirs": ["Only theirs", "仅对方"],
};

export const runStateLabels: LabelsOf<RunState> = {
  asked: ["Waiting", "排队中"],
  done: ["Done", "已完成"],
  incomplete: ["Incomplete", "未完成"],
};

export const runProblemLabels: LabelsOf<RunProblem> = {
  NO_ANSWER: ["The channel does not answer", "渠道无响应"],
  NOT_SET_UP: ["The channel is not in the settings", "渠道未配置"],
  TOO_MUCH: ["More than is read at once; take fewer days", "数据量过大，请缩短日期"],
  UNREADABLE: ["An amount or currency the house does not count in", "含无法识别的金额或币种"],
  FAILED: ["It failed; the server's log says why", "执行失败，详见服务器日志"],
};

export const taskStateLabels: LabelsOf<TaskState> = {
  open: ["Open", "待处理"],
  claimed: ["Claimed", "处理中"],
  resolved: ["Resolved", "已处理"],
  matched: ["Matched by itself", "自动核平"],
};

export const taskReasonLabels: LabelsOf<TaskReason> = {
  mended: ["Mended by transfers", "已由流水更正"],
  "channel-fee": ["Fee of the channel", "渠道手续费"],
  "house-money": ["The house's own money", "平台自有资金"],
  "channel-error": ["Error of the channel", "渠道差错"],
  "written-off": ["Written off", "核销"],
};

export const taskAgeLabels: LabelsOf<TaskAge> = {
  "0-1": ["0–1 business days", "0–1 个工作日"],
  "2-3": ["2–3 business days", "2–3 个工作日"],
  "4-7": ["4–7 business days", "4–7 个工作日"],
  "over-7": ["Over 7 business days", "超过 7 个工作日"],
};
