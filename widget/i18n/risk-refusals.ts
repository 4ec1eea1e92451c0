import type { Locale } from "#contracts/names.ts";
import type { RiskRefusalCode } from "#contracts/order-names.ts";
import { moment } from "../format/time.ts";
import type { RefusalFacts } from "./texts.ts";

/** Refusals by the risk table, and what binds a trader's largest order. */
export interface RiskTexts {
  readonly refusals: Readonly<Record<RiskRefusalCode, (facts: RefusalFacts) => string>>;
  readonly bounds: Readonly<Record<RiskRefusalCode, string>>;
}

const by = (setBy: string | null): string => (setBy === null ? "" : ` (set by ${setBy})`);
const byZh = (setBy: string | null): string => (setBy === null ? "" : `（由${setBy}设定）`);

/** The server tells an instant; whatever else it may tell one day stands as it is. */
const whenOf = (value: string, locale: Locale): string =>
  Number.isNaN(Date.parse(value)) ? value : moment(value, locale);

type Told = (value: string, limit: string, setBy: string) => string;

/** A sentence with figures where there are figures, else the bare one; behind it that they are of several accounts, where they are. */
const told =
  (bare: string, full: Told, setter: (setBy: string | null) => string, ofAll: string) =>
  ({ value, limit, setBy, together }: RefusalFacts): string =>
    (value === null || limit === null ? bare : full(value, limit, setter(setBy))) + (together ? ofAll : "");

const en = (bare: string, full: Told) => told(bare, full, by, " Your accounts count together.");
const zh = (bare: string, full: Told) => told(bare, full, byZh, "您的账户合并计算。");

const english: RiskTexts = {
  refusals: {
    SELF_EXCLUDED: ({ value }) =>
      value === null
        ? "you have excluded yourself from trading."
        : `you have excluded yourself until ${whenOf(value, "en")}.`,
    TIME_WINDOW: en(
      "positions may not be opened now.",
      (value, limit, setBy) => `positions may be opened ${limit}; it is ${value} there${setBy}.`,
    ),
    INSTRUMENT_NOT_ALLOWED: ({ instrument, setBy }) => `${instrument} is not among what you may trade${by(setBy)}.`,
    STOP_LOSS_MISSING: ({ setBy }) => `an order that opens must carry a stop loss${by(setBy)}.`,
    REPEATED_ORDER: en(
      "the same order was given just now.",
      (value, limit, setBy) => `the same order was given ${value} s ago; wait ${limit} s before repeating it${setBy}.`,
    ),
    TOO_MANY_ORDERS: en(
      "too many orders in a minute.",
      (_value, limit, setBy) => `orders a minute: ${limit} at most${setBy}.`,
    ),
    HELD_TOO_SHORT: en(
      "the last position was closed too soon; wait a little.",
      (value, limit, setBy) =>
        `the last position was held ${value} s; after one held under ${limit} s opening waits for that time${setBy}.`,
    ),
    CLASS_LIMIT: en(
      "your limit for this class is reached.",
      (value, limit, setBy) => `this would make ${value} lots in this class; your limit is ${limit}${setBy}.`,
    ),
    OVERALL_LIMIT: en(
      "your limit for all positions is reached.",
      (value, limit, setBy) => `this would make ${value} lots in all; your limit is ${limit}${setBy}.`,
    ),
    EXPOSURE_LIMIT: en(
      "your exposure limit is reached.",
      (value, limit, setBy) => `your positions would be worth ${value}; your limit is ${limit}${setBy}.`,
    ),
    DAILY_LOSS: en(
      "your daily loss limit is reached; closing is always possible.",
      (value, limit, setBy) =>
        `you have lost ${value} since the last reset; your daily limit is ${limit}${setBy}. Closing is always possible.`,
    ),
    WEEKLY_LOSS: en(
      "your weekly loss limit is reached; closing is always possible.",
      (value, limit, setBy) =>
        `you have lost ${value} this week; your weekly limit is ${limit}${setBy}. Closing is always possible.`,
    ),
    TRAILING_DRAWDOWN: en(
      "your drawdown limit is reached; closing is always possible.",
      (value, limit, setBy) =>
        `you are ${value} below your high; your limit is ${limit}${setBy}. Closing is always possible.`,
    ),
    PROFIT_REACHED: en(
      "your profit target is reached; trading pauses until the next reset.",
      (value, limit, setBy) => `you have made ${value}; trading pauses at ${limit} until the next reset${setBy}.`,
    ),
    MARGIN_LIMIT: en(
      "your margin limit is reached.",
      (value, limit, setBy) => `the margin would be ${value}; your limit is ${limit}${setBy}.`,
    ),
    PARTNER_LIMIT: () => "your broker takes no more positions on this side for now.",
    HOUSE_LIMIT: () => "the house takes no more positions on this side for now.",
  },
  bounds: {
    SELF_EXCLUDED: "your own exclusion",
    TIME_WINDOW: "trading hours",
    INSTRUMENT_NOT_ALLOWED: "the instruments allowed",
    STOP_LOSS_MISSING: "the stop loss that is needed",
    REPEATED_ORDER: "the repeated order",
    TOO_MANY_ORDERS: "the orders a minute",
    HELD_TOO_SHORT: "the time positions are held",
    CLASS_LIMIT: "the limit of the class",
    OVERALL_LIMIT: "the limit of all positions",
    EXPOSURE_LIMIT: "the exposure limit",
    DAILY_LOSS: "daily loss",
    WEEKLY_LOSS: "weekly loss",
    TRAILING_DRAWDOWN: "the drawdown limit",
    PROFIT_REACHED: "the profit target",
    MARGIN_LIMIT: "the margin limit",
    PARTNER_LIMIT: "the broker's cap",
    HOUSE_LIMIT: "the house's cap",
  },
};

