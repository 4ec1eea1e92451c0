import type { OrderState } from "#contracts/names.ts";
import type { OrderRefusalCode } from "#contracts/order-names.ts";
import type { OrderAnswer, WireCheck } from "#contracts/trading-api.ts";
import type { OrderCheck } from "#core/order.ts";
import { riskSentences, type Sentence } from "./risk-sentences.ts";

export type Refused = Exclude<OrderAnswer, { order: unknown }>;

/** An order that the core refused: 422 with the reason as a sentence and every check that was made. */
export function refused(code: OrderRefusalCode, checks: readonly OrderCheck[], currency = ""): Refused {
  const failed = checks.find((check) => check.code === code && !check.passed);
  const says = sentences[code](failed?.value ?? "", failed?.limit ?? "", currency);
  const message = failed?.isTogether === true ? `${says} Your accounts count together.` : says;
  return {
    status: code === "UNKNOWN_ACCOUNT" ? 404 : 422,
    code,
    message,
    checks: checks.map((check): WireCheck => ({ ...check })),
    ...fieldAtFault(code, message),
  };
}

/** Where one field of the request alone is to blame, the form can say it there. */
const fields: Partial<Record<OrderRefusalCode, string>> = {
  UNKNOWN_ACCOUNT: "accountId",
  UNKNOWN_INSTRUMENT: "instrument",
  LOTS_STEP: "lots",
  LOTS_MIN: "lots",
  LOTS_MAX_ORDER: "lots",
  EXPIRY_PAST: "expiresAt",
  PRICE_SIDE: "stopPrice",
  STOP_LOSS_MISSING: "stopLossPrice",
};

function fieldAtFault(code: OrderRefusalCode, says: string): { errors?: Record<string, string> } {
  const field = fields[code];
  return field === undefined ? {} : { errors: { [field]: says } };
}

const sentences: Record<OrderRefusalCode, Sentence> = {
  ...riskSentences,
  UNKNOWN_ACCOUNT: () => "You have no account with this id.",
  UNKNOWN_INSTRUMENT: () => "This account trades no such instrument.",
  MARKET_CLOSED: (value) => (value === "" ? "The market is closed." : `The contract has ended: ${value}.`),
  TRADING_HALTED: (value) => `Trading is halted (${value}).`,
  INSTRUMENT_HALTED: () => "Trading in this instrument is halted.",
  QUOTE_STALE: () => "There is no current price to trade at.",
  CLOSE_ONLY: () => "Only orders that reduce a position are taken.",
  LONG_ONLY: () => "Only long positions may be opened in this instrument.",
  SHORT_ONLY: () => "Only short positions may be opened in this instrument.",
  REDUCE_ONLY: () => "The account's margin is too low: only orders that reduce a position are taken.",
  ACCOUNT_DISABLED: () => "The account is disabled.",
  LOTS_STEP: (value, limit) => `${value} lots is not a multiple of ${limit}.`,
  LOTS_MIN: (value, limit) => `${value} lots is below the least order of ${limit}.`,
  LOTS_MAX_ORDER: (value, limit) => `${value} lots is above the limit of ${limit} an order.`,
  NO_POSITION: () => "There is no position to close.",
  EXCEEDS_POSITION: (value, limit) => `${value} lots is more than the ${limit} that can be closed.`,
  PRICE_TICK: (value, limit) => `${value} is not on a tick of ${limit}.`,
  PRICE_BAND: (value, limit) => `${value} is too far from the market; the farthest is ${limit}.`,
  PRICE_SIDE: (value, limit) => `A stop at ${value} would trigger at once: the market is at ${limit}.`,
  BRACKET_SIDE: (value, limit) => `A leg at ${value} would trigger at once: it belongs on the other side of ${limit}.`,
  EXPIRY_PAST: (value) => `The order would end at ${value}, which is over.`,
  NOT_MARKETABLE: (value, limit) =>
    `The market is at ${value}, the limit at ${limit}: the order could not fill at once.`,
  PRICE_MOVED: (value, limit) => `The price is ${value}, beyond the ${limit} that the slippage allows.`,
  TOO_MANY_WORKING: (_value, limit) => `${limit} orders of this account are waiting already.`,
  POSITION_LIMIT: (value, limit) => `The position could reach ${value} lots, above the limit of ${limit}.`,
  INSUFFICIENT_FUNDS: (value, limit, currency) =>
    `The order needs ${value} ${currency}; ${limit} ${currency} is available.`,
};

export const reused = (): Refused => ({
  status: 409,
  code: "CLIENT_ORDER_ID_REUSED",
  message: "This clientOrderId was used for a different order.",
});

export const unknownPosition = (): Refused => ({
  status: 404,
  code: "UNKNOWN_POSITION",
  message: "You have no position with this id.",
});

export const unknownOrder = (): Refused => ({
  status: 404,
  code: "UNKNOWN_ORDER",
  message: "You have no order with this id.",
});

/** Only what waits for its price can be changed: the others fill, or have ended. */
export const notWorking = (state: OrderState): Refused => ({
  status: 409,
  code: "ORDER_NOT_WORKING",
  message:
    state === "working" || state === "accepted"
      ? "The order is being filled; it can't be changed any more."
      : `The order is ${state}; only a working order can be changed.`,
});

export const wrongField = (field: string, problem: string): Refused => ({
  status: 422,
  code: "INVALID_REQUEST",
  message: "The request has fields that are missing, unknown or malformed.",
  errors: { [field]: problem },
});

/** The order was not accepted, or nobody knows yet: the client repeats it with the same clientOrderId. */
export const tryLater = (): Refused => ({
  status: 503,
  code: "TRY_AGAIN",
  message: "The order can't be accepted now. Send it again with the same clientOrderId.",
});
