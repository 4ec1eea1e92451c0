import type { Logger } from "pino";
import { type Repetition, repeat } from "./repeat.ts";

export interface ReconcilerOptions {
  readonly log: Pick<Logger, "warn" | "error">;
  /** Ids of orders that were accepted longer ago than this and have not ended. */
  readonly overdue: (olderThanMs: number) => Promise<readonly string[]>;
  readonly enqueue: (orderIds: readonly string[]) => Promise<void>;
  readonly everyMs?: number;
  readonly olderThanMs?: number;
}

const jobSize = 100;

/**
 * Puts every overdue order into the queue again, whatever the queue says about it: the queue may have been emptied, or the job
 * lost with a worker. The first look is at the start.
 */
export function startReconciler(options: ReconcilerOptions): Repetition {
  const { log, overdue, enqueue, everyMs = 2_000, olderThanMs = 3_000 } = options;
  const round = async (): Promise<void> => {
    try {
      const ids = await overdue(olderThanMs);
      if (ids.length > 0) log.warn({ orders: ids.length }, "reconciler: overdue orders are put into the queue again");
      for (let from = 0; from < ids.length; from += jobSize) await enqueue(ids.slice(from, from + jobSize));
    } catch (error) {
      log.warn({ err: error }, "reconciler: this round failed, the next one tries again");
    }
  };
  return repeat(everyMs, round);
}
