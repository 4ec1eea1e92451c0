import { assert } from "#core/result.ts";
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
  /** Of the orders asked for those that were left out, with `skipLocked`. */
  readonly left?: readonly string[];
}

export interface SettleOptions {
  /** Only the next due order of each account, in one round: to find the one that makes a settlement fail. */
  readonly onlyNext?: boolean;
  /** Does not wait for accounts that somebody else has locked; their orders come back as `left`. For at most `accountsMax` orders. */
  readonly skipLocked?: boolean;
}

export type SettleOrders = (orderIds: readonly string[], options?: SettleOptions) => Promise<SettledCount>;

/** Settlement inside a transaction of the caller's own, see `SettleLocked`. One for each process: it remembers terms and houses. */
export const openSettlement = (ports: Pick<SettlePorts, "announce" | "maxQueueMs" | "shard">): SettleLocked =>
  settleLocked(ports, houseStore(ports.shard), termsStore());

/**
 * The queue's handler for due orders. It takes all due orders of the accounts that the named ones belong to, in the order they
 * became due, so that no order overtakes another. Safe to run twice, one after the other or at once: a second run waits for
 * the account's lock, or leaves the account out and says so, and then finds the orders ended.
 */
export function settleOrders(ports: SettlePorts): SettleOrders {
  const houseOf = houseStore(ports.shard);
  const settle = settleLocked(ports, houseOf, termsStore());

  const settleSome = (
    orderIds: readonly string[],
    { onlyNext = false, skipLocked = false }: SettleOptions,
  ): Promise<{ results: readonly AccountResult[]; more: boolean; left: readonly string[] }> =>
    ports.transact(systemActor, async (work) => {
      const some = await accountsToSettle(work.db, orderIds, accountsMax);
      if (some.length === 0) return { results: [], more: false, left: [] };
      // House accounts are made, when missing, before any lock is taken.
      await houseOf(work, some);
      const accounts = await lockAccounts(
        work.db,
        some.map((account) => account.id),
        { skipLocked },
      );
      const results = await settle(work, accounts, [], { onlyNext });
      const left = some.flatMap(({ id, order_ids }) => (accounts.has(id) ? [] : order_ids));
      return { results, more: some.length === accountsMax && !onlyNext && !skipLocked, left };
    });

  return async (orderIds, options = {}) => {
    assert(options.skipLocked !== true || orderIds.length <= accountsMax, `${orderIds.length} orders are too many`);
    const results: AccountResult[] = [];
    const left: string[] = [];
    // After a round none of its accounts has an order left, whoever settled it: the rounds come to an end.
    for (let more = true; more; ) {
      const round = await settleSome(orderIds, options);
      results.push(...round.results);
      left.push(...round.left);
      more = round.more;
    }
    return { ...countOf(results), ...(left.length > 0 ? { left } : {}) };
  };
}

function countOf(results: readonly AccountResult[]): SettledCount {
  const outcomes = results.flatMap((result) => result.settlement.outcomes);
  const ended = (kind: "filled" | "rejected"): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  return { filled: ended("filled"), rejected: ended("rejected") };
}
