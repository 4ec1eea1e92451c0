import type { Label } from "./field.ts";
import type { OrderRefusalCode } from "./order-names.ts";
import type { RehearsalState, RiskChangeState, RiskDecisionAbout, RiskDecisionOutcome } from "./risk-names.ts";

type LabelsOf<Name extends string> = Readonly<Record<Name, Label>>;

export const riskAboutLabels: LabelsOf<RiskDecisionAbout> = {
  "new-order": ["New order", "新委托"],
  amendment: ["Change", "改单"],
};

export const riskOutcomeLabels: LabelsOf<RiskDecisionOutcome> = {
  accepted: ["Accepted", "已接受"],
  refused: ["Refused", "已拒绝"],
};

export const riskChangeStateLabels: LabelsOf<RiskChangeState> = {
  draft: ["Draft", "草稿"],
  proposed: ["Proposed", "待批准"],
  applied: ["Applied", "已生效"],
  rejected: ["Rejected", "已拒绝"],
  withdrawn: ["Withdrawn", "已撤回"],
};

export const rehearsalStateLabels: LabelsOf<RehearsalState> = {
  waiting: ["Waiting", "排队中"],
  running: ["Being played", "演练中"],
  done: ["Done", "已完成"],
  failed: ["Failed", "失败"],
};

/** What an order was refused for. */
export const refusalLabels: LabelsOf<OrderRefusalCode> = {
  UNKNOWN_ACCOUNT: ["Account unknown", "账户不存在"],
  UNKNOWN_INSTRUMENT: ["Instrument unknown", "合约不存在"],
  MARKET_CLOSED: ["Market closed", "市场休市"],
  TRADING_HALTED: ["Kill switch", "交易熔断"],
  INSTRUMENT_HALTED: ["Instrument halted", "合约暂停"],
  QUOTE_STALE: ["Price too old", "报价过旧"],
  CLOSE_ONLY: ["Close-only", "仅可平仓"],
  LONG_ONLY: ["Long only", "仅可做多"],
  SHORT_ONLY: ["Short only", "仅可做空"],
  REDUCE_ONLY: ["Margin level", "保证金水平"],
  ACCOUNT_DISABLED: ["Account disabled", "账户停用"],
  SELF_EXCLUDED: ["Self-excluded", "自我禁止交易"],
  TIME_WINDOW: ["Outside trading hours", "非交易时段"],
  INSTRUMENT_NOT_ALLOWED: ["Instrument not allowed", "合约不允许"],
  LOTS_STEP: ["Lot step", "手数步长"],
  LOTS_MIN: ["Too few lots", "手数过少"],
  LOTS_MAX_ORDER: ["Lots an order", "单笔手数"],
  NO_POSITION: ["No position", "无持仓"],
  EXCEEDS_POSITION: ["More than the position", "超过持仓"],
  PRICE_TICK: ["Price off the tick", "价格不合跳"],
  PRICE_BAND: ["Price too far", "价格偏离过大"],
  PRICE_SIDE: ["Stop on the wrong side", "止损触发方向"],
  BRACKET_SIDE: ["Bracket on the wrong side", "止盈止损方向"],
  EXPIRY_PAST: ["Ends in the past", "有效期已过"],
  NOT_MARKETABLE: ["Can't fill at once", "无法立即成交"],
  PRICE_MOVED: ["Price moved", "价格变动"],
  STOP_LOSS_MISSING: ["No stop loss", "缺少止损"],
  REPEATED_ORDER: ["Same order again", "重复委托"],
  TOO_MANY_ORDERS: ["Orders a minute", "每分钟委托数"],
  HELD_TOO_SHORT: ["Held too short", "持仓过短"],
  TOO_MANY_WORKING: ["Orders waiting", "挂单过多"],
  POSITION_LIMIT: ["Position limit", "持仓上限"],
  CLASS_LIMIT: ["Class limit", "类别上限"],
  OVERALL_LIMIT: ["Overall limit", "总持仓上限"],
  EXPOSURE_LIMIT: ["Exposure limit", "敞口上限"],
  DAILY_LOSS: ["Daily loss", "日亏损"],
  WEEKLY_LOSS: ["Weekly loss", "周亏损"],
  TRAILING_DRAWDOWN: ["Drawdown", "回撤"],
  PROFIT_REACHED: ["Profit target", "盈利目标"],
  MARGIN_LIMIT: ["Margin limit", "保证金上限"],
  INSUFFICIENT_FUNDS: ["Not enough money", "资金不足"],
  PARTNER_LIMIT: ["Partner's cap", "合作方上限"],
  HOUSE_LIMIT: ["House's cap", "平台上限"],
};
