import type {
  LossAction,
  LossBase,
  LossMeasure,
  LossRuleFault,
  LossSlot,
  LossUnit,
  TrailingMode,
} from "#contracts/loss-names.ts";
import { assert, ok, type Result, refuse } from "./result.ts";
import { formatDecimal, parseDecimal } from "./units.ts";
import { isZone } from "./zone-time.ts";

/** Digits of an amount of money in a rule, which belongs to no currency: finer than any of them. */
export const ruleMoneyDigits = 8;

/** A limit's size. Per cent in basis points: 5 % = 500n. */
export type LossAmount =
  | {
      readonly unit: "money" /** In 10^-8 of a major unit of the account's currency; above 0. */;
      readonly value: bigint;
    }
  | { readonly unit: Exclude<LossUnit, "money">; readonly basisPoints: bigint };

/** The local time at which counting begins anew; `weekday` of weekly rules only, 0 is Sunday. */
export interface LossReset {
  /** "HH:MM". */
  readonly time: string;
  /** IANA name. */
  readonly zone: string;
  readonly weekday: number | null;
}

export interface Trailing {
  readonly mode: TrailingMode;
  /** The floor stops rising so much above what was paid in, 10^-8 of a major unit; null: never. */
  readonly lockAt: bigint | null;
}

/** One loss limit or profit trigger, whole: it is inherited as it is, never half from here and half from there. */
export interface LossRule {
  readonly amount: LossAmount;
  readonly base: LossBase;
  readonly measure: LossMeasure;
  readonly reset: LossReset;
  /** Of slot `trailing-drawdown`, else null. */
  readonly trailing: Trailing | null;
  readonly action: LossAction;
}

/** A rule in force for somebody, and the line of the risk table it came from. */
export interface EffectiveLossRule {
  readonly slot: LossSlot;
  readonly rule: LossRule;
  /** As checks name their source: "default", "partner", "agent:<code>", "group:<name>", "trader". */
  readonly source: string;
  readonly version: number;
}

/** A rule as a cell of the risk table stores it and a person writes it: decimals in major units or per cent. */
export interface LossRuleCell {
  readonly amount: string;
  readonly unit: LossUnit;
  readonly base: LossBase;
  readonly measure: LossMeasure;
  readonly resetTime: string;
  readonly resetZone: string;
  /** 0 is Sunday; of weekly rules. */
  readonly resetWeekday?: number | null | undefined;
  readonly trailing?: TrailingMode | null | undefined;
  /** How far above what was paid in a trailing floor stops; "0" where it stops at the start. */
  readonly lockAt?: string | null | undefined;
  readonly action: LossAction;
}

/** What is wrong with a rule, and in which field. */
export interface LossRuleProblem {
  readonly field: keyof LossRuleCell;
  readonly fault: LossRuleFault;
}

export const isAlertSlot = (slot: LossSlot): boolean => slot === "daily-loss-alert" || slot === "weekly-loss-alert";
export const isProfitSlot = (slot: LossSlot): boolean => slot === "daily-profit" || slot === "weekly-profit";
const isWeekly = (slot: LossSlot): boolean => slot.startsWith("weekly");

/** Reads a rule as a person wrote it, or says everything that is wrong with it. */
export function parseLossRule(slot: LossSlot, cell: LossRuleCell): Result<LossRule, readonly LossRuleProblem[]> {
  const problems: LossRuleProblem[] = [];
  const wrong = (field: keyof LossRuleCell, fault: LossRuleFault | null): void => {
    if (fault !== null) problems.push({ field, fault });
  };
  const amount = amountOf(slot, cell);
  if (!amount.ok) wrong("amount", amount.refusal);
  const lockAt = lockOf(cell);
  if (!lockAt.ok) wrong("lockAt", lockAt.refusal);
  wrong("resetTime", timeShape.test(cell.resetTime) ? null : "not-a-time");
  wrong("resetZone", isZone(cell.resetZone) ? null : "unknown-zone");
  wrong("resetWeekday", weekdayFault(slot, cell));
  wrong("trailing", trailingFault(slot, cell));
  wrong("base", baseFits(cell) ? null : "base-does-not-fit");
  wrong("action", actionFits(slot, cell.action) ? null : "action-does-not-fit");
  if (problems.length > 0 || !amount.ok || !lockAt.ok) return refuse(problems);
  return ok({
    amount: amount.value,
    base: cell.base,
    measure: cell.measure,
    reset: { time: cell.resetTime, zone: cell.resetZone, weekday: cell.resetWeekday ?? null },
    trailing: isGiven(cell.trailing) ? { mode: cell.trailing, lockAt: lockAt.value } : null,
    action: cell.action,
  });
}

