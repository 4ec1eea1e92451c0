/** The closed lists of limits that traders set for themselves. No imports, as in `names.ts`. */

/** What a trader may set for himself, of all that the risk table measures. */
export const ownSettings = [
  "dailyLoss",
  "maxLotsPerOrder",
  "maxPositionLots",
  "maxOrdersPerMinute",
  "tradingWindows",
  "allowed",
] as const;
export type OwnSetting = (typeof ownSettings)[number];

/** What the trader's own daily loss does: nothing may be opened until the next day, or everything is closed too. */
export const ownLossActions = ["reduce-only", "flatten-until-reset"] as const;
export type OwnLossAction = (typeof ownLossActions)[number];
