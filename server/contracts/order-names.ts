/**
 * Why an order is refused, in the order of precedence: all checks are evaluated, the first failing code in
 * this order is the answer, so two reviewers predict the same one.
 */
export const orderRefusalCodes = [
  "UNKNOWN_ACCOUNT",
  "UNKNOWN_INSTRUMENT",
  "MARKET_CLOSED",
  "TRADING_HALTED",
  "INSTRUMENT_HALTED",
  "QUOTE_STALE",
  "CLOSE_ONLY",
  "LONG_ONLY",
  "SHORT_ONLY",
  "REDUCE_ONLY",
  "ACCOUNT_DISABLED",
  "SELF_EXCLUDED",
  "TIME_WINDOW",
  "INSTRUMENT_NOT_ALLOWED",
  "LOTS_STEP",
  "LOTS_MIN",
  "LOTS_MAX_ORDER",
  "NO_POSITION",
  "EXCEEDS_POSITION",
  "PRICE_TICK",
  "PRICE_BAND",
  "PRICE_SIDE",
  "BRACKET_SIDE",
  "EXPIRY_PAST",
  "NOT_MARKETABLE",
  "PRICE_MOVED",
  "STOP_LOSS_MISSING",
  "REPEATED_ORDER",
  "TOO_MANY_ORDERS",
  "HELD_TOO_SHORT",
  "TOO_MANY_WORKING",
  "POSITION_LIMIT",
  "CLASS_LIMIT",
  "OVERALL_LIMIT",
  "EXPOSURE_LIMIT",
  "DAILY_LOSS",
  "WEEKLY_LOSS",
  "TRAILING_DRAWDOWN",
  "PROFIT_REACHED",
  "MARGIN_LIMIT",
  "INSUFFICIENT_FUNDS",
  "PARTNER_LIMIT",
  "HOUSE_LIMIT",
] as const;
export type OrderRefusalCode = (typeof orderRefusalCodes)[number];

/** Codes of the risk table. What reduces a position is never refused for one of them while the market is open. */
export const riskRefusalCodes = [
  "SELF_EXCLUDED",
  "TIME_WINDOW",
  "INSTRUMENT_NOT_ALLOWED",
  "STOP_LOSS_MISSING",
  "REPEATED_ORDER",
  "TOO_MANY_ORDERS",
  "HELD_TOO_SHORT",
  "CLASS_LIMIT",
  "OVERALL_LIMIT",
  "EXPOSURE_LIMIT",
  "DAILY_LOSS",
  "WEEKLY_LOSS",
  "TRAILING_DRAWDOWN",
  "PROFIT_REACHED",
  "MARGIN_LIMIT",
  "PARTNER_LIMIT",
  "HOUSE_LIMIT",
] as const satisfies readonly OrderRefusalCode[];
export type RiskRefusalCode = (typeof riskRefusalCodes)[number];

/** Why an accepted order ends without a fill. */
export const orderRejectionCodes = [
  "QUEUED_TOO_LONG",
  "POSITION_GONE",
  "ACCOUNT_DISABLED",
  "SETTLEMENT_FAILED",
] as const;
export type OrderRejectionCode = (typeof orderRejectionCodes)[number];

/** Why a working order was cancelled. `OTHER_LEG`: the other leg of its bracket filled. */
export const orderCancelCodes = [
  "BY_TRADER",
  "BY_STAFF",
  "OTHER_LEG",
  "POSITION_GONE",
  "STOP_OUT",
  "KILL_SWITCH",
  "CONTRACT_EXPIRED",
  "RISK_LIMIT",
  "ACCOUNT_DISABLED",
] as const;
export type OrderCancelCode = (typeof orderCancelCodes)[number];
