import type { AccountState, ExpiryAction, MarginStage, NotRolledReason, Side } from "#contracts/names.ts";
import { absolute } from "./position.ts";
import { assert } from "./result.ts";
import type { Lots } from "./units.ts";

/** A position at the end of its contract, and how its account stands. */
export interface EndingPosition {
  /** Signed, not 0. */
  readonly lots: Lots;
  readonly accountState: AccountState;
  readonly marginStage: MarginStage;
}

/** What the end of a contract does to a position. */
export interface ExpiryPlan {
  readonly close: { readonly side: Side; readonly lots: Lots };
  /** The same lots in the next contract; null: the position ends here. */
  readonly roll: { readonly side: Side; readonly lots: Lots } | null;
  readonly notRolled: NotRolledReason | null;
}

/**
 * Every position is closed, whole, whatever the account's state and whichever switches stand: the contract is over. Where the
 * contract rolls, the same lots are opened again, with no check of money, since the trader's risk stays what it was. Not
 * rolled is the position of an account in stop-out, which is being reduced anyway, or of a disabled one, which may open
 * nothing.
 */
export function planExpiry(position: EndingPosition, action: ExpiryAction): ExpiryPlan {
  assert(position.lots !== 0n, "the end of a contract for a flat position");
  const isLong = position.lots > 0n;
  const lots = absolute(position.lots);
  const notRolled = reasonNotToRoll(position, action);
  return {
    close: { side: isLong ? "sell" : "buy", lots },
    roll: notRolled === null ? { side: isLong ? "buy" : "sell", lots } : null,
    notRolled,
  };
}

function reasonNotToRoll({ accountState, marginStage }: EndingPosition, action: ExpiryAction): NotRolledReason | null {
  if (action === "close") return "closes";
  if (marginStage === "stop-out") return "stop-out";
  return accountState === "disabled" ? "account-disabled" : null;
}

/** When a contract ended and how old its last quote may be then. */
export interface FinalRule {
  readonly lastTradeAt: Date;
  readonly maxAgeMs: number;
}

/**
 * Whether a quote may settle a contract: tradable, received before the end, and not too long before. Without such a quote
 * the contract waits; no price is made up.
 */
export function settlesContract(
  quote: { readonly receivedAt: Date; readonly flag: string | null },
  { lastTradeAt, maxAgeMs }: FinalRule,
): boolean {
  const ageMs = lastTradeAt.getTime() - quote.receivedAt.getTime();
  return quote.flag === null && ageMs > 0 && ageMs <= maxAgeMs;
}
