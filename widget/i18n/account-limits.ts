import type { LossAction, LossSlot } from "#contracts/loss-names.ts";
import type { Locale } from "#contracts/names.ts";

/** For how many days a trader may exclude himself, as he is asked. */
export const exclusionDays = [1, 7, 30, 91, 182, 365, 1_825] as const;
export type ExclusionDays = (typeof exclusionDays)[number];

/** Words of an account's limits, loaded with its page. Sentences end without a clock of their own: the time is written by the caller. */
export interface LimitTexts {
  readonly title: string;
  readonly slots: Readonly<Record<LossSlot, string>>;
  readonly did: Readonly<Record<LossAction, string>>;
  readonly until: (time: string) => string;
  readonly untilLifted: string;
  readonly together: string;
  readonly own: string;
  readonly what: string;
  readonly period: string;
  readonly periods: Readonly<Record<ExclusionDays, string>>;
  readonly exclude: string;
  readonly sure: (time: string) => string;
  readonly yes: string;
  readonly no: string;
  readonly excluded: (time: string) => string;
  readonly onlyLonger: string;
  readonly failed: string;
}

export const limitTexts: Readonly<Record<Locale, LimitTexts>> = {
  en: {
    title: "Limits reached",
    slots: {
      "own-daily-loss": "Your own daily loss limit",
      "daily-loss": "Daily loss",
      "daily-loss-alert": "Daily loss, warning",
      "weekly-loss": "Weekly loss",
      "weekly-loss-alert": "Weekly loss, warning",
      "trailing-drawdown": "Drawdown",
      "daily-profit": "Daily profit target",
      "weekly-profit": "Weekly profit target",
    },
    did: {
      alert: "you may go on trading",
      "reduce-only": "you may only close",
      "flatten-until-reset": "positions were closed, nothing may be opened",
      "flatten-until-lifted": "positions were closed, nothing may be opened",
    },
    until: (time) => `until ${time}`,
    untilLifted: "until your broker lifts it",
    together: "Your accounts count together.",
    own: "Take a break from trading",
    what: "Nothing can be opened on any of your accounts for the time you choose. You can still close positions. Nobody can end it sooner, nor can your broker.",
    period: "For how long",
    periods: {
      1: "A day",
      7: "A week",
      30: "30 days",
      91: "Three months",
      182: "Six months",
      365: "A year",
      1825: "Five years",
    },
    exclude: "Exclude me",
    sure: (time) => `You will not be able to open positions until ${time}. This can't be undone. Are you sure?`,
    yes: "Yes, exclude me",
    no: "No",
    excluded: (time) => `You have excluded yourself until ${time}. You can make it longer, not shorter.`,
    onlyLonger: "You have excluded yourself for longer than that.",
    failed: "No answer. Try again.",
  },
  "zh-CN": {
    title: "已触发的限制",
    slots: {
      "own-daily-loss": "您自设的日亏损上限",
      "daily-loss": "日亏损",
      "daily-loss-alert": "日亏损预警",
      "weekly-loss": "周亏损",
      "weekly-loss-alert": "周亏损预警",
      "trailing-drawdown": "最大回撤",
      "daily-profit": "日盈利目标",
      "weekly-profit": "周盈利目标",
    },
    did: {
      alert: "可以继续交易",
      "reduce-only": "只可平仓",
      "flatten-until-reset": "持仓已平，不可开仓",
      "flatten-until-lifted": "持仓已平，不可开仓",
    },
    until: (time) => `至 ${time}`,
    untilLifted: "直至经纪商解除",
    together: "您的账户合并计算。",
    own: "暂停交易",
    what: "在您选择的期限内，您的所有账户均不可开仓，仍可平仓。任何人（包括经纪商）都不能提前解除。",
    period: "期限",
    periods: {
      1: "一天",
      7: "一周",
      30: "30 天",
      91: "三个月",
      182: "六个月",
      365: "一年",
      1825: "五年",
    },
    exclude: "禁止我交易",
    sure: (time) => `在 ${time} 之前您将不能开仓，且无法撤销。确定吗？`,
    yes: "确定禁止",
    no: "取消",
    excluded: (time) => `您已自我禁止交易至 ${time}。只可延长，不可缩短。`,
    onlyLonger: "您已设定更长的期限。",
    failed: "没有响应，请重试。",
  },
};
