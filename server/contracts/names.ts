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

export const orderTypes = ["market", "limit", "stop", "stop-limit"] as const;
export type OrderType = (typeof orderTypes)[number];

/**
 * How long an order may wait: until cancelled, until the trade-date cut, until a moment, or not at all. Orders fill whole or not
 * at all, so immediate-or-cancel and fill-or-kill differ only for venues with depth.
 */
export const timesInForce = ["gtc", "day", "gtd", "ioc", "fok"] as const;
export type TimeInForce = (typeof timesInForce)[number];

/** Who or what gave an order: the trader, a bracket's leg, the stop-out, an operator's flatten, the contract's end, a loss limit. */
export const orderOrigins = [
  "trader",
  "take-profit",
  "stop-loss",
  "stop-out",
  "flatten",
  "expiry",
  "roll",
  "risk",
] as const;
export type OrderOrigin = (typeof orderOrigins)[number];

/** `accepted` is durable and waiting for settlement; the last four are ends. */
export const orderStates = ["accepted", "working", "filled", "cancelled", "rejected", "expired"] as const;
export type OrderState = (typeof orderStates)[number];

export const intervals = ["1m", "5m", "15m", "30m", "1h", "4h", "1d"] as const;
export type Interval = (typeof intervals)[number];

export const assetClasses = ["equity-index", "metal", "energy", "currency", "crypto"] as const;
export type AssetClass = (typeof assetClasses)[number];

/** What an operator allows on an instrument. */
export const tradeModes = ["full", "long-only", "short-only", "close-only", "halted"] as const;
export type TradeMode = (typeof tradeModes)[number];

export const staffRoles = ["admin", "risk", "finance", "support", "agent"] as const;
export type StaffRole = (typeof staffRoles)[number];

export const keyStates = ["active", "revoked"] as const;
export type KeyState = (typeof keyStates)[number];

export const accountStates = ["active", "close-only", "disabled"] as const;
export type AccountState = (typeof accountStates)[number];

export const personStates = ["active", "disabled"] as const;
export type PersonState = (typeof personStates)[number];

/** Where an account stands on the margin ladder; each step is worse than the one before. */
export const marginStages = ["ok", "margin-call", "reduce-only", "stop-out"] as const;
export type MarginStage = (typeof marginStages)[number];

export const marginEventKinds = ["stage", "orders-cancelled", "position-closed", "fee"] as const;
export type MarginEventKind = (typeof marginEventKinds)[number];

/** What a kill switch stops: everything of the whole house, a partner, an agent line, an instrument or one account. */
export const killScopes = ["all", "partner", "agent", "instrument", "account"] as const;
export type KillScope = (typeof killScopes)[number];

/** `halt`: no order of any kind is taken or triggered; `close-only`: only orders that reduce. */
export const killModes = ["halt", "close-only"] as const;
export type KillMode = (typeof killModes)[number];

/** What becomes of positions at the end of their contract: closed, or closed and opened again in the next one. */
export const expiryActions = ["close", "roll"] as const;
export type ExpiryAction = (typeof expiryActions)[number];

/** Where a contract stands: not yet begun, traded, over but not all settled, done. */
export const contractStates = ["listed", "trading", "settling", "settled"] as const;
export type ContractState = (typeof contractStates)[number];

/** What an ended contract waits for before its positions can be settled. */
export const contractWaits = ["final-price", "next-contract", "next-price", "failed-accounts"] as const;
export type ContractWait = (typeof contractWaits)[number];

/** Why a position was closed at the end of its contract and not rolled. */
export const notRolledReasons = ["closes", "stop-out", "account-disabled"] as const;
export type NotRolledReason = (typeof notRolledReasons)[number];

/** Price of the daily settlement mark: middle of the last quote before the cut, or the last trade it shows. */
export const markRules = ["mid", "last"] as const;
export type MarkRule = (typeof markRules)[number];

/** Whether open positions pay and receive each day's difference in cash. */
export const dailySettlements = ["none", "cash"] as const;
export type DailySettlement = (typeof dailySettlements)[number];

