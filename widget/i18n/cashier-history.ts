import type { Locale } from "#contracts/names.ts";

/** Words over and under a list of past deposits or withdrawals. */
export interface HistoryTexts {
  readonly state: string;
  readonly every: string;
  readonly more: string;
}

export const historyTexts: Readonly<Record<Locale, HistoryTexts>> = {
  en: { state: "State", every: "All", more: "Earlier ones" },
  "zh-CN": { state: "状态", every: "全部", more: "更早的记录" },
};
