/** The closed lists of what the house pays by its bank. No imports, as in every list of names. */

/** `gathered` by one person; `released` by another, with its file; or `cancelled`, which nothing was sent of. */
export const payoutBatchStates = ["gathered", "released", "cancelled"] as const;
export type PayoutBatchState = (typeof payoutBatchStates)[number];

/** Where a payout of a batch stands. The bank's statements say of a released one that it was paid, and that it came back. */
export const bankPayoutStates = ["gathered", "released", "paid", "returned", "left-out", "cancelled"] as const;
export type BankPayoutState = (typeof bankPayoutStates)[number];

/** Why a payout is not in its batch's file; its withdrawal goes on without it. */
export const payoutProblems = ["NAME_NOT_LATIN", "MOVED_ON", "TOO_EARLY", "DEBT_OWED", "MARGIN_NEEDED"] as const;
export type PayoutProblem = (typeof payoutProblems)[number];

/** What a line of a statement is to the house. */
export const lineStandings = ["deposit", "paid", "returned", "unmatched"] as const;
export type LineStanding = (typeof lineStandings)[number];

/**
 * Why a line that names a payout of ours is not taken as it. `CAME_BACK`: it is that payout, but somebody said before that it had come back and
 * the trader has the money again.
 */
export const lineProblems = [
  "SEVERAL_PAYOUTS",
  "OTHER_ACCOUNT",
  "OTHER_CURRENCY",
  "AMOUNT_DIFFERS",
  "TWICE",
  "CAME_BACK",
] as const;
export type LineProblem = (typeof lineProblems)[number];
