import type { AccountState, Book } from "#contracts/names.ts";
import type { DepositRefusalCode, DepositReviewReason } from "#contracts/payment-names.ts";
import { channelFee, type FeeSchedule } from "./channel-fee.ts";
import { ok, type Result, refuse } from "./result.ts";
import { formatDecimal, type MinorUnits, minorUnits } from "./units.ts";

/** What the operator allows in one channel and currency. Amounts in minor units; null: no limit. */
export interface DepositRules {
  readonly enabled: boolean;
  readonly min: MinorUnits;
  readonly max: MinorUnits | null;
  /** Sums of what came over the last 24 hours and 30 days, this one counted; what went back is not. */
  readonly dayMax: MinorUnits | null;
  readonly monthMax: MinorUnits | null;
  /** Above this two different people decide by hand. */
  readonly fourEyesAbove: MinorUnits;
  readonly fee: FeeSchedule;
  /** So many days after it was credited it can't be withdrawn. */
  readonly withdrawableDays: number;
}

export interface DepositContext {
  readonly account: { readonly book: Book; readonly state: AccountState; readonly currencyScale: number };
  readonly rules: DepositRules;
  /** The account's deposits before this one: rolling windows that end now. */
  readonly before: { readonly day: MinorUnits; readonly month: MinorUnits };
  /** Deposits of the account that wait for their payment. */
  readonly open: number;
}

/** One thing that was looked at: what was compared, and whether it passed. */
export interface DepositCheck {
  readonly code: DepositRefusalCode | DepositReviewReason;
  readonly passed: boolean;
  readonly value: string | null;
  readonly limit: string | null;
}

export interface DepositRefusal {
  readonly code: DepositRefusalCode;
  readonly checks: readonly DepositCheck[];
}

/** More than a trader needs who pays; fewer than a program makes. */
export const openDepositsMax = 10;

/** Decides a request to pay in `amount` (minor units, fee included). Every check is made; the first that failed is the refusal. */
export function decideDepositRequest(
  amount: MinorUnits,
  context: DepositContext,
): Result<readonly DepositCheck[], DepositRefusal> {
  const checks = [
    ...limitChecks(amount, context),
    check("TOO_MANY_OPEN", context.open < openDepositsMax, String(context.open), String(openDepositsMax)),
  ];
  const failed = checks.find(({ passed }) => !passed);
  return failed === undefined ? ok(checks) : refuse({ code: failed.code as DepositRefusalCode, checks });
}

/** What a deposit of `amount` costs when a person credits it: never all of it, so that something is left to credit. */
export const feeWithin = (amount: MinorUnits, schedule: FeeSchedule): MinorUnits => {
  const fee = channelFee(amount, schedule);
  return fee < amount ? fee : minorUnits(0n);
};

/** How many different people decide by hand about `amount`; null: no rules for it, so two. */
export const reviewsNeededFor = (amount: MinorUnits, rules: DepositRules | null): 1 | 2 =>
  rules === null || amount > rules.fourEyesAbove ? 2 : 1;

/** What of `amount` that the channel took back is taken from the account now, and what the trader owes. Minor units. */
export function splitReversal(amount: MinorUnits, available: bigint): { taken: MinorUnits; owed: MinorUnits } {
  const taken = available <= 0n ? 0n : available < amount ? available : amount;
  return { taken: minorUnits(taken), owed: minorUnits(amount - taken) };
}

const firstPollMs = 120_000;
const pollMsMax = 3_600_000;

/** How long to wait before the channel is asked again, after `polls` times: 2 minutes, doubled each time, at most an hour. */
export const pollDelayMs = (polls: number): number => Math.min(pollMsMax, firstPollMs * 2 ** Math.min(polls, 10));

/** One line of what was looked at. */
export function check(
  code: DepositCheck["code"],
  passed: boolean,
  value: string | null = null,
  limit: string | null = null,
): DepositCheck {
  return { code, passed, value, limit };
}

/** What is looked at of every deposit, asked for or come. */
export function limitChecks(amount: MinorUnits, { account, rules, before }: DepositContext): DepositCheck[] {
  const money = (value: bigint | null): string | null =>
    value === null ? null : formatDecimal(value, account.currencyScale);
  const within = (code: DepositRefusalCode, value: bigint, limit: bigint | null): DepositCheck =>
    check(code, limit === null || value <= limit, money(value), money(limit));
  const fee = channelFee(amount, rules.fee);
  return [
    check("DEMO_ACCOUNT", account.book === "live", account.book),
    check("ACCOUNT_DISABLED", account.state !== "disabled", account.state),
    check("CHANNEL_CLOSED", rules.enabled),
    check("AMOUNT_MIN", amount >= rules.min, money(amount), money(rules.min)),
    within("AMOUNT_MAX", amount, rules.max),
    check("FEE_EXCEEDS", amount > fee, money(amount), money(fee)),
    within("DAY_LIMIT", before.day + amount, rules.dayMax),
    within("MONTH_LIMIT", before.month + amount, rules.monthMax),
  ];
}
