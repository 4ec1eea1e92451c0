import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { performRun } from "./perform-run.ts";
import type { ReconcileDeps, Reconciled } from "./ports.ts";
import { endRun, insertRun, nextAsked } from "./runs.store.ts";

export interface AskRunRefusal {
  readonly code: "NO_PERSON" | "TOO_MANY_RUNS" | "DATE_AHEAD";
  readonly field?: string;
}

/** So many runs of a partner may wait at once. */
const waitingMax = 10;

/** Has a channel compared for some days; the scheduler does it at once. */
export async function askRun(
  work: Work,
  actor: Actor,
  wanted: Reconciled,
): Promise<Result<{ id: string }, AskRunRefusal>> {
  if (actor.id === null) return refuse({ code: "NO_PERSON" });
  const { tenantId, channel, fromDate, toDate } = wanted;
  const { rows } = await work.db.raw<{ rows: { ahead: boolean; waiting: number }[] }>(
    `SELECT ?::date > book_date_of(clock_timestamp()) AS ahead,
       (SELECT count(*)::int FROM reconciliation_runs WHERE tenant_id = ? AND state = 'asked' AND close_id IS NULL) AS waiting`,
    [toDate, tenantId],
  );
  if (rows[0]?.ahead !== false) return refuse({ code: "DATE_AHEAD", field: "toDate" });
  if (rows[0].waiting >= waitingMax) return refuse({ code: "TOO_MANY_RUNS" });
  const id = await insertRun(work.db, wanted, { id: actor.id, name: actor.name });
  work.audit({
    ...{ action: "request", resource: "reconciliation-runs", objectId: id, tenantId },
    after: { channel, fromDate, toDate },
  });
  return ok({ id });
}

/**
 * Makes the runs that people asked for, the oldest first. One that can't be made ends so, and keeps the others waiting no longer. Returns
 * how many were made.
 */
export async function performAsked(
  deps: ReconcileDeps,
  onError: (error: unknown, runId: string) => void,
): Promise<number> {
  for (let made = 0; ; made += 1) {
    const run = await nextAsked(deps.db);
    if (run === null) return made;
    try {
      await performRun(deps, run.id);
    } catch (error) {
      onError(error, run.id);
      await endRun(deps.db, run.id, "FAILED");
      deps.announce({ kind: "changed", resource: "reconciliation-runs", id: run.id });
    }
  }
}
