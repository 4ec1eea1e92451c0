/** Steps of a day's close, in the order they are taken. */
export const closeStepNames = [
  "set-closed",
  "snapshot",
  "invariants",
  "seal",
  "statements",
  "reconcile",
  "commissions",
  "pay-commissions",
] as const;
export type CloseStepName = (typeof closeStepNames)[number];

/**
 * What a step waits for: transactions that may still write into the date, the seal of its last transfers, its settlement marks, the hour from which
 * payouts may be posted.
 */
export const closeWaits = ["writers", "sealing", "marks", "cut-off"] as const;
export type CloseWait = (typeof closeWaits)[number];
