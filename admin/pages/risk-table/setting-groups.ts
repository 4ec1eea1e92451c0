import type { PathLevel } from "#contracts/risk-api.ts";
import { lossSettings, type RiskSetting, type RiskSettingSpec, riskSettings } from "#contracts/risk-names.ts";

/** The table's rows, in the order in which a person thinks of them. */
export const settingGroups = {
  orders: ["maxLotsPerOrder", "maxOrderExposure", "maxSlippageTicks", "isStopLossMandatory"],
  positions: [
    "maxPositionLots",
    "maxLongLots",
    "maxShortLots",
    "maxGrossLots",
    "maxClassLots",
    "maxTotalLots",
    "maxInstruments",
  ],
  money: ["maxExposure", "maxClassExposure", "maxTotalExposure", "maxMarginUsed", "marginPercent"],
  flow: ["maxOrdersPerMinute", "repeatOrderSeconds", "minHoldingSeconds", "maxWorkingOrders"],
  hours: ["allowed", "tradingWindows", "flattenTime"],
  losses: lossSettings,
  caps: ["partnerMaxLots", "partnerMaxExposure", "houseMaxLots", "houseMaxExposure"],
} as const satisfies Record<string, readonly RiskSetting[]>;
export type SettingGroup = keyof typeof settingGroups;

const reachRank = { instrument: 0, class: 1, account: 2 } as const;

/** Whether a line of this level may carry the setting at all. The server decides all the same. */
export function mayCarry(name: RiskSetting, { target }: Pick<PathLevel, "target">): boolean {
  const { reach, scopes }: RiskSettingSpec = riskSettings[name];
  const object = target.instrumentId !== null ? "instrument" : target.assetClass !== null ? "class" : "account";
  if (reachRank[reach] > reachRank[object]) return false;
  return scopes === undefined || (scopes as readonly string[]).includes(target.scope);
}
