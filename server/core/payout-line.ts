import type { LineProblem } from "#contracts/payout-names.ts";
import { findPayoutReferences } from "./payment-reference.ts";
import type { StatementLine } from "./statement.ts";

/** A payout that was sent: what its bank's statement must say of it. */
export interface SentPayout {
  readonly withdrawalId: string;
  /** What the bank was told, or what a person noted: ours, or the bank's. */
  readonly reference: string;
  /** Minor units, more than zero. */
  readonly amount: bigint;
  readonly currency: string;
  /** The bank account that its batch pays from; null: a person sent it, from whichever. */
  readonly bankAccountId: string | null;
  /** Whether a line has said already that it was paid, that it came back; and whether the trader has it again. */
  readonly isPaid: boolean;
  readonly isBack: boolean;
  readonly isReturned: boolean;
}

export interface LineOf {
  readonly bankAccountId: string;
  readonly currency: string;
}

/** withdrawalId null: the line is no payout's; with a problem, it names one all the same. */
export interface PayoutLine {
  readonly withdrawalId: string | null;
  readonly problem: LineProblem | null;
}

/** Whether a line can be about a payout at all: money that left, or money that the bank calls returned. */
export const mayBePayout = ({ amount, returnReason }: StatementLine): boolean => amount < 0n || returnReason !== null;

/**
 * What a line names a payout by: the end-to-end id; where that is none of ours, one in the text; where there is none either, what a person may
 * have noted as the payment's reference.
 */
export function payoutNamesOf({ endToEndId, text, bankReference }: StatementLine): readonly string[] {
  const ours = findPayoutReferences(endToEndId);
  if (ours.length > 0) return ours;
  const told = findPayoutReferences(`${text} ${bankReference}`);
  return told.length > 0 ? told : [...new Set([endToEndId.trim(), bankReference.trim()])].filter(Boolean);
}

/**
 * Which payout a line is, out of those that it names. Found by its name, then amount and currency must agree to the last unit: anything else is
 * left to a person, with what stands against it.
 */
export function judgePayoutLine(line: StatementLine, of: LineOf, named: readonly SentPayout[]): PayoutLine {
  const [payout] = named;
  if (payout === undefined) return { withdrawalId: null, problem: null };
  const isOut = line.amount < 0n;
  const no = (problem: LineProblem): PayoutLine => ({ withdrawalId: null, problem });
  if (named.length > 1) return no("SEVERAL_PAYOUTS");
  if (payout.bankAccountId !== null && payout.bankAccountId !== of.bankAccountId) return no("OTHER_ACCOUNT");
  if (payout.currency !== of.currency) return no("OTHER_CURRENCY");
  if (payout.amount !== (isOut ? -line.amount : line.amount)) return no("AMOUNT_DIFFERS");
  if (isOut ? payout.isPaid : payout.isBack) return no("TWICE");
  const wasGivenBack = isOut && payout.isReturned && !payout.isBack;
  return { withdrawalId: payout.withdrawalId, problem: wasGivenBack ? "CAME_BACK" : null };
}
