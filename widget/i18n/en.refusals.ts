import type { RefusalTexts } from "./texts.ts";

const by = (setBy: string | null): string => (setBy === null ? "" : ` (set by ${setBy})`);

/** Why an order was refused or rejected, in plain words and with the numbers compared. */
export const refusals: RefusalTexts = {
  UNKNOWN_ACCOUNT: () => "this account is not yours or no longer exists.",
  UNKNOWN_INSTRUMENT: ({ instrument }) => `${instrument} is not traded here.`,
  MARKET_CLOSED: ({ instrument, nextOpen }) =>
    nextOpen === null ? `the market for ${instrument} is closed.` : `the market for ${instrument} opens ${nextOpen}.`,
  TRADING_HALTED: ({ value }) => (value === null ? "trading is halted by the broker." : `trading is halted: ${value}.`),
  INSTRUMENT_HALTED: ({ instrument }) => `trading in ${instrument} is halted.`,
  QUOTE_STALE: ({ value, limit }) =>
    value === null || limit === null
      ? "the price is too old to trade on; wait for the next one."
      : `the price is ${value} old and prices count for ${limit}; wait for the next one.`,
  CLOSE_ONLY: ({ instrument }) => `only closing is allowed in ${instrument} now.`,
  LONG_ONLY: ({ instrument }) => `only long positions may be opened in ${instrument} now.`,
  SHORT_ONLY: ({ instrument }) => `only short positions may be opened in ${instrument} now.`,
  REDUCE_ONLY: ({ value, limit }) =>
    value === null || limit === null
      ? "the margin level is too low: only orders that reduce a position are taken."
      : `your margin level is ${value} %, below ${limit} %: only orders that reduce a position are taken.`,
  ACCOUNT_DISABLED: () => "this account is disabled; ask your broker.",
  LOTS_STEP: ({ limit }) => (limit === null ? "lots must be a whole step." : `lots must be a multiple of ${limit}.`),
  LOTS_MIN: ({ limit }) => (limit === null ? "too few lots." : `the smallest order is ${limit} lots.`),
  LOTS_MAX_ORDER: ({ value, limit, setBy }) =>
    limit === null
      ? "too many lots for one order."
      : `${value ?? "this"} lots in one order; your limit is ${limit}${by(setBy)}.`,
  NO_POSITION: ({ instrument }) => `there is no open position in ${instrument} to close.`,
  EXCEEDS_POSITION: ({ value, limit }) =>
    limit === null
      ? "this closes more lots than the position has."
      : `this closes ${value ?? "more"} lots; the position has ${limit}.`,
  PRICE_TICK: ({ limit }) => (limit === null ? "the price is not on a tick." : `prices go in steps of ${limit}.`),
  PRICE_BAND: ({ value, limit }) =>
    value === null || limit === null
      ? "the price is too far from the market."
      : `${value} is too far from the market; the farthest price taken is ${limit}.`,
  PRICE_SIDE: ({ value, limit }) =>
    value === null || limit === null
      ? "the stop would trigger at once."
      : `a stop at ${value} would trigger at once: the market is at ${limit}.`,
  BRACKET_SIDE: ({ value, limit }) =>
    value === null || limit === null
      ? "take profit or stop loss would trigger at once."
      : `${value} would trigger at once: it belongs on the other side of ${limit}.`,
  EXPIRY_PAST: () => "the time until which it should be valid is over.",
  NOT_MARKETABLE: ({ value, limit }) =>
    value === null || limit === null
      ? "it could not be filled at once."
      : `it could not be filled at once: the market is at ${value}, your limit at ${limit}.`,
  PRICE_MOVED: ({ value, limit, setBy }) =>
    value === null || limit === null
      ? "the price moved further than your max slippage."
      : `the price moved to ${value}; max slippage allows ${limit}${by(setBy)}.`,
  TOO_MANY_WORKING: ({ limit }) =>
    limit === null
      ? "too many orders are still being worked on."
      : `${limit} orders are still being worked on; that is the most at once.`,
  POSITION_LIMIT: ({ instrument, value, limit, setBy }) =>
    limit === null
      ? `your position limit in ${instrument} is reached.`
      : `this would make ${value ?? "too many"} lots of ${instrument}; your limit is ${limit}${by(setBy)}.`,
  INSUFFICIENT_FUNDS: ({ value, limit }) =>
    value === null || limit === null
      ? "the available money does not cover margin and fee."
      : `margin and fee need ${value}; ${limit} is available.`,
  SETTLEMENT_FAILED: () => "it could not be settled, so it was ended. Nothing was traded; support has been told.",
  QUEUED_TOO_LONG: () => "it waited too long to be filled, so it was ended. Nothing was traded.",
  POSITION_GONE: () => "the position was already closed when its turn came. Nothing was traded.",
};
