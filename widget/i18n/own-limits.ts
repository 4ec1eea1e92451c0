import type { Locale } from "#contracts/names.ts";
import type { OwnLossAction } from "#contracts/own-names.ts";

/** What a refusal may name as being wrong. */
export type FaultyField =
  | "dailyLoss"
  | "maxLotsPerOrder"
  | "maxPositionLots"
  | "maxOrdersPerMinute"
  | "tradingWindows"
  | "allowed";

/** Words of the limits that a trader sets for himself, loaded with its form. */
export interface OwnLimitTexts {
  readonly title: string;
  readonly what: (hours: number) => string;
  readonly fields: Readonly<Record<FaultyField, string>>;
  readonly lossFrom: (zone: string) => string;
  readonly lossAction: string;
  readonly lossActions: Readonly<Record<OwnLossAction, string>>;
  readonly days: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly hoursIn: (zone: string) => string;
  readonly otherHours: (hours: string) => string;
  readonly onlyThese: (names: string) => string;
  readonly none: string;
  readonly save: string;
  readonly saved: string;
  readonly later: (time: string) => string;
  readonly laterLine: (field: string, is: string, will: string) => string;
  readonly keep: string;
  readonly wrong: (fields: string) => string;
  readonly tooOften: string;
  readonly failed: string;
  readonly again: string;
}

export const ownLimitTexts: Readonly<Record<Locale, OwnLimitTexts>> = {
  en: {
    title: "My limits",
    what: (hours) =>
      `You set these for yourself, for all your accounts. What is stricter holds at once; what is looser only after ${hours} hours. Your broker can't loosen them. Closing is always possible.`,
    fields: {
      dailyLoss: "Most loss a day",
      maxLotsPerOrder: "Most lots an order",
      maxPositionLots: "Most lots in a position",
      maxOrdersPerMinute: "Most orders a minute",
      tradingWindows: "Hours in which I open positions",
      allowed: "Instruments",
    },
    lossFrom: (zone) => `Counted from, ${zone}`,
    lossAction: "When it is reached",
    lossActions: {
      "reduce-only": "Only closing until the next day",
      "flatten-until-reset": "Close all, open nothing that day",
    },
    days: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    from: "From",
    to: "To",
    hoursIn: (zone) => `Time of ${zone}. No day: at any time.`,
    otherHours: (hours) => `Hours set elsewhere: ${hours}. Choose days to replace them.`,
    onlyThese: (names) => `Only these instruments: ${names}.`,
    none: "none",
    save: "Set my limits",
    saved: "Your limits are set.",
    later: (time) => `Looser from ${time}:`,
    laterLine: (field, is, will) => `${field}: ${is}, then ${will}`,
    keep: "Keep the stricter ones",
    wrong: (fields) => `Can't be set so: ${fields}.`,
    tooOften: "You have changed your limits too often today. Try again tomorrow.",
    failed: "No answer.",
    again: "Try again",
  },
  "zh-CN": {
    title: "我的限额",
    what: (hours) =>
      `由您本人设定，适用于您的所有账户。收紧立即生效，放宽须等待 ${hours} 小时。经纪商不能代为放宽。随时可以平仓。`,
    fields: {
      dailyLoss: "单日最大亏损",
      maxLotsPerOrder: "单笔最多手数",
      maxPositionLots: "单个持仓最多手数",
      maxOrdersPerMinute: "每分钟最多委托",
      tradingWindows: "允许开仓的时段",
      allowed: "合约",
    },
    lossFrom: (zone) => `起算时间（${zone}）`,
    lossAction: "达到后",
    lossActions: {
      "reduce-only": "次日前只可平仓",
      "flatten-until-reset": "全部平仓，当日不再开仓",
    },
    days: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
    from: "从",
    to: "至",
    hoursIn: (zone) => `按 ${zone} 时间。不选日期：不限时段。`,
    otherHours: (hours) => `已设时段：${hours}。选择日期即替换。`,
    onlyThese: (names) => `仅限合约：${names}。`,
    none: "不限",
    save: "设定我的限额",
    saved: "限额已设定。",
    later: (time) => `自 ${time} 起放宽：`,
    laterLine: (field, is, will) => `${field}：${is}，之后 ${will}`,
    keep: "保留较严的限额",
    wrong: (fields) => `无法这样设定：${fields}。`,
    tooOften: "今日修改次数过多，请明天再试。",
    failed: "没有响应。",
    again: "重试",
  },
};
