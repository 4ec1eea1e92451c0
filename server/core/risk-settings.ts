import type { LossSlot } from "#contracts/loss-names.ts";
import {
  type LossSetting,
  lossSettings,
  type RiskNumber,
  type RiskSetting,
  type RiskSettingSpec,
  riskNumbers,
  riskSettings,
} from "#contracts/risk-names.ts";
import { type LossRule, type LossRuleCell, parseLossRule, writeLossRule } from "./loss-rule.ts";
import { ok, type Result, refuse } from "./result.ts";
import { type DailyTime, readDailyTime, readWindows, type TradingWindow, writeWindow } from "./trading-window.ts";
import { formatDecimal, parseDecimal } from "./units.ts";

/** What one line of the risk table sets; absent: it says nothing about it, and the next wider line is asked. */
export type RiskSettings = { readonly [Name in RiskNumber]?: bigint } & {
  readonly isStopLossMandatory?: boolean;
  /** Instruments and asset classes that may be traded. */
  readonly allowed?: readonly string[];
  readonly tradingWindows?: readonly TradingWindow[];
  readonly flattenTime?: DailyTime;
} & { readonly [Name in LossSetting]?: LossRule };

/** As a line is stored and sent: lots and money as decimal strings, counts as numbers, hours as texts, loss rules as objects. */
export type WrittenSettings = Readonly<Partial<Record<RiskSetting, unknown>>>;

export interface SettingRefusal {
  readonly field: RiskSetting;
  readonly problem:
    | "unreadable"
    | "negative"
    | "too-large"
    | "below-hundred"
    | "unknown-zone"
    | "empty"
    | "overlaps"
    | "wrong-reach"
    | "wrong-scope"
    | string;
}

/** What each loss setting is called where its states and breaches are kept. */
export const lossSlots = {
  dailyLossAlert: "daily-loss-alert",
  dailyLoss: "daily-loss",
  weeklyLossAlert: "weekly-loss-alert",
  weeklyLoss: "weekly-loss",
  trailingDrawdown: "trailing-drawdown",
  dailyProfit: "daily-profit",
  weeklyProfit: "weekly-profit",
} as const satisfies Record<LossSetting, LossSlot>;

/** Money is kept to the 8th digit, finer than any currency's minor unit. */
export const moneyScale = 8;
const largest = 10n ** 15n;

/** Reads a line's settings. The first that can't be read is refused by its name. */
export function readSettings(written: WrittenSettings): Result<RiskSettings, SettingRefusal> {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(written)) {
    if (value === null || value === undefined) continue;
    if (!isSetting(name)) return refuse({ field: name as RiskSetting, problem: "unreadable" });
    const read = readSetting(name, value);
    if (!read.ok) return refuse({ field: name, problem: read.refusal });
    settings[name] = read.value;
  }
  return ok(settings as RiskSettings);
}

function readSetting(name: RiskSetting, value: unknown): Result<unknown, string> {
  if (isNumberSetting(name)) return readNumber(riskNumbers[name], value);
  if (isLossSetting(name)) {
    // Its shape is checked at the edge.
    const rule = parseLossRule(lossSlots[name], value as LossRuleCell);
    return rule.ok ? rule : refuse(rule.refusal.map(({ field, fault }) => `${field}: ${fault}`).join(", "));
  }
  if (name === "isStopLossMandatory") return typeof value === "boolean" ? ok(value) : refuse("unreadable");
  if (name === "flattenTime") return typeof value === "string" ? readDailyTime(value) : refuse("unreadable");
  if (!isTexts(value)) return refuse("unreadable");
  if (name === "tradingWindows") return readWindows(value);
  return value.length === 0 ? refuse("empty") : ok(value);
}

function readNumber({ kind }: RiskSettingSpec, value: unknown): Result<bigint, string> {
  const scale = kind === "money" ? moneyScale : 0;
  const parsed = typeof value === "string" || typeof value === "number" ? parseDecimal(`${value}`, scale) : null;
  if (parsed === null) return refuse("unreadable");
  if (parsed < 0n) return refuse("negative");
  if (kind === "percent" && parsed < 100n) return refuse("below-hundred");
  return parsed > largest * 10n ** BigInt(scale) ? refuse("too-large") : ok(parsed);
}

/** The reverse of `readSettings`, one setting at a time: as a line is stored and sent. */
export function writeSetting(name: RiskSetting, value: unknown): unknown {
  if (isNumberSetting(name)) {
    const { kind }: RiskSettingSpec = riskNumbers[name];
    // At least two digits, as money is written.
    if (kind === "money") return formatDecimal(value as bigint, moneyScale).replace(/0{1,6}$/, "");
    // Small enough for a number: at most 10^15.
    return kind === "lots" ? `${value}` : JSON.parse(`${value}`);
  }
  if (isLossSetting(name)) return writeLossRule(value as LossRule);
  if (name === "tradingWindows") return (value as readonly TradingWindow[]).map(writeWindow);
  if (name === "flattenTime") return `${(value as DailyTime).time} ${(value as DailyTime).zone}`;
  return value;
}

/** Where a line stands: for whom, and for what. */
export interface LinePlace {
  readonly scope: string;
  readonly instrumentId: string | null;
  readonly assetClass: string | null;
}

/** A setting that this line can't carry: one of the whole account on a line of one instrument, a house's cap on a trader's line. */
export function misplaced(settings: RiskSettings, place: LinePlace): SettingRefusal | null {
  for (const name of Object.keys(settings) as RiskSetting[]) {
    const { reach, scopes }: RiskSettingSpec = riskSettings[name];
    const narrow = place.instrumentId !== null ? "instrument" : place.assetClass !== null ? "class" : "account";
    if (rank[reach] > rank[narrow]) return { field: name, problem: "wrong-reach" };
    if (scopes !== undefined && !(scopes as readonly string[]).includes(place.scope))
      return { field: name, problem: "wrong-scope" };
  }
  return null;
}

const rank = { instrument: 0, class: 1, account: 2 } as const;

/** Money of a setting in the minor units of an account's currency; what a currency can't write is left off, which is never too much. */
export const minorOf = (money: bigint, currencyScale: number): bigint =>
  money / 10n ** BigInt(moneyScale - currencyScale);

export const isNumberSetting = (name: string): name is RiskNumber => name in riskNumbers;
export const isLossSetting = (name: string): name is LossSetting => (lossSettings as readonly string[]).includes(name);
const isSetting = (name: string): name is RiskSetting => name in riskSettings;
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");
