import type { FoundIn, TaskState } from "#contracts/reconciliation-names.ts";
import type { MinorUnits } from "./units.ts";

/** A difference as a run found it. */
export interface Difference {
  readonly foundIn: FoundIn;
  readonly ours: MinorUnits;
  readonly theirs: MinorUnits;
}

/** A difference that is known, with the amounts it had when it was last looked at or resolved. */
export interface StandingTask extends Difference {
  readonly state: TaskState;
  /** Whether the difference was gone when it was last looked at. */
  readonly isEven: boolean;
}

/**
 * What a run makes of a task. `open`: it is new. `change`: its amounts have changed while somebody works on it. `even`: the difference is gone;
 * a task that nobody resolved ends with that. `reopen`: it had ended, and there is a difference again.
 */
export type TaskStep = "none" | "open" | "change" | "even" | "reopen";

/**
 * Follows a difference from run to run. What a person resolved stays so as long as the amounts are those he saw; others, or the same after it
 * was gone, are work again. `found` null: both sides agree now.
 */
export function followTask(task: StandingTask | null, found: Difference | null): TaskStep {
  if (found === null || found.foundIn === "matched") return task === null || task.isEven ? "none" : "even";
  if (task === null) return "open";
  if (task.isEven) return "reopen";
  if (task.ours === found.ours && task.theirs === found.theirs) return "none";
  return task.state === "resolved" ? "reopen" : "change";
}
