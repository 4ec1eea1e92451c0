import { systemActor } from "../../platform/db/unit-of-work.ts";
import { type DayClose, dueCloses, openNextDates, planSteps } from "./closes.store.ts";
import { type CloseOutcome, runClose } from "./run-close.ts";
import type { ClosePorts } from "./step.ts";
import { closeSteps } from "./steps.ts";

export interface CloseDaysPorts extends ClosePorts {
  /** A date was closed, or a rule stopped it: an alarm. */
  readonly onOutcome: (close: DayClose, outcome: CloseOutcome) => void;
  readonly onError: (error: unknown, close: DayClose) => void;
}

/** Dates of a partner in one round; what is left waits for the next. */
const datesMax = 60;

/**
 * Closes every date that is over, each partner's in order; those that were missed are made up for. A partner whose close fails keeps
 * nobody else's from going on, and none of its own later dates is closed before. All by the database's clock.
 */
export async function closeDays(ports: CloseDaysPorts): Promise<void> {
  const stopped = new Set<number>();
  for (let round = 0; round < datesMax; round++) {
    await openDates(ports);
    const due = (await dueCloses(ports.db)).filter(({ tenantId }) => !stopped.has(tenantId));
    if (due.length === 0) return;
    for (const close of due) {
      const outcome = await runClose(ports, close).catch((error: unknown) => {
        ports.onError(error, close);
        return null;
      });
      if (outcome === null || outcome.outcome !== "closed") stopped.add(close.tenantId);
      if (outcome !== null && outcome.outcome !== "waits") ports.onOutcome(close, outcome);
    }
  }
}

/** One date of each partner is under way or ahead, with its steps. */
function openDates({ transact, announce }: ClosePorts): Promise<void> {
  return transact(systemActor, async (work) => {
    const opened = await openNextDates(work.db);
    await planSteps(
      work.db,
      opened,
      closeSteps.map(({ name }) => name),
    );
    if (opened.length > 0) work.afterCommit(() => announce({ kind: "changed", resource: "day-closes", id: null }));
  });
}
