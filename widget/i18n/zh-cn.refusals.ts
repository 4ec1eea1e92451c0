import type { RefusalTexts } from "./texts.ts";

const by = (setBy: string | null): string => (setBy === null ? "" : `（由${setBy}设定）`);

/** 订单被拒绝的原因：用平实的话，并写出所比较的数字。 */
export const refusals: RefusalTexts = {
  UNKNOWN_ACCOUNT: () => "该账户不属于您或已不存在。",
  UNKNOWN_INSTRUMENT: ({ instrument }) => `此处不交易 ${instrument}。`,
  MARKET_CLOSED: ({ instrument, nextOpen }) =>
    nextOpen === null ? `${instrument} 已休市。` : `${instrument} 已休市，${nextOpen} 开市。`,
  TRADING_HALTED: ({ value }) => (value === null ? "经纪商已暂停交易。" : `交易已暂停：${value}。`),
  INSTRUMENT_HALTED: ({ instrument }) => `${instrument} 已暂停交易。`,
  QUOTE_STALE: ({ value, limit }) =>
    value === null || limit === null
      ? "报价已过期，请等待下一笔报价。"
      : `报价已过去 ${value}，有效期为 ${limit}，请等待下一笔报价。`,
  CLOSE_ONLY: ({ instrument }) => `${instrument} 目前只允许平仓。`,
  LONG_ONLY: ({ instrument }) => `${instrument} 目前只允许做多。`,
  SHORT_ONLY: ({ instrument }) => `${instrument} 目前只允许做空。`,
  REDUCE_ONLY: ({ value, limit }) =>
    value === null || limit === null
      ? "保证金水平过低，只接受减仓订单。"
      : `您的保证金水平为 ${value}%，低于 ${limit}%，只接受减仓订单。`,
  ACCOUNT_DISABLED: () => "该账户已停用，请联系您的经纪商。",
  LOTS_STEP: ({ limit }) => (limit === null ? "手数必须为整数步长。" : `手数必须为 ${limit} 的整数倍。`),
  LOTS_MIN: ({ limit }) => (limit === null ? "手数过少。" : `每笔订单最少 ${limit} 手。`),
  LOTS_MAX_ORDER: ({ value, limit, setBy }) =>
    limit === null ? "单笔手数过多。" : `单笔 ${value ?? "过多"} 手，您的上限是 ${limit} 手${by(setBy)}。`,
  NO_POSITION: ({ instrument }) => `${instrument} 没有可平的持仓。`,
  EXCEEDS_POSITION: ({ value, limit }) =>
    limit === null ? "平仓手数超过持仓。" : `要平 ${value ?? "更多"} 手，持仓只有 ${limit} 手。`,
  PRICE_TICK: ({ limit }) => (limit === null ? "价格不在最小变动价位上。" : `价格必须为 ${limit} 的整数倍。`),
  PRICE_BAND: ({ value, limit }) =>
    value === null || limit === null ? "价格偏离市场过远。" : `${value} 偏离市场过远，可接受的最远价格为 ${limit}。`,
  PRICE_SIDE: ({ value, limit }) =>
    value === null || limit === null ? "该止损价会立即触发。" : `止损价 ${value} 会立即触发：市价为 ${limit}。`,
  BRACKET_SIDE: ({ value, limit }) =>
    value === null || limit === null ? "止盈或止损会立即触发。" : `${value} 会立即触发，应在 ${limit} 的另一侧。`,
  EXPIRY_PAST: () => "有效时间已过。",
  NOT_MARKETABLE: ({ value, limit }) =>
    value === null || limit === null ? "无法立即成交。" : `无法立即成交：市价为 ${value}，您的限价为 ${limit}。`,
  PRICE_MOVED: ({ value, limit, setBy }) =>
    value === null || limit === null
      ? "价格变动超过最大滑点。"
      : `价格已变为 ${value}，最大滑点只允许到 ${limit}${by(setBy)}。`,
  TOO_MANY_WORKING: ({ limit }) =>
    limit === null ? "正在处理的订单过多。" : `已有 ${limit} 笔订单正在处理，达到同时处理的上限。`,
  POSITION_LIMIT: ({ instrument, value, limit, setBy }) =>
    limit === null
      ? `${instrument} 已达持仓上限。`
      : `成交后 ${instrument} 持仓将为 ${value ?? "过多"} 手，您的上限是 ${limit} 手${by(setBy)}。`,
  INSUFFICIENT_FUNDS: ({ value, limit }) =>
    value === null || limit === null
      ? "可用资金不足以支付保证金和手续费。"
      : `保证金和手续费共需 ${value}，可用 ${limit}。`,
  SETTLEMENT_FAILED: () => "订单无法结算，已终止，未发生交易；客服已收到通知。",
  QUEUED_TOO_LONG: () => "等待成交时间过长，订单已终止，未发生交易。",
  POSITION_GONE: () => "轮到该订单时持仓已平，未发生交易。",
};
