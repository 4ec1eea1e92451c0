import { type RiskNumber, type RiskSettingSpec, riskNumbers } from "#contracts/risk-names.ts";
import type { Held } from "./risk-checks.ts";
import { minorOf } from "./risk-settings.ts";
import type { Effective, EffectiveSettings, RiskObject } from "./risk-table.ts";

/** Limits on what an account holds, whatever it orders next. Those of the single order, of hours and lists put nobody in breach. */
export const heldSettings = [
  "maxPositionLots",
  "maxLongLots",
  "maxShortLots",
  "maxGrossLots",
  "maxClassLots",
  "maxTotalLots",
  "maxExposure",
  "maxClassExposure",
  "maxTotalExposure",
  "maxMarginUsed",
  "maxInstruments",
  "maxWorkingOrders",
] as const satisfies readonly RiskNumber[];
export type HeldSetting = (typeof heldSettings)[number];

/** What an account has at work now. */
export interface PresentAccount {
  readonly held: readonly Held[];
  /** Its open orders. */
  readonly working: number;
}

/** What is measured by a limit, as the check of an order measures it without one. */
export interface Measure {
  readonly setting: HeldSetting;
  /** Whose settings are asked: an instrument's, of a class those of any instrument in it, or (null) the account's. */
  readonly about: RiskObject | null;
  readonly instrumentId: string | null;
  readonly assetClass: string | null;
  /** Lots, a count, or minor units of money. */
  readonly value: bigint;
}

/**
 * All that an account is measured by now: waiting orders of the other side are not trusted to reduce a position, and a position of an account judged
 * together with it does not make up for the opposite one.
 */
export function measuresOf(own: PresentAccount, mates: readonly PresentAccount[]): Measure[] {
  if (own.held.length === 0 && own.working === 0) return [];
  const all = [own, ...mates].flatMap(({ held }) => held);
  const classes = new Map(own.held.map((held) => [held.assetClass, held]));
  return [
    ...own.held.flatMap((held) => instrumentMeasures(held, all)),
    ...[...classes.values()].flatMap((held) => classMeasures(held, all)),
    ...accountMeasures(own, all),
  ];
}

function instrumentMeasures({ instrumentId, assetClass }: Held, all: readonly Held[]): Measure[] {
  const here = all.filter((one) => one.instrumentId === instrumentId);
  const long = sum(here, (one) => one.long);
  const short = sum(here, (one) => one.short);
  const of = { about: { id: instrumentId, assetClass }, instrumentId, assetClass: null };
  return [
    { ...of, setting: "maxPositionLots", value: long > short ? long : short },
    { ...of, setting: "maxLongLots", value: long },
    { ...of, setting: "maxShortLots", value: short },
    { ...of, setting: "maxGrossLots", value: sum(here, gross) },
    { ...of, setting: "maxExposure", value: sum(here, worth) },
  ];
}

function classMeasures({ instrumentId, assetClass }: Held, all: readonly Held[]): Measure[] {
  const alike = all.filter((one) => one.assetClass === assetClass);
  const of = { about: { id: instrumentId, assetClass }, instrumentId: null, assetClass };
  return [
    { ...of, setting: "maxClassLots", value: sum(alike, gross) },
    { ...of, setting: "maxClassExposure", value: sum(alike, worth) },
  ];
}

function accountMeasures({ working }: PresentAccount, all: readonly Held[]): Measure[] {
  const of = { about: null, instrumentId: null, assetClass: null };
  const open = new Set(all.filter((one) => gross(one) > 0n).map(({ instrumentId }) => instrumentId));
  return [
    { ...of, setting: "maxTotalLots", value: sum(all, gross) },
    { ...of, setting: "maxTotalExposure", value: sum(all, worth) },
    { ...of, setting: "maxMarginUsed", value: sum(all, ({ margin }) => margin) },
    { ...of, setting: "maxInstruments", value: BigInt(open.size) },
    { ...of, setting: "maxWorkingOrders", value: BigInt(working) },
  ];
}

/** A limit as it is compared with a measure: lots, a count, or minor units of the account's currency. Null: none is in force. */
export function limitFor(
  setting: HeldSetting,
  settings: EffectiveSettings,
  currencyScale: number,
): Effective<bigint> | null {
  const limit = settings[setting];
  if (limit === undefined) return null;
  return isMoney(setting) ? { ...limit, value: minorOf(limit.value, currencyScale) } : limit;
}

export const isMoney = (setting: RiskNumber): boolean => {
  const { kind }: RiskSettingSpec = riskNumbers[setting];
  return kind === "money";
};

const gross = ({ long, short }: Held): bigint => (long > short ? long : short);
const worth = (held: Held): bigint => gross(held) * held.lotValue;
const sum = (all: readonly Held[], of: (held: Held) => bigint): bigint =>
  all.reduce((total, held) => total + of(held), 0n);
