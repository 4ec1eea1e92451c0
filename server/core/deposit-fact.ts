import type { DepositState, PaymentStatus } from "#contracts/payment-names.ts";
import { channelFee } from "./channel-fee.ts";
import { check, type DepositCheck, type DepositContext, limitChecks } from "./deposit.ts";
import { isSameName } from "./person-name.ts";
import { formatDecimal, type MinorUnits, minorUnits } from "./units.ts";

/** A deposit as it stands when the channel says something about it. */
export interface StandingDeposit {
  readonly state: DepositState;
  /** null: nobody was told to pay an amount. */
  readonly asked: MinorUnits | null;
  readonly isSomebodys: boolean;
  /** What has come, and what of it has gone again; null: nothing has come. */
  readonly received: MinorUnits | null;
  readonly takenBack: MinorUnits;
  readonly wasCredited: boolean;
  /** People took it back, whatever the channel says. */
  readonly isReversedByHand: boolean;
}

/** What the channel says now: as `paid` and as `reversed`, of how much. */
export interface PaymentFact {
  readonly status: PaymentStatus;
  readonly amount: MinorUnits;
  /** What of a paid amount the channel has taken back by now; null: it does not say. */
  readonly takenBack: MinorUnits | null;
}

/** What else is known of a payment. */
export interface PaymentCircumstances {
  /** Every notice of it named the same amount. */
  readonly othersAgree: boolean;
  /** Read in a statement: who paid, and whose account it is to. null: the channel itself has said it, of its own client. */
  readonly transfer: { readonly payer: string; readonly trader: string } | null;
}

/** What becomes of a deposit: nothing, its state alone, its money credited, held for a person, taken back in part or whole, given back. */
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
  | { readonly kind: "take-back" }
  | { readonly kind: "take-part"; readonly amount: MinorUnits }
  | { readonly kind: "give-back"; readonly amount: MinorUnits; readonly to: DepositState };

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
  // What a dispute means for the money is told by the payment itself.
  if (fact.status === "disputed" || fact.status === "given-back") return { kind: "none" };
  if (!beforeMoney.includes(state)) return fact.status === "paid" ? decideTakenBack(deposit, fact) : { kind: "none" };
  if (fact.status === "pending") return state === "unknown" ? { kind: "turn", to: "waiting" } : { kind: "none" };
  if (fact.status === "failed") return state === "failed" ? { kind: "none" } : { kind: "turn", to: "failed" };
  if (!deposit.isSomebodys) return { kind: "hold", to: "unmatched", checks: [] };
  if (context === null) return { kind: "hold", to: "in-review", checks: [check("CHANNEL_CLOSED", false)] };
  return decidePaid(asked, fact.amount, context, circumstances);
}

/** Money that has come before: of it, more may be gone than was known, or less. */
function decideTakenBack(deposit: StandingDeposit, { amount, takenBack: now }: PaymentFact): DepositStep {
  const { state, received, wasCredited, isSomebodys } = deposit;
  const before = state === "reversed" ? (received ?? amount) : deposit.takenBack;
  if (now === null || now === before || state === "rejected" || deposit.isReversedByHand) return { kind: "none" };
  if (now < before) {
    const to = state !== "reversed" ? state : wasCredited ? "credited" : isSomebodys ? "in-review" : "unmatched";
    return { kind: "give-back", amount: minorUnits(before - now), to };
  }
  if (state === "reversed") return { kind: "none" };
  return now >= (received ?? 0n) ? { kind: "take-back" } : { kind: "take-part", amount: minorUnits(now - before) };
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
