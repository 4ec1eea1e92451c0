import type { AccountState, Book } from "#contracts/names.ts";
import type { DepositRefusalCode, DepositReviewReason, DepositState, PaymentStatus } from "#contracts/payment-names.ts";
import { channelFee, type FeeSchedule } from "./channel-fee.ts";
import { isSameName } from "./person-name.ts";
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

/** A deposit as it stands when the channel says something about it. */
export interface StandingDeposit {
  readonly state: DepositState;
  /** null: nobody was told to pay an amount. */
  readonly asked: MinorUnits | null;
  readonly isSomebodys: boolean;
}

/** What the channel says now: as `paid` and as `reversed`, of how much. */
export interface PaymentFact {
  readonly status: PaymentStatus;
  readonly amount: MinorUnits;
}

/** What else is known of a payment. */
export interface PaymentCircumstances {
  /** Every notice of it named the same amount. */
  readonly othersAgree: boolean;
  /** Read in a statement: who paid, and whose account it is to. null: the channel itself has said it, of its own client. */
  readonly transfer: { readonly payer: string; readonly trader: string } | null;
}

/** What becomes of a deposit: nothing, its state alone, its money credited, held for a person, or taken back. */
export type DepositStep =
  | { readonly kind: "none" }
  | { readonly kind: "turn"; readonly to: "waiting" | "failed" }
  | {
      readonly kind: "credit";
      readonly fee: MinorUnits;
      readonly withdrawableDays: number;
      readonly checks: readonly DepositCheck[];
    }
  | {
      readonly kind: "hold";
      readonly to: "underpaid" | "overpaid" | "in-review" | "unmatched";
      readonly checks: readonly DepositCheck[];
    }
  | { readonly kind: "take-back" };

const beforeMoney: readonly DepositState[] = ["waiting", "unknown", "expired", "failed"];
const withMoney: readonly DepositState[] = ["underpaid", "overpaid", "in-review", "unmatched", "credited"];

/**
 * Decides what a fact does to a deposit. Facts may come twice, late and in any order: what has been credited is not credited again, a
 * reversal that comes first leaves nothing to credit, and money that came is never passed over. `context` null: nothing is allowed there.
 */
export function decideFact(
  deposit: StandingDeposit,
  fact: PaymentFact,
  context: DepositContext | null,
  circumstances: PaymentCircumstances,
): DepositStep {
  const { state, asked } = deposit;
  if (fact.status === "reversed")
    return withMoney.includes(state) || beforeMoney.includes(state) ? { kind: "take-back" } : { kind: "none" };
  if (!beforeMoney.includes(state)) return { kind: "none" };
  if (fact.status === "pending") return state === "unknown" ? { kind: "turn", to: "waiting" } : { kind: "none" };
  if (fact.status === "failed") return state === "failed" ? { kind: "none" } : { kind: "turn", to: "failed" };
  if (!deposit.isSomebodys) return { kind: "hold", to: "unmatched", checks: [] };
  if (context === null) return { kind: "hold", to: "in-review", checks: [check("CHANNEL_CLOSED", false)] };
  return decidePaid(asked, fact.amount, context, circumstances);
}

function decidePaid(
  asked: MinorUnits | null,
  amount: MinorUnits,
  context: DepositContext,
  { othersAgree, transfer }: PaymentCircumstances,
): DepositStep {
  const money = (value: MinorUnits): string => formatDecimal(value, context.account.currencyScale);
  const checks = [
    ...limitChecks(amount, context),
    ...(asked === null ? [] : [check("AMOUNT_DIFFERS", amount === asked, money(amount), money(asked))]),
    check("NOTICE_DIFFERS", othersAgree),
    ...(transfer === null ? [] : transferChecks(amount, context, transfer)),
  ];
  if (asked !== null && amount < asked) return { kind: "hold", to: "underpaid", checks };
  if (asked !== null && amount > asked) return { kind: "hold", to: "overpaid", checks };
  if (checks.some(({ passed }) => !passed)) return { kind: "hold", to: "in-review", checks };
  const { fee, withdrawableDays } = context.rules;
  return { kind: "credit", fee: channelFee(amount, fee), withdrawableDays, checks };
}

/** One person takes a statement; above the limit another one looks at what it would credit. */
function transferChecks(
  amount: MinorUnits,
  { rules, account }: DepositContext,
  { payer, trader }: { readonly payer: string; readonly trader: string },
): DepositCheck[] {
  const money = (value: MinorUnits): string => formatDecimal(value, account.currencyScale);
  return [
    check("NAME_DIFFERS", isSameName(payer, trader), payer, trader),
    check("FOUR_EYES", amount <= rules.fourEyesAbove, money(amount), money(rules.fourEyesAbove)),
  ];
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

function check(
  code: DepositCheck["code"],
  passed: boolean,
  value: string | null = null,
  limit: string | null = null,
): DepositCheck {
  return { code, passed, value, limit };
}

function limitChecks(amount: MinorUnits, { account, rules, before }: DepositContext): DepositCheck[] {
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
