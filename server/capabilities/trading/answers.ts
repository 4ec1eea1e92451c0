import type { OrderRefusalCode } from "#contracts/names.ts";
import type { OrderAnswer, WireCheck } from "#contracts/trading-api.ts";
import type { OrderCheck } from "#core/order.ts";

type Refused = Exclude<OrderAnswer, { order: unknown }>;

/** An order that the core refused: 422 with the reason as a sentence and every check that was made. */
export function refused(code: OrderRefusalCode, checks: readonly OrderCheck[], currency = ""): Refused {
  const failed = checks.find((check) => check.code === code && !check.passed);
  const message = sentences[code](failed?.value ?? "", failed?.limit ?? "", currency);
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
};

function fieldAtFault(code: OrderRefusalCode, says: string): { errors?: Record<string, string> } {
  const field = fields[code];
  return field === undefined ? {} : { errors: { [field]: says } };
}

const sentences: Record<OrderRefusalCode, (value: string, limit: string, currency: string) => string> = {
  UNKNOWN_ACCOUNT: () => "You have no account with this id.",
  UNKNOWN_INSTRUMENT: () => "This account trades no such instrument.",
  MARKET_CLOSED: () => "The market is closed.",
  INSTRUMENT_HALTED: () => "Trading in this instrument is halted.",
  QUOTE_STALE: () => "There is no current price to trade at.",
  CLOSE_ONLY: () => "Only orders that reduce a position are taken.",
  ACCOUNT_DISABLED: () => "The account is disabled.",
  LOTS_STEP: (value, limit) => `${value} lots is not a multiple of ${limit}.`,
  LOTS_MIN: (value, limit) => `${value} lots is below the least order of ${limit}.`,
  LOTS_MAX_ORDER: (value, limit) => `${value} lots is above the limit of ${limit} an order.`,
  NO_POSITION: () => "There is no position to close.",
  EXCEEDS_POSITION: (value, limit) => `${value} lots is more than the ${limit} that can be closed.`,
  PRICE_MOVED: (value, limit) => `The price is ${value}, beyond the ${limit} you allowed.`,
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
