import type { AccountState, Book, WithdrawalRefusalCode, WithdrawalReviewReason } from "#contracts/names.ts";
import type { SourceRule } from "#contracts/payment-names.ts";
import { channelFee, type FeeSchedule } from "./channel-fee.ts";
import { isSameName } from "./person-name.ts";
import { ok, type Result, refuse } from "./result.ts";
import { formatDecimal, type MinorUnits, minorUnits } from "./units.ts";

/** What the operator allows in one channel and currency. Amounts in minor units; null: no limit. */
export interface WithdrawalRules {
  readonly enabled: boolean;
  readonly min: MinorUnits;
  readonly max: MinorUnits | null;
  /** Requests of an account within 24 hours, this one counted. */
  readonly dayCount: bigint | null;
  /** Sums over the last 24 hours and 30 days, this one counted; cancelled, rejected and returned ones are not. */
  readonly dayMax: MinorUnits | null;
  readonly monthMax: MinorUnits | null;
  /** Up to this a withdrawal is approved without a person. 0: never. */
  readonly autoUpTo: MinorUnits;
  /** Above this two different people approve. */
  readonly fourEyesAbove: MinorUnits;
  /** How long a new target, and the account after a change of its security, waits. */
  readonly coolingMs: number;
  /** Money goes back first the way it came: what of it is still to go elsewhere is looked at, or refused. */
  readonly sourceFirst: SourceRule;
  readonly fee: FeeSchedule;
}

/** What a trader owes the house since a channel took back what he had no more. Minor units, always more than zero. */
export interface Debt {
  readonly amount: MinorUnits;
  readonly currency: string;
  readonly currencyScale: number;
}

export interface WithdrawalContext {
  readonly account: { readonly book: Book; readonly state: AccountState; readonly currencyScale: number };
  readonly rules: WithdrawalRules;
  /** The account's withdrawals before this one: rolling windows that end now. */
  readonly before: { readonly dayCount: bigint; readonly day: MinorUnits; readonly month: MinorUnits };
  /** min(balance, equity) - held. */
  readonly available: MinorUnits;
  /** What of it came by channels that may yet take it back, and is not to be withdrawn before its day; losses are not taken from it. */
  readonly fresh: MinorUnits;
  /** What came by other channels and has not gone back there: in all, and by those that pay out. Losses are not taken from it. */
  readonly elsewhere: { readonly all: MinorUnits; readonly payable: MinorUnits };
  /** Of the trader, on whichever account: until they are collected nothing is paid out. */
  readonly debts: readonly Debt[];
  /** Instruments with a position and no price: what could be lost there is not known. */
  readonly unmarked: readonly string[];
  /** The name the money is to go to, and the trader's own. */
  readonly payee: { readonly name: string; readonly trader: string };
  /** Age of the target in ms, and of the last change of password or second factor; null: never changed. */
  readonly targetAgeMs: number;
  readonly securityAgeMs: number | null;
}

/** One thing that was looked at: what was compared, and whether it passed. */
export interface WithdrawalCheck {
  readonly code: WithdrawalRefusalCode | WithdrawalReviewReason;
  readonly passed: boolean;
  readonly value: string | null;
  readonly limit: string | null;
}

/** A withdrawal that is taken: its fee, how many people must approve it, and how long it waits at least. */
export interface AcceptedWithdrawal {
  readonly fee: MinorUnits;
  readonly reviewsNeeded: 0 | 1 | 2;
  /** Not sent before so many ms from now. */
  readonly waitMs: number;
  readonly checks: readonly WithdrawalCheck[];
}

export interface WithdrawalRefusal {
  readonly code: WithdrawalRefusalCode;
  readonly checks: readonly WithdrawalCheck[];
}

/**
 * Decides a request to withdraw `amount` (minor units, fee included). Every check is made and returned; the first that failed, in
 * the order of `withdrawalRefusalCodes`, is the refusal. What makes it taken but looked at stands behind them.
 */
export function decideWithdrawal(
  amount: MinorUnits,
  context: WithdrawalContext,
): Result<AcceptedWithdrawal, WithdrawalRefusal> {
  const { rules } = context;
  const fee = channelFee(amount, rules.fee);
  const refusing = refusalChecks(amount, fee, context);
  const failed = refusing.find(({ passed }) => !passed);
  if (failed !== undefined)
    return refuse({ code: failed.code as WithdrawalRefusalCode, checks: refusing.map(({ check }) => check) });
  const waitMs = coolingLeft(context);
  const isLookedAt = amount > rules.autoUpTo || waitMs > 0 || !isOwnName(context) || !isOfSource(amount, context);
  const reviewsNeeded = amount > rules.fourEyesAbove ? 2 : isLookedAt ? 1 : 0;
  return ok({
    ...{ fee, reviewsNeeded, waitMs },
    checks: [...refusing.map(({ check }) => check), ...reviewChecks(amount, context)],
  });
}

/** What an account may be paid by a channel now. */
export interface WithdrawalRoom {
  /** The largest amount that would be taken, fee included; never below zero. */
  readonly largest: MinorUnits;
  /** Of the rolling 24 hours and 30 days; null: no limit. */
  readonly dayLeft: MinorUnits | null;
  readonly monthLeft: MinorUnits | null;
  readonly requestsLeft: bigint | null;
}