/** Reads a rule that was parsed before it was stored. */
export function readLossRule(slot: LossSlot, cell: LossRuleCell): LossRule {
  const read = parseLossRule(slot, cell);
  assert(read.ok, `the stored ${slot} rule ${JSON.stringify(cell)} cannot be read`);
  return read.value;
}

/** The reverse of parseLossRule: the same rule always gives the same text, so versions can be compared. */
export function writeLossRule(rule: LossRule): LossRuleCell {
  const { amount, reset, trailing } = rule;
  return {
    amount: amount.unit === "money" ? money(amount.value) : trimmed(formatDecimal(amount.basisPoints, 2), 0),
    unit: amount.unit,
    base: rule.base,
    measure: rule.measure,
    resetTime: reset.time,
    resetZone: reset.zone,
    ...(reset.weekday === null ? {} : { resetWeekday: reset.weekday }),
    ...(trailing === null ? {} : { trailing: trailing.mode }),
    ...(trailing === null || trailing.lockAt === null ? {} : { lockAt: money(trailing.lockAt) }),
    action: rule.action,
  };
}

/** At least two digits, as money is written. */
const money = (value: bigint): string => trimmed(formatDecimal(value, ruleMoneyDigits), 2);

function trimmed(text: string, digitsMin: number): string {
  const [whole = "", fraction = ""] = text.split(".");
  const kept = fraction.replace(/0+$/, "").padEnd(digitsMin, "0");
  return kept === "" ? whole : `${whole}.${kept}`;
}

const timeShape = /^([01]\d|2[0-3]):[0-5]\d$/;
const isGiven = <Value>(value: Value | null | undefined): value is Value => value !== null && value !== undefined;

/** A loss of more than everything is no limit; a profit may be many times what was there. */
const percentMax = { loss: 10_000n, profit: 100_000n } as const;

function amountOf(slot: LossSlot, { unit, amount }: LossRuleCell): Result<LossAmount, LossRuleFault> {
  const value = decimalOf(amount, unit === "money" ? ruleMoneyDigits : 2);
  if (!value.ok) return value;
  if (value.value <= 0n) return refuse("not-above-zero");
  if (unit === "money") return ok({ unit, value: value.value });
  if (!isProfitSlot(slot) && value.value > percentMax.loss) return refuse("percent-over-100");
  if (value.value > percentMax.profit) return refuse("percent-over-1000");
  return ok({ unit, basisPoints: value.value });
}

function lockOf({ trailing, lockAt }: LossRuleCell): Result<bigint | null, LossRuleFault> {
  if (!isGiven(lockAt)) return ok(null);
  if (!isGiven(trailing)) return refuse("lock-without-trailing");
  const value = decimalOf(lockAt, ruleMoneyDigits);
  return value.ok && value.value < 0n ? refuse("negative") : value;
}

/** What is more than any account ever holds is a slip of the pen, and must fit the arithmetic of the database. */
const moneyCharsMax = 20;

function decimalOf(text: string, digits: number): Result<bigint, LossRuleFault> {
  const exact = parseDecimal(text, digits);
  if (exact !== null && text.length <= moneyCharsMax) return ok(exact);
  return refuse(exact !== null || parseDecimal(text, 40) !== null ? "too-many-digits" : "not-a-decimal");
}

function weekdayFault(slot: LossSlot, { resetWeekday }: LossRuleCell): LossRuleFault | null {
  if (!isGiven(resetWeekday)) return isWeekly(slot) ? "weekday-missing" : null;
  if (!isWeekly(slot)) return "weekday-without-week";
  return Number.isInteger(resetWeekday) && resetWeekday >= 0 && resetWeekday <= 6 ? null : "not-a-weekday";
}

function trailingFault(slot: LossSlot, { trailing }: LossRuleCell): LossRuleFault | null {
  if (slot === "trailing-drawdown") return isGiven(trailing) ? null : "trailing-missing";
  return isGiven(trailing) ? "trailing-elsewhere" : null;
}

/**
 * A peak that rises with every price is that of what is tested; at resets it is the base, which then cannot be what was paid in.
 * What is booked is not compared with an equity.
 */
function baseFits({ base, measure, trailing }: LossRuleCell): boolean {
  if (trailing === "real-time") return base === (measure === "equity" ? "equity-at-reset" : "balance-at-reset");
  if (measure === "realized") return base === "balance-at-reset" || (base === "initial" && !isGiven(trailing));
  return base !== "initial" || !isGiven(trailing);
}

/** An alert only tells. A drawdown has no reset that would end a lock. */
function actionFits(slot: LossSlot, action: LossAction): boolean {
  if (isAlertSlot(slot)) return action === "alert";
  return slot !== "trailing-drawdown" || action !== "flatten-until-reset";
}
