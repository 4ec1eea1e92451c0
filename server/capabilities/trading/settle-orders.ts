import { systemActor } from "../../platform/db/unit-of-work.ts";
import { lockAccounts } from "./accounts.store.ts";
import { houseStore } from "./house-store.ts";
import type { SettlePorts } from "./ports.ts";
import { type SettleLocked, settleLocked } from "./settle-locked.ts";
import { accountsToSettle } from "./settlement.store.ts";
import { termsStore } from "./terms.store.ts";
import type { AccountResult } from "./write-settlements.ts";

/** Accounts settled in one transaction: bounds how many rows are locked at once. */
const accountsMax = 200;

/** What a call of the handler did; replayed ids settle nothing. */
export interface SettledCount {
  readonly filled: number;
  readonly rejected: number;
}

export interface SettleOptions {
  /** Only the next due order of each account, in one round: to find the one that makes a settlement fail. */
  readonly onlyNext?: boolean;
}

export type SettleOrders = (orderIds: readonly string[], options?: SettleOptions) => Promise<SettledCount>;

/** Settlement inside a transaction of the caller's own, see `SettleLocked`. One for each process: it remembers terms and houses. */
export const openSettlement = (ports: Pick<SettlePorts, "announce" | "maxQueueMs" | "shard">): SettleLocked =>
  settleLocked(ports, houseStore(ports.shard), termsStore());

/**
 * The queue's handler for due orders. It takes all due orders of the accounts that the named ones belong to, in the order they
 * became due, so that no order overtakes another. Safe to run twice, one after the other or at once: a second run waits for
 * the account's lock, then finds the orders ended. (Waiting, not skipping: a skipped account would be left to the reconciler,
 * and the lock is held for milliseconds.)
 */
export function settleOrders(ports: SettlePorts): SettleOrders {
  const houseOf = houseStore(ports.shard);
  const settle = settleLocked(ports, houseOf, termsStore());

  const settleSome = (
    orderIds: readonly string[],
    onlyNext: boolean,
  ): Promise<{ results: readonly AccountResult[]; more: boolean }> =>
    ports.transact(systemActor, async (work) => {
      const some = await accountsToSettle(work.db, orderIds, accountsMax);
      if (some.length === 0) return { results: [], more: false };
      // House accounts are made, when missing, before any lock is taken.
      await houseOf(work, some);
      const accounts = await lockAccounts(
        work.db,
        some.map((account) => account.id),
      );
      const results = await settle(work, accounts, [], { onlyNext });
      return { results, more: some.length === accountsMax && !onlyNext };
    });

  return async (orderIds, { onlyNext = false } = {}) => {
    const results: AccountResult[] = [];
    // After a round none of its accounts has an order left, whoever settled it: the rounds come to an end.
    for (let more = true; more; ) {
      const round = await settleSome(orderIds, onlyNext);
      results.push(...round.results);
      more = round.more;
    }
    return countOf(results);
  };
}

function countOf(results: readonly AccountResult[]): SettledCount {
  const outcomes = results.flatMap((result) => result.settlement.outcomes);
  const ended = (kind: "filled" | "rejected"): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  return { filled: ended("filled"), rejected: ended("rejected") };
}
