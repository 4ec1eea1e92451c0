import { isUnavailable } from "../../platform/db/unavailable.ts";
import { again, batcher } from "./batcher.ts";
import type { SettledCount, SettleOptions } from "./settle-orders.ts";

/** Ids merged into one settlement; larger batches hold their locks longer and win little (measured). */
const batchMax = 200;

export interface BatchedSettlement {
  /** Resolves when the transactions that settled these orders are committed. */
  readonly settle: (orderIds: readonly string[]) => Promise<void>;
  readonly idle: () => Promise<void>;
}

export interface BatchPorts {
  readonly settle: (orderIds: readonly string[], options: SettleOptions) => Promise<SettledCount>;
  /** Settles the account of an order that makes settlements fail, without the order at fault. */
  readonly settleOneByOne: (orderId: string) => Promise<SettledCount>;
  readonly onSettled?: (count: SettledCount) => void;
}

/**
 * Merges the jobs of many handlers into one settlement at a time: while one runs, the ids that arrive become the next. Two at
 * once would only wait for each other's locks. An id that makes a settlement fail does not take its neighbours with it: the
 * batch is halved until it stands alone, and its account is then settled order by order.
 */
export function settleInBatches({ settle, settleOneByOne, onSettled = () => {} }: BatchPorts): BatchedSettlement {
  const settling = batcher<string, null>({
    max: batchMax,
    // Accounts that are taking an order just now are not waited for: theirs begin the next batch.
    run: async (ids, skipLocked) => {
      const count = await settle(ids, { skipLocked });
      onSettled(count);
      const left = new Set(count.left);
      return ids.map((id) => (left.has(id) ? again : null));
    },
    alone: (error) => !isUnavailable(error),
  });
  // One at a time: several orders of one sick account would count each other's tries.
  const sick = batcher<string, SettledCount>({
    max: 1,
    run: (ids) => Promise.all(ids.map(settleOneByOne)),
    alone: () => false,
  });
  const settleOne = async (orderId: string): Promise<void> => {
    try {
      await settling.add(orderId);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      onSettled(await sick.add(orderId));
    }
  };
  return {
    settle: async (orderIds) => {
      await Promise.all(orderIds.map(settleOne));
    },
    idle: async () => {
      await settling.idle();
      await sick.idle();
    },
  };
}