/** Where an instrument's prices come from; `replay` and `simulated` are labelled wherever a person sees a price. */
export const quoteSources = ["simulated", "replay", "binance", "ibkr", "futu", "oanda"] as const;
export type QuoteSource = (typeof quoteSources)[number];

/** Why a quote is kept but may not price an order. */
export const quoteFlags = ["crossed", "not-positive", "out-of-order", "off-tick", "jump"] as const;
export type QuoteFlag = (typeof quoteFlags)[number];

/** Price that bars are made of: last trade, or a side of the quote. */
export const barPrices = ["last", "bid", "mid"] as const;
export type BarPrice = (typeof barPrices)[number];

/** What became of a tick after it was told: taken back, given another price, or put back as it was told first. */
export const tickCorrectionKinds = ["cancel", "price", "restore"] as const;
export type TickCorrectionKind = (typeof tickCorrectionKinds)[number];

/** What money is reserved for by a hold of its own. Positions and orders have their margin line instead. */
export const holdKinds = ["withdrawal"] as const;
export type HoldKind = (typeof holdKinds)[number];

/** Why a balance is corrected by hand. */
export const adjustmentReasons = ["correction", "goodwill", "fee-refund", "chargeback", "write-off"] as const;
export type AdjustmentReason = (typeof adjustmentReasons)[number];

/** An adjustment moves no money before a second person has approved it; the last three are ends. */
export const adjustmentStates = ["requested", "posted", "rejected", "withdrawn"] as const;
export type AdjustmentState = (typeof adjustmentStates)[number];

/**
 * Where a withdrawal stands. Its money is held from the request on; it leaves the account at `sent`, on a chain at `submitting`. `unknown`: the
 * chain has it and nobody answered. The last four are ends: all but `confirmed` have given the money back.
 */
export const withdrawalStates = [
  "in-review",
  "approved",
  "submitting",
  "unknown",
  "sent",
  "confirmed",
  "rejected",
  "cancelled",
  "returned",
] as const;
export type WithdrawalState = (typeof withdrawalStates)[number];

/** Why a withdrawal is not taken, in the order of precedence: all checks are made, the first that failed is the answer. */
export const withdrawalRefusalCodes = [
  "UNKNOWN_ACCOUNT",
  "UNKNOWN_TARGET",
  "DEMO_ACCOUNT",
  "ACCOUNT_DISABLED",
  "DEBT_OWED",
  "CHANNEL_CLOSED",
  "AMOUNT_MIN",
  "AMOUNT_MAX",
  "FEE_EXCEEDS",
  "DAY_COUNT",
  "DAY_LIMIT",
  "MONTH_LIMIT",
  "PRICE_UNKNOWN",
  "INSUFFICIENT_FUNDS",
  "DEPOSIT_TOO_NEW",
  "SOURCE_FIRST",
] as const;
export type WithdrawalRefusalCode = (typeof withdrawalRefusalCodes)[number];

/** Why a withdrawal is looked at by a person, or waits. */
export const withdrawalReviewReasons = [
  "NEW_TARGET",
  "SECURITY_CHANGE",
  "NAME_DIFFERS",
  "SOURCE_DIFFERS",
  "ABOVE_AUTO",
  "FOUR_EYES",
] as const;
export type WithdrawalReviewReason = (typeof withdrawalReviewReasons)[number];

/** Whom a line of the risk table is about, widest first. `self`: what a trader set for himself; it only makes narrower. */
export const limitScopes = ["default", "partner", "agent", "group", "trader", "self"] as const;
export type LimitScope = (typeof limitScopes)[number];

export const locales = ["en", "zh-CN"] as const;
export type Locale = (typeof locales)[number];

/** Journal codes of transfers; the table `transfer_codes` holds the same list for exports. */
export const transferCodes = {
  deposit: 1,
  withdrawal: 2,
  withdrawalFee: 3,
  depositFee: 4,
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
  collection: 91,
} as const;
export type TransferCode = (typeof transferCodes)[keyof typeof transferCodes];
