/**
 * What the risk table sets. `reach`: on which lines it may stand. One that is measured in an instrument may stand on any, one of a class
 * on lines of a class or of everything, one of the whole account on lines of everything only.
 */
export interface RiskSettingSpec {
  readonly kind:
    | "lots"
    | "count"
    | "ticks"
    | "seconds"
    | "percent"
    | "money"
    | "flag"
    | "list"
    | "windows"
    | "daily-time"
    | "loss-rule";
  readonly reach: "instrument" | "class" | "account";
  /** Larger is stricter; absent: smaller is. */
  readonly isFloor?: true;
  /** Only on lines of everybody, or of a partner. */
  readonly scopes?: readonly ("default" | "partner")[];
}

/** Numbers: lots, counts, ticks, seconds, per cent; money in major units of the account's own currency. */
export const riskNumbers = {
  maxLotsPerOrder: { kind: "lots", reach: "instrument" },
  maxPositionLots: { kind: "lots", reach: "instrument" },
  maxLongLots: { kind: "lots", reach: "instrument" },
  maxShortLots: { kind: "lots", reach: "instrument" },
  maxGrossLots: { kind: "lots", reach: "instrument" },
  maxClassLots: { kind: "lots", reach: "class" },
  maxTotalLots: { kind: "lots", reach: "account" },
  maxOrderExposure: { kind: "money", reach: "instrument" },
  maxExposure: { kind: "money", reach: "instrument" },
  maxClassExposure: { kind: "money", reach: "class" },
  maxTotalExposure: { kind: "money", reach: "account" },
  maxMarginUsed: { kind: "money", reach: "account" },
  marginPercent: { kind: "percent", reach: "instrument", isFloor: true },
  maxInstruments: { kind: "count", reach: "account" },
  maxWorkingOrders: { kind: "count", reach: "account" },
  maxOrdersPerMinute: { kind: "count", reach: "account" },
  repeatOrderSeconds: { kind: "seconds", reach: "instrument", isFloor: true },
  minHoldingSeconds: { kind: "seconds", reach: "instrument", isFloor: true },
  maxSlippageTicks: { kind: "ticks", reach: "instrument" },
  partnerMaxLots: { kind: "lots", reach: "instrument", scopes: ["default", "partner"] },
  partnerMaxExposure: { kind: "money", reach: "instrument", scopes: ["default", "partner"] },
  houseMaxLots: { kind: "lots", reach: "instrument", scopes: ["default"] },
  houseMaxExposure: { kind: "money", reach: "instrument", scopes: ["default"] },
} as const satisfies Record<string, RiskSettingSpec>;
export type RiskNumber = keyof typeof riskNumbers;

/** Limits on what is lost and won; each is one rule, inherited whole. */
export const lossSettings = [
  "dailyLossAlert",
  "dailyLoss",
  "weeklyLossAlert",
  "weeklyLoss",
  "trailingDrawdown",
  "dailyProfit",
  "weeklyProfit",
] as const;
export type LossSetting = (typeof lossSettings)[number];

const lossRule = { kind: "loss-rule", reach: "account" } as const;

/** Every setting, in the order in which the table shows them. */
export const riskSettings = {
  ...riskNumbers,
  isStopLossMandatory: { kind: "flag", reach: "instrument" },
  allowed: { kind: "list", reach: "account" },
  tradingWindows: { kind: "windows", reach: "instrument" },
  flattenTime: { kind: "daily-time", reach: "account" },
  dailyLossAlert: lossRule,
  dailyLoss: lossRule,
  weeklyLossAlert: lossRule,
  weeklyLoss: lossRule,
  trailingDrawdown: lossRule,
  dailyProfit: lossRule,
  weeklyProfit: lossRule,
} as const satisfies Record<string, RiskSettingSpec>;
export type RiskSetting = keyof typeof riskSettings;
export const riskSettingNames = Object.keys(riskSettings) as readonly RiskSetting[];

/** What a rehearsal does not try: what was refused or closed for these stays as it was recorded. */
export const unplayedSettings: readonly RiskSetting[] = ["marginPercent", "flattenTime"];

/** What becomes of a change to the table: it waits for a second person only where it loosens by more than the operator's threshold. */
export const riskChangeStates = ["draft", "proposed", "applied", "rejected", "withdrawn"] as const;
export type RiskChangeState = (typeof riskChangeStates)[number];

/** How far a change's play through recorded orders is. */
export const rehearsalStates = ["waiting", "running", "done", "failed"] as const;
export type RehearsalState = (typeof rehearsalStates)[number];

export const riskDecisionAbouts = ["new-order", "amendment"] as const;
export type RiskDecisionAbout = (typeof riskDecisionAbouts)[number];

/** What a change does to a value in force: other values than amounts can't be told as tighter or looser. */
export const riskDirections = ["same", "tighter", "looser", "other"] as const;
export type RiskDirection = (typeof riskDirections)[number];

export const riskDecisionOutcomes = ["accepted", "refused"] as const;
export type RiskDecisionOutcome = (typeof riskDecisionOutcomes)[number];
