import { type RiskDirection, type RiskSetting, type RiskSettingSpec, riskNumbers } from "#contracts/risk-names.ts";
import type { LossRule } from "./loss-rule.ts";
import { isLossSetting, isNumberSetting, type RiskSettings } from "./risk-settings.ts";

/** By how much a change loosens a line: per cent of the limit as it was, rounded up; "fully" where a limit is taken away or can't be compared. */
export type Loosening = bigint | "fully";

/**
 * The most that any setting is loosened by; 0n: none is. A setting that is newly set, or made stricter, loosens nothing, though a wider line
 * may have said less: who adds a line to a table knows what he adds. Hours, lists and rules that change otherwise than in their amount
 * count as loosened fully.
 */
export function looseningOf(before: RiskSettings, after: RiskSettings): Loosening {
  let most = 0n;
  for (const name of Object.keys(before) as RiskSetting[]) {
    const one = looseningOfSetting(name, before[name], after[name]);
    if (one === "fully") return one;
    if (one > most) most = one;
  }
  return most;
}

/** Whether a change that loosens by so much waits for a second person; null: the operator asks for none. */
export const needsSecond = (loosening: Loosening, abovePercent: bigint | null): boolean =>
  abovePercent !== null && (loosening === "fully" || loosening > abovePercent);

/** Which way a value is changed, by the same measure; undefined: nothing is set. */
export function directionOf(name: RiskSetting, before: unknown, after: unknown): RiskDirection {
  if (before === undefined) return after === undefined ? "same" : "tighter";
  const isLooser = looseningOfSetting(name, before, after) !== 0n;
  const isTighter = after !== undefined && looseningOfSetting(name, after, before) !== 0n;
  if (isLooser && isTighter) return "other";
  return isLooser ? "looser" : isTighter ? "tighter" : "same";
}

function looseningOfSetting(name: RiskSetting, before: unknown, after: unknown): Loosening {
  if (before === undefined) return 0n;
  if (after === undefined) return "fully";
  if (isNumberSetting(name)) {
    const { isFloor }: RiskSettingSpec = riskNumbers[name];
    const [was, is] = [before as bigint, after as bigint];
    return isFloor === true ? growth(is, was) : growth(was, is);
  }
  if (isLossSetting(name)) return looseningOfRule(before as LossRule, after as LossRule);
  if (typeof before === "boolean") return before && after === false ? "fully" : 0n;
  return told(before) === told(after) ? 0n : "fully";
}

/** Per cent by which `to` is more than `from`, rounded up; from nothing to something is fully. */
function growth(from: bigint, to: bigint): Loosening {
  if (to <= from) return 0n;
  return from === 0n ? "fully" : ((to - from) * 100n + from - 1n) / from;
}

function looseningOfRule(before: LossRule, after: LossRule): Loosening {
  const [was, is] = [before.amount, after.amount];
  if (was.unit !== is.unit || told({ ...before, amount: null }) !== told({ ...after, amount: null })) return "fully";
  return growth(sizeOf(was), sizeOf(is));
}

const sizeOf = (amount: LossRule["amount"]): bigint => ("value" in amount ? amount.value : amount.basisPoints);

const told = (value: unknown): string =>
  JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? `${part}` : part));
