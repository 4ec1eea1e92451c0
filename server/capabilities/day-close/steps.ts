import { checkInvariants } from "./check-invariants.step.ts";
import { commissions } from "./commissions.step.ts";
import { payCommissions } from "./pay-commissions.step.ts";
import { reconcile } from "./reconcile.step.ts";
import { seal } from "./seal.step.ts";
import { setClosed } from "./set-closed.step.ts";
import { snapshot } from "./snapshot.step.ts";
import { statements } from "./statements.step.ts";
import type { CloseStep } from "./step.ts";

/** What a close does, in order. A further step is a file of its own and an entry here: dates that are not closed yet take it too. */
export const closeSteps: readonly CloseStep[] = [
  setClosed,
  snapshot,
  checkInvariants,
  seal,
  statements,
  reconcile,
  commissions,
  payCommissions,
];
