import type { Knex } from "knex";
import { ok, type Result, refuse } from "#core/result.ts";
import { systemActor, type Work } from "../../platform/db/unit-of-work.ts";
import { readHistories } from "./commission-histories.store.ts";
import { insertDecided, sumPayouts } from "./commissions.store.ts";
import { decideFill, type FillFacts } from "./decide-fill.ts";
import type { CommissionDeps } from "./deps.ts";
import { type CommissionDay, fillRange, nextFills } from "./fill-facts.store.ts";

export interface ComputedDay {
  /** Fills that were decided by this call; 0: all were before. */
  readonly fills: number;
  /** The date was posted before: nothing was looked at. */
  readonly isPosted: boolean;
}

export type ComputeRefusal = "BOOK_OPEN";

/** Fills of one transaction: few enough to be quick, so that a run that is killed loses little. */
const pageSize = 2_000;

/**
 * Works out what every live fill of a closed book date earns the agents above its trader, and what each agent has coming. Safe to run
 * twice, at once, and after it was killed anywhere: a fill is decided once, by what was in force when its order was accepted.
 */
export const computeCommissions =
  (deps: CommissionDeps) =>
  async (tenantId: number, bookDate: string): Promise<Result<ComputedDay, ComputeRefusal>> => {
    const day = { tenantId, bookDate };
    if (!(await isClosed(deps.db, day))) return refuse("BOOK_OPEN");
    await awaitHistories(deps, tenantId);
    const histories = await readHistories(deps.db, tenantId);
    const range = await fillRange(deps.db, day);
    let fills = 0;
    for await (const page of range === null ? [] : undecidedPages(deps.db, day, range)) {
      const decided = page.map((facts) => decideFill(histories, facts));
      const isWritten = await deps.transact(systemActor, async (work) => {
        if (await lockDay(work, day)) return false;
        await insertDecided(work.db, day, decided);
        return true;
      });
      if (!isWritten) return ok({ fills, isPosted: true });
      fills += decided.length;
    }
    return ok({ fills, isPosted: await finish(deps, day) });
  };

/** The date's fills that have no waterfall yet, in pages; each is read while the one before is written, so that both cores work. */
async function* undecidedPages(
  db: Knex,
  day: CommissionDay,
  { from, to }: { readonly from: bigint; readonly to: bigint },
): AsyncGenerator<readonly FillFacts[]> {
  const read = (after: bigint): Promise<readonly FillFacts[]> => {
    const page = nextFills(db, day, { after, to, limit: pageSize, undecidedOnly: true });
    // It may fail while nobody waits for it yet; who takes it learns of it.
    page.catch(() => {});
    return page;
  };
  for (let ahead: Promise<readonly FillFacts[]> | null = read(from - 1n); ahead !== null; ) {
    const page: readonly FillFacts[] = await ahead;
    const last = page.length < pageSize ? undefined : page.at(-1);
    ahead = last === undefined ? null : read(last.fillId);
    if (page.length > 0) yield page;
  }
}

/** Sums the payouts; true: the date was posted before. */
const finish = (deps: CommissionDeps, day: CommissionDay): Promise<boolean> =>
  deps.transact(systemActor, async (work) => {
    if (await lockDay(work, day)) return true;
    await sumPayouts(work.db, day);
    await work
      .db("commission_days")
      .where({ tenant_id: day.tenantId, book_date: day.bookDate })
      .update({ computed_at: work.db.raw("clock_timestamp()") });
    return false;
  });

async function isClosed(db: Knex, { tenantId, bookDate }: CommissionDay): Promise<boolean> {
  const row = await db("closed_books")
    .where({ tenant_id: tenantId })
    .where("closed_through", ">=", bookDate)
    .first("tenant_id");
  return row !== undefined;
}

/** Waits for every change of the histories that is under way: it may be dated before the close and not be visible yet. */
const awaitHistories = (deps: CommissionDeps, tenantId: number): Promise<void> =>
  deps.transact(systemActor, async ({ db }) => {
    await db.raw("SELECT pg_advisory_xact_lock(commission_history_lock(), ?)", [tenantId]);
  });

/** One run writes to a date at a time. True: it was posted and takes no more. */
export async function lockDay({ db }: Pick<Work, "db">, { tenantId, bookDate }: CommissionDay): Promise<boolean> {
  await db.raw("INSERT INTO commission_days (tenant_id, book_date) VALUES (?, ?::date) ON CONFLICT DO NOTHING", [
    tenantId,
    bookDate,
  ]);
  const row = await db("commission_days")
    .where({ tenant_id: tenantId, book_date: bookDate })
    .forUpdate()
    .first("posted_at");
  return row?.posted_at != null;
}
