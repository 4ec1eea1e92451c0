/** The closed lists of loss limits and profit triggers. No imports, as in `names.ts`. */

/** One rule a slot: what it watches, and over what time. Those named `alert` only tell; the last two watch for profit; `own-` is the trader's own. */
export const lossSlots = [
  "own-daily-loss",
  "daily-loss",
  "daily-loss-alert",
  "weekly-loss",
  "weekly-loss-alert",
  "trailing-drawdown",
  "daily-profit",
  "weekly-profit",
] as const;
export type LossSlot = (typeof lossSlots)[number];

/** What a loss is counted from: taken at each reset, or what was paid in. `higher-at-reset`: the higher of balance and equity. */
export const lossBases = ["balance-at-reset", "equity-at-reset", "higher-at-reset", "initial"] as const;
export type LossBase = (typeof lossBases)[number];

/** What is tested: with the result of open positions, or only what is booked. */
export const lossMeasures = ["equity", "realized"] as const;
export type LossMeasure = (typeof lossMeasures)[number];

/** What an amount is written in: major units of the account's currency, or per cent. */
export const lossUnits = ["money", "percent-of-base", "percent-of-initial"] as const;
export type LossUnit = (typeof lossUnits)[number];

/** When the peak that a drawdown is counted from may rise: at resets, or with every price. */
export const trailingModes = ["end-of-day", "real-time"] as const;
export type TrailingMode = (typeof trailingModes)[number];

/**
 * What a breach does. `reduce-only`: nothing may be opened until the next reset; a drawdown has none, so until staff lift it. The
 * last two close everything first.
 */
export const lossActions = ["alert", "reduce-only", "flatten-until-reset", "flatten-until-lifted"] as const;
export type LossAction = (typeof lossActions)[number];

/** Where a breach stands. Only what lasts until it is lifted can be lifted. */
export const breachStates = ["until-reset", "until-lifted", "over", "lifted"] as const;
export type BreachState = (typeof breachStates)[number];

/** Why an order that opens is refused while a rule is breached, or because it would breach it. */
export const lossRefusalCodes = ["DAILY_LOSS", "WEEKLY_LOSS", "TRAILING_DRAWDOWN", "PROFIT_REACHED"] as const;
export type LossRefusalCode = (typeof lossRefusalCodes)[number];

/** What is wrong with a field of a rule. */
export const lossRuleFaults = [
  "not-a-decimal",
  "not-above-zero",
  "negative",
  "percent-over-100",
  "percent-over-1000",
  "too-many-digits",
  "not-a-time",
  "unknown-zone",
  "not-a-weekday",
  "weekday-missing",
  "weekday-without-week",
  "trailing-missing",
  "trailing-elsewhere",
  "lock-without-trailing",
  "base-does-not-fit",
  "action-does-not-fit",
] as const;
export type LossRuleFault = (typeof lossRuleFaults)[number];
