/**
 * The closed lists of Truewick: every word that crosses a boundary (database, wire, screen) and has a
 * fixed set of values. No imports, so that the widget may use it as values.
 */

export const books = ["live", "demo"] as const;
export type Book = (typeof books)[number];

export const sides = ["buy", "sell"] as const;
export type Side = (typeof sides)[number];

export const positionSides = ["long", "short"] as const;
export type PositionSide = (typeof positionSides)[number];

export const orderTypes = ["market"] as const;
export type OrderType = (typeof orderTypes)[number];

/** `accepted` is durable and waiting for settlement; the last four are ends. */
export const orderStates = ["accepted", "working", "filled", "cancelled", "rejected", "expired"] as const;
export type OrderState = (typeof orderStates)[number];

export const intervals = ["1m", "5m", "15m", "30m", "1h", "4h", "1d"] as const;
export type Interval = (typeof intervals)[number];

export const assetClasses = ["equity-index", "metal", "energy", "currency", "crypto"] as const;
export type AssetClass = (typeof assetClasses)[number];

/** What an operator allows on an instrument. */
export const tradeModes = ["full", "close-only", "halted"] as const;
export type TradeMode = (typeof tradeModes)[number];

export const staffRoles = ["admin", "risk", "finance", "support", "agent"] as const;
export type StaffRole = (typeof staffRoles)[number];

export const keyStates = ["active", "revoked"] as const;
export type KeyState = (typeof keyStates)[number];

export const accountStates = ["active", "close-only", "disabled"] as const;
export type AccountState = (typeof accountStates)[number];

export const personStates = ["active", "disabled"] as const;
export type PersonState = (typeof personStates)[number];

/** Where an instrument's prices come from; `replay` and `simulated` are labelled wherever a person sees a price. */
export const quoteSources = ["simulated", "replay", "binance", "ibkr", "futu", "oanda"] as const;
export type QuoteSource = (typeof quoteSources)[number];

/** Why a quote is kept but may not price an order. */
export const quoteFlags = ["crossed", "not-positive", "out-of-order", "off-tick"] as const;
export type QuoteFlag = (typeof quoteFlags)[number];

/** Price that bars are made of: last trade, or a side of the quote. */
export const barPrices = ["last", "bid", "mid"] as const;
export type BarPrice = (typeof barPrices)[number];

export const holdKinds = ["order", "position", "withdrawal"] as const;
export type HoldKind = (typeof holdKinds)[number];

export const limitScopes = ["default", "partner", "agent", "trader"] as const;
export type LimitScope = (typeof limitScopes)[number];

export const locales = ["en", "zh-CN"] as const;
export type Locale = (typeof locales)[number];

/**
 * Why an order is refused, in the order of precedence: all checks are evaluated, the first failing code in
 * this order is the answer, so two reviewers predict the same one.
 */
export const orderRefusalCodes = [
  "UNKNOWN_ACCOUNT",
  "UNKNOWN_INSTRUMENT",
  "MARKET_CLOSED",
  "INSTRUMENT_HALTED",
  "QUOTE_STALE",
  "CLOSE_ONLY",
  "ACCOUNT_DISABLED",
  "LOTS_STEP",
  "LOTS_MIN",
  "LOTS_MAX_ORDER",
  "NO_POSITION",
  "EXCEEDS_POSITION",
  "PRICE_MOVED",
  "TOO_MANY_WORKING",
  "POSITION_LIMIT",
  "INSUFFICIENT_FUNDS",
] as const;
export type OrderRefusalCode = (typeof orderRefusalCodes)[number];

/** Why an accepted order ends without a fill. */
export const orderRejectionCodes = ["QUEUED_TOO_LONG", "POSITION_GONE", "ACCOUNT_DISABLED"] as const;
export type OrderRejectionCode = (typeof orderRejectionCodes)[number];

/** Journal codes of transfers; the table `transfer_codes` holds the same list for exports. */
export const transferCodes = {
  deposit: 1,
  withdrawal: 2,
  withdrawalFee: 3,
  realizedPnl: 10,
  fee: 11,
  liquidationFee: 12,
  negativeBalanceProtection: 13,
  dailySettlement: 14,
  commission: 20,
  commissionClawback: 21,
  adjustment: 40,
  fx: 50,
  copyFee: 60,
  reversal: 90,
} as const;
export type TransferCode = (typeof transferCodes)[keyof typeof transferCodes];