const chinese: RiskTexts = {
  refusals: {
    SELF_EXCLUDED: ({ value }) =>
      value === null ? "您已自我禁止交易。" : `您已自我禁止交易至 ${whenOf(value, "zh-CN")}。`,
    TIME_WINDOW: zh(
      "当前时段不可开仓。",
      (value, limit, setBy) => `可开仓时段为 ${limit}，当地现为 ${value}${setBy}。`,
    ),
    INSTRUMENT_NOT_ALLOWED: ({ instrument, setBy }) => `${instrument} 不在您可交易的范围内${byZh(setBy)}。`,
    STOP_LOSS_MISSING: ({ setBy }) => `开仓委托必须附带止损${byZh(setBy)}。`,
    REPEATED_ORDER: zh(
      "刚刚已提交过相同委托。",
      (value, limit, setBy) => `${value} 秒前已提交相同委托，须间隔 ${limit} 秒才可重复${setBy}。`,
    ),
    TOO_MANY_ORDERS: zh("一分钟内委托过多。", (_value, limit, setBy) => `每分钟最多 ${limit} 笔委托${setBy}。`),
    HELD_TOO_SHORT: zh(
      "上一持仓平仓过快，请稍候。",
      (value, limit, setBy) => `上一持仓仅持有 ${value} 秒；不足 ${limit} 秒平仓的，须满该时间后方可再开仓${setBy}。`,
    ),
    CLASS_LIMIT: zh(
      "该类别已达上限。",
      (value, limit, setBy) => `成交后该类别将为 ${value} 手，您的上限是 ${limit} 手${setBy}。`,
    ),
    OVERALL_LIMIT: zh(
      "总持仓已达上限。",
      (value, limit, setBy) => `成交后总持仓将为 ${value} 手，您的上限是 ${limit} 手${setBy}。`,
    ),
    EXPOSURE_LIMIT: zh(
      "敞口已达上限。",
      (value, limit, setBy) => `持仓价值将为 ${value}，您的上限是 ${limit}${setBy}。`,
    ),
    DAILY_LOSS: zh(
      "已达日亏损上限，仍可平仓。",
      (value, limit, setBy) => `自上次重置已亏损 ${value}，日上限为 ${limit}${setBy}。仍可平仓。`,
    ),
    WEEKLY_LOSS: zh(
      "已达周亏损上限，仍可平仓。",
      (value, limit, setBy) => `本周已亏损 ${value}，周上限为 ${limit}${setBy}。仍可平仓。`,
    ),
    TRAILING_DRAWDOWN: zh(
      "已达回撤上限，仍可平仓。",
      (value, limit, setBy) => `较最高点回撤 ${value}，上限为 ${limit}${setBy}。仍可平仓。`,
    ),
    PROFIT_REACHED: zh(
      "已达盈利目标，至下次重置前暂停交易。",
      (value, limit, setBy) => `已盈利 ${value}，达到 ${limit} 后暂停交易至下次重置${setBy}。`,
    ),
    MARGIN_LIMIT: zh(
      "占用保证金已达上限。",
      (value, limit, setBy) => `占用保证金将为 ${value}，您的上限是 ${limit}${setBy}。`,
    ),
    PARTNER_LIMIT: () => "您的经纪商暂不接受该方向的更多持仓。",
    HOUSE_LIMIT: () => "平台暂不接受该方向的更多持仓。",
  },
  bounds: {
    SELF_EXCLUDED: "自我禁止交易",
    TIME_WINDOW: "允许的交易时段",
    INSTRUMENT_NOT_ALLOWED: "可交易的合约",
    STOP_LOSS_MISSING: "须附带的止损",
    REPEATED_ORDER: "重复委托",
    TOO_MANY_ORDERS: "每分钟委托数",
    HELD_TOO_SHORT: "最短持仓时间",
    CLASS_LIMIT: "类别上限",
    OVERALL_LIMIT: "总持仓上限",
    EXPOSURE_LIMIT: "敞口上限",
    DAILY_LOSS: "日亏损上限",
    WEEKLY_LOSS: "周亏损上限",
    TRAILING_DRAWDOWN: "回撤上限",
    PROFIT_REACHED: "盈利目标",
    MARGIN_LIMIT: "保证金上限",
    PARTNER_LIMIT: "经纪商上限",
    HOUSE_LIMIT: "平台上限",
  },
};

export const riskRefusals: Readonly<Record<Locale, RiskTexts>> = { en: english, "zh-CN": chinese };
