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
