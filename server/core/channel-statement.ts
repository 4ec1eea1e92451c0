/**
 * One line of what a channel itself says it did with the house's money. The same line said again has the same number; with another amount the
 * channel has changed its mind, and what it said last counts.
 */
export interface StatedLine {
  readonly lineNo: string;
  /** The payment's number at the channel, as its notices name it; null: it is of no payment. */
  readonly paymentNo: string | null;
  /** Our reference, where the line names it. */
  readonly reference: string | null;
  /** Decimal in major units: + came to the house, − went from it; 0: the line does not stand any more. */
  readonly amount: string;
  readonly currency: string;
  /** Epoch milliseconds of when it was booked there. */
  readonly atMs: number;
  /** What the channel keeps for itself: shown in sum, never compared. */
  readonly isFee: boolean;
}

/** What the channel has for the house now. Decimal in major units. */
export interface StatedBalance {
  readonly currency: string;
  readonly amount: string;
}

/** `too-much`: more lines than are read at once. `no-answer`: it can't be known now, also where an answer can't be read. */
export type AskedStatement =
  | { readonly kind: "stated"; readonly lines: readonly StatedLine[]; readonly balances: readonly StatedBalance[] }
  | { readonly kind: "no-answer" }
  | { readonly kind: "too-much" };

/** Asks a channel for every line booked there from a moment (epoch milliseconds) until now. Bounded in time and number by itself. */
export type AskStatement = (fromMs: number) => Promise<AskedStatement>;
