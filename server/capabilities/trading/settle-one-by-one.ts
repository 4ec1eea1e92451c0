import { setTimeout as wait } from "node:timers/promises";
import type { Knex } from "knex";
import { isUnavailable } from "../../platform/db/unavailable.ts";
import { systemActor, type Transact, type Work } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { lockAccounts } from "./accounts.store.ts";
import { coverAgain } from "./cover-again.ts";
import { openDesks } from "./desk.ts";
import { countFailedTry, nextDueBeside } from "./failed-settlements.store.ts";
import type { SettledCount, SettleOrders } from "./settle-orders.ts";
import { termsStore } from "./terms.store.ts";

export interface OneByOnePorts {
  readonly db: Knex;
  readonly transact: Transact;
  readonly announce: (announcement: Announcement) => void;
  readonly settle: SettleOrders;
  /** The alarm: an order failed, or was given up after its last try. */
  readonly onFailed: (failure: FailedSettlement) => void;
  /** Rest before a try that follows a failed one, in ms. */
  readonly restMs?: number;
}

export interface FailedSettlement {
  readonly orderId: string;
  readonly tries: number;
  readonly isGivenUp: boolean;
  readonly error: unknown;
}

/** An order is tried so often, by all workers together, before it is given up. */
const triesMax = 3;
const restMsDefault = 200;
/** Bounds a call whatever happens; the reconciler brings back what is left. */
const stepsMax = 10_000;

/**
 * Settles the account of an order that made a settlement fail: one order at a time, in their order of settlement, so that only the one
 * at fault fails. After its last try that one is rejected, SETTLEMENT_FAILED, its money is released, and the account's
 * other orders go on. Throws only when the database is away, or when not even the rejection goes through.
 */
export async function settleOneByOne(ports: OneByOnePorts, orderId: string): Promise<SettledCount> {
  const count = { filled: 0, rejected: 0 };
  for (let step = 0; step < stepsMax; step++) {
    const next = await nextDueBeside(ports.db, orderId);
    if (next === null) return count;
    try {
      const settled = await ports.settle([next.id], { onlyNext: true });
      count.filled += settled.filled;
      count.rejected += settled.rejected;
    } catch (error) {
      if (isUnavailable(error)) throw error;
      const tries = await countFailedTry(ports.db, next.id, error);
      const isGivenUp = tries >= triesMax;
      ports.onFailed({ orderId: next.id, tries, isGivenUp, error });
      if (isGivenUp) count.rejected += await reject(ports, next.id, next.account_id);
      else await wait((ports.restMs ?? restMsDefault) * tries);
    }
  }
  return count;
}

/** Ends an order that cannot be settled; 0 when it has ended meanwhile. */
const reject = ({ transact, announce }: OneByOnePorts, orderId: string, accountId: string): Promise<number> =>
  transact(systemActor, async (work) => {
    const accounts = await lockAccounts(work.db, [accountId]);
    const ended = await endRejected(work, orderId);
    if (!ended) return 0;
    await coverAgain(work.db, await openDesks(work.db, termsStore(), [...accounts.values()]));
    work.afterCommit(() => announce({ kind: "settled", accountId, orderIds: [orderId] }));
    return 1;
  });

async function endRejected({ db }: Work, orderId: string): Promise<boolean> {
  const { rows } = await db.raw(
    `WITH ended AS (
       UPDATE orders SET state = 'rejected', rejection_code = 'SETTLEMENT_FAILED', done_at = clock_timestamp()
       WHERE id = ? AND state IN ('accepted', 'working') RETURNING id)
     INSERT INTO order_events (order_id, kind, actor_kind, said)
     SELECT id, 'rejected', 'system', '{"code": "SETTLEMENT_FAILED"}' FROM ended RETURNING id`,
    [orderId],
  );
  return rows.length > 0;
}
