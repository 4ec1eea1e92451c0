import type { Knex } from "knex";
import type { Quote } from "#core/quote.ts";
import { systemActor, type Transact } from "../../platform/db/unit-of-work.ts";
import { lockAccounts } from "./accounts.store.ts";
import { lockJudged } from "./judged-together.ts";
import { settleJob } from "./ports.ts";
import { holdEpoch } from "./trigger-cursors.store.ts";
import { type Mark, type MarkedOrder, writeMarks, writeReleases } from "./trigger-marks.store.ts";
import type { WaitingOrder } from "./trigger-orders.store.ts";
import type { KeepWithin } from "./within-limits.ts";

/**
 * Which of these orders may not trigger, because trading is halted for them: asked in the transaction that would mark them,
 * before any account is locked. `quote` is the one that met the order; null: would it be held at this moment?
 */
export type HoldBack = (
  db: Knex,
  asked: readonly {
    readonly order: Pick<WaitingOrder, "id" | "accountId" | "instrumentId" | "side" | "reduceOnly">;
    readonly quote: Quote | null;
  }[],
) => Promise<ReadonlySet<string>>;

export interface FirePorts {
  readonly transact: Transact;
  readonly holdBack: HoldBack;
  readonly keepWithin: KeepWithin;
}

export interface Fired {
  readonly marked: readonly MarkedOrder[];
  /** Orders that wait on because trading is halted for them. */
  readonly held: ReadonlySet<string>;
}

/**
 * Marks orders due for settlement at the quotes that met them, in one transaction with the job that settles them. Repeating it, or
 * a second engine doing the same, marks nothing twice: a marked order waits no longer. What would open more than the risk table allows is not marked.
 */
export async function fireTriggers(ports: FirePorts, epoch: bigint, marks: readonly Mark[]): Promise<Fired> {
  return ports.transact(systemActor, async (work) => {
    const held = await ports.holdBack(
      work.db,
      marks.map(({ order, stopQuote, quote }) => ({ order, quote: quote ?? stopQuote })),
    );
    const free = marks.filter(({ order }) => !held.has(order.id));
    if (free.length === 0) return { marked: [], held };
    const judged = await lockJudged(work.db, accountsOf(free.map(({ order }) => order)));
    await holdEpoch(work.db, epoch);
    const changed = await ports.keepWithin(work, judged, free);
    const marked = await writeMarks(
      work.db,
      free.filter(({ order }) => !changed.has(order.id)),
    );
    const due = marked.filter(({ isDue }) => isDue).map(({ id }) => id);
    if (due.length > 0) work.outbox(settleJob, { orderIds: due });
    return { marked, held };
  });
}

/** Lets orders that were held back wait anew, where the halt is over. Returns those. */
export async function releaseHeld(
  ports: FirePorts,
  epoch: bigint,
  orders: readonly WaitingOrder[],
): Promise<readonly WaitingOrder[]> {
  return ports.transact(systemActor, async (work) => {
    const held = await ports.holdBack(
      work.db,
      orders.map((order) => ({ order, quote: null })),
    );
    const free = orders.filter(({ id }) => !held.has(id));
    if (free.length === 0) return free;
    await lockAccounts(work.db, accountsOf(free));
    await holdEpoch(work.db, epoch);
    await writeReleases(work.db, free);
    return free;
  });
}

const accountsOf = (orders: readonly WaitingOrder[]): string[] => [...new Set(orders.map((order) => order.accountId))];
