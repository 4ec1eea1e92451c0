import { batcher } from "./batcher.ts";
import type { SettledCount } from "./settle-orders.ts";

/** Ids merged into one settlement; larger batches hold their locks longer and win little (measured). */
const batchMax = 200;

export interface BatchedSettlement {
  /** Resolves when the transactions that settled these orders are committed. */
  readonly settle: (orderIds: readonly string[]) => Promise<void>;
  readonly idle: () => Promise<void>;
}

/**
 * Merges the jobs of many handlers into one settlement at a time: while one runs, the ids that arrive become the next. Two at
 * once would only wait for each other's locks. An id that makes a settlement fail does not take its neighbours with it.
 */
export function settleInBatches(
  settleOrders: (orderIds: readonly string[]) => Promise<SettledCount>,
  onSettled: (count: SettledCount) => void = () => {},
): BatchedSettlement {
  const settling = batcher<string, null>({
    max: batchMax,
    run: async (ids) => {
      onSettled(await settleOrders(ids));
      return ids.map(() => null);
    },
    alone: () => true,
  });
  return {
    settle: async (orderIds) => {
      await Promise.all(orderIds.map((id) => settling.add(id)));
    },
    idle: settling.idle,
  };
}
