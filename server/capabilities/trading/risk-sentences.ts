import type { RiskRefusalCode } from "#contracts/order-names.ts";

/** A refusal as a person reads it, by the figures of the check that failed. */
export type Sentence = (value: string, limit: string, currency: string) => string;

/** Refusals by the risk table. What reduces a position is refused by none of them. */
export const riskSentences: Record<RiskRefusalCode, Sentence> = {
  SELF_EXCLUDED: (value) => `You have excluded yourself from trading until ${value}.`,
  TIME_WINDOW: (value, limit) => `Positions may be opened ${limit}; it is ${value} there.`,
  INSTRUMENT_NOT_ALLOWED: (value, limit) => `${value} is not among what may be traded: ${limit}.`,
  STOP_LOSS_MISSING: () => "An order that opens a position must carry a stop loss.",
  REPEATED_ORDER: (value, limit) => `The same order was given ${value} s ago; it may be repeated after ${limit} s.`,
  TOO_MANY_ORDERS: (_value, limit) => `At most ${limit} orders a minute are taken.`,
  HELD_TOO_SHORT: (value, limit) =>
    `The last position was closed after ${value} s; the next may be opened ${limit} s after the last was opened.`,
  CLASS_LIMIT: (value, limit) => `The positions of this class could reach ${value} lots, above the limit of ${limit}.`,
  OVERALL_LIMIT: (value, limit) => `All positions together could reach ${value} lots, above the limit of ${limit}.`,
  EXPOSURE_LIMIT: (value, limit, currency) =>
    `The positions could be worth ${value} ${currency}, above the limit of ${limit} ${currency}.`,
  DAILY_LOSS: (value, limit, currency) =>
    `The loss since the last reset is ${value} ${currency}; the daily limit is ${limit} ${currency}.`,
  WEEKLY_LOSS: (value, limit, currency) =>
    `The loss since the last reset is ${value} ${currency}; the weekly limit is ${limit} ${currency}.`,
  TRAILING_DRAWDOWN: (value, limit, currency) =>
    `The account is ${value} ${currency} below its high; the limit is ${limit} ${currency}.`,
  PROFIT_REACHED: (value, limit, currency) =>
    `The profit since the last reset is ${value} ${currency}; trading pauses at ${limit} ${currency}.`,
  MARGIN_LIMIT: (value, limit, currency) =>
    `The margin would be ${value} ${currency}, above the limit of ${limit} ${currency}.`,
  PARTNER_LIMIT: (value, limit) =>
    `The positions of all traders here could reach ${value}, above the limit of ${limit}.`,
  HOUSE_LIMIT: (value, limit) => `The positions of all traders could reach ${value}, above the limit of ${limit}.`,
};