/** The room that the checks of `decideWithdrawal` leave: `largest` would be taken, one minor unit more would be refused. */
export function withdrawalRoom({
  account,
  rules,
  before,
  available,
  fresh,
  elsewhere,
  debts,
  unmarked,
}: Omit<WithdrawalContext, "payee" | "targetAgeMs" | "securityAgeMs">): WithdrawalRoom {
  const left = (limit: bigint | null, used: bigint): MinorUnits | null =>
    limit === null ? null : minorUnits(limit > used ? limit - used : 0n);
  const [dayLeft, monthLeft] = [left(rules.dayMax, before.day), left(rules.monthMax, before.month)];
  const requestsLeft = left(rules.dayCount, before.dayCount);
  const ofSource = rules.sourceFirst === "refuse" ? withdrawable(available, elsewhere.payable) : null;
  const bounds = [withdrawable(available, fresh), ofSource, rules.max, dayLeft, monthLeft].filter(
    (bound) => bound !== null,
  );
  const least = bounds.reduce((a, b) => (a < b ? a : b));
  const mayAsk = account.book === "live" && account.state !== "disabled" && debts.length === 0 && rules.enabled;
  const isTaken = mayAsk && requestsLeft !== 0n && unmarked.length === 0 && least >= rules.min;
  const largest = isTaken && least > channelFee(least, rules.fee) ? least : minorUnits(0n);
  return { largest, dayLeft, monthLeft, requestsLeft };
}

/** Below zero only when what is available is. */
const withdrawable = (available: MinorUnits, reserved: MinorUnits): MinorUnits =>
  minorUnits(available > reserved ? available - reserved : available < 0n ? available : 0n);

interface Refusing {
  readonly code: WithdrawalRefusalCode;
  readonly passed: boolean;
  readonly check: WithdrawalCheck;
}

function refusalChecks(amount: MinorUnits, fee: MinorUnits, context: WithdrawalContext): Refusing[] {
  const { account, rules, before, available, fresh, elsewhere, debts, unmarked } = context;
  const refusesSource = rules.sourceFirst === "refuse" && elsewhere.payable > 0n;
  const money = (value: bigint | null): string | null =>
    value === null ? null : formatDecimal(value, account.currencyScale);
  const check = (
    code: WithdrawalRefusalCode,
    passed: boolean,
    value: string | null = null,
    limit: string | null = null,
  ): Refusing => ({ code, passed, check: { code, passed, value, limit } });
  const within = (code: WithdrawalRefusalCode, value: bigint, limit: bigint | null): Refusing =>
    check(code, limit === null || value <= limit, money(value), money(limit));
  const count = before.dayCount + 1n;
  return [
    check("DEMO_ACCOUNT", account.book === "live", account.book),
    check("ACCOUNT_DISABLED", account.state !== "disabled", account.state),
    check("DEBT_OWED", debts.length === 0, debts.map(debtText).join(", ") || null),
    check("CHANNEL_CLOSED", rules.enabled),
    check("AMOUNT_MIN", amount >= rules.min, money(amount), money(rules.min)),
    within("AMOUNT_MAX", amount, rules.max),
    check("FEE_EXCEEDS", amount > fee, money(amount), money(fee)),
    check(
      "DAY_COUNT",
      rules.dayCount === null || count <= rules.dayCount,
      `${count}`,
      rules.dayCount?.toString() ?? null,
    ),
    within("DAY_LIMIT", before.day + amount, rules.dayMax),
    within("MONTH_LIMIT", before.month + amount, rules.monthMax),
    check("PRICE_UNKNOWN", unmarked.length === 0, unmarked.join(" ") || null),
    within("INSUFFICIENT_FUNDS", amount, available),
    within("DEPOSIT_TOO_NEW", amount, fresh === 0n ? null : withdrawable(available, fresh)),
    within("SOURCE_FIRST", amount, refusesSource ? withdrawable(available, elsewhere.payable) : null),
  ];
}

const debtText = ({ amount, currency, currencyScale }: Debt): string =>
  `${formatDecimal(amount, currencyScale)} ${currency}`;

const coolingLeft = ({ rules, targetAgeMs, securityAgeMs }: WithdrawalContext): number =>
  Math.max(0, rules.coolingMs - targetAgeMs, securityAgeMs === null ? 0 : rules.coolingMs - securityAgeMs);

const isOwnName = ({ payee }: WithdrawalContext): boolean => isSameName(payee.name, payee.trader);

/** Whether it leaves what came another way where it is. */
const isOfSource = (amount: MinorUnits, { rules, available, elsewhere }: WithdrawalContext): boolean =>
  rules.sourceFirst === "off" || elsewhere.all === 0n || amount <= withdrawable(available, elsewhere.all);

function reviewChecks(amount: MinorUnits, context: WithdrawalContext): WithdrawalCheck[] {
  const { account, rules, available, elsewhere, targetAgeMs, securityAgeMs } = context;
  const money = (value: bigint): string => formatDecimal(value, account.currencyScale);
  const hours = (ms: number): string => `${Math.floor(ms / 3_600_000)} h`;
  const cooling = hours(rules.coolingMs);
  return [
    {
      code: "NEW_TARGET",
      passed: targetAgeMs >= rules.coolingMs,
      value: hours(targetAgeMs),
      limit: cooling,
    },
    {
      code: "SECURITY_CHANGE",
      passed: securityAgeMs === null || securityAgeMs >= rules.coolingMs,
      value: securityAgeMs === null ? null : hours(securityAgeMs),
      limit: cooling,
    },
    { code: "NAME_DIFFERS", passed: isOwnName(context), value: context.payee.name, limit: context.payee.trader },
    {
      code: "SOURCE_DIFFERS",
      passed: isOfSource(amount, context),
      value: money(amount),
      limit: elsewhere.all === 0n ? null : money(withdrawable(available, elsewhere.all)),
    },
    { code: "ABOVE_AUTO", passed: amount <= rules.autoUpTo, value: money(amount), limit: money(rules.autoUpTo) },
    {
      code: "FOUR_EYES",
      passed: amount <= rules.fourEyesAbove,
      value: money(amount),
      limit: money(rules.fourEyesAbove),
    },
  ];
}
