import type { Knex } from "knex";
import { transferCodes } from "#contracts/names.ts";
import { settleRun } from "#core/commission-payout.ts";
import { assert, ok, type Result, refuse } from "#core/result.ts";
import { formatDecimal, minorUnits } from "#core/units.ts";
import { systemActor, type Work } from "../../platform/db/unit-of-work.ts";
import { houseAccounts, type NewTransfer, postTransfers } from "../ledger/index.ts";
import { type ComputeRefusal, computeCommissions, lockDay } from "./compute-commissions.ts";
import type { CommissionDeps } from "./deps.ts";
import type { CommissionDay } from "./fill-facts.store.ts";
import { commissionAccounts, lockDue, lockPosting, type SettledPayout, writeSettled } from "./payouts.store.ts";

export interface PostedDay {
  /** Payouts settled by this call; 0: none was due. */
  readonly payouts: number;
  /** Paid by this call, by currency. */
  readonly paid: ReadonlyMap<string, bigint>;
}

/** `TOO_EARLY`: commissions are posted on the business day after, at the earliest. */
export type PostRefusal = ComputeRefusal | "TOO_EARLY";

/** Legs of a payout's group. */
const legs = { earned: 0, takenBack: 1 };

/**
 * Pays the commissions of a book date into the agents' ledger accounts, out of the house's fees: all that is not held by hand, in one
 * transaction with the change of state. What was computed before is completed first. Safe to run twice and at once; run again after
 * a release it pays what was released.
 */
export const postCommissions =
  (deps: CommissionDeps) =>
  async (tenantId: number, bookDate: string): Promise<Result<PostedDay, PostRefusal>> => {
    const day = { tenantId, bookDate };
    if (!(await isOver(deps.db, bookDate))) return refuse("TOO_EARLY");
    const computed = await computeCommissions(deps)(tenantId, bookDate);
    if (!computed.ok) return computed;
    return deps.transact(systemActor, async (work) => ok(await postDay(work, day)));
  };

async function isOver(db: Knex, bookDate: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { is_over: boolean }[] }>(
    "SELECT book_date_of(clock_timestamp()) > ?::date AS is_over",
    [bookDate],
  );
  return rows[0]?.is_over === true;
}

/** The posting itself, within a transaction of the caller, of a date that is over and computed through. */
export async function postDay(work: Work, day: CommissionDay): Promise<PostedDay> {
  const { db } = work;
  await lockPosting(db, day.tenantId);
  await lockDay(work, day);
  await db("commission_days")
    .where({ tenant_id: day.tenantId, book_date: day.bookDate, posted_at: null })
    .update({ posted_at: db.raw("clock_timestamp()") });
  const settled = (await lockDue(db, day)).map(
    (due): SettledPayout => ({
      due,
      ...settleRun({ earned: due.earned_minor, clawedBack: due.clawed_back_minor, carriedIn: due.carried_minor }),
    }),
  );
  if (settled.length === 0) return { payouts: 0, paid: new Map() };
  await postTransfers(db, await transfersOf(db, day.tenantId, settled));
  await writeSettled(db, settled);
  const paid = totals(settled);
  work.audit({
    action: "post",
    resource: "commission-payouts",
    objectId: null,
    tenantId: day.tenantId,
    after: { bookDate: day.bookDate, payouts: settled.length, paid: readable(settled, paid) },
  });
  return { payouts: settled.length, paid };
}

async function transfersOf(db: Knex, tenantId: number, settled: readonly SettledPayout[]): Promise<NewTransfer[]> {
  const currencies = [...new Set(settled.map(({ due }) => due.currency))].sort();
  const fees = new Map<string, bigint>();
  for (const currency of currencies)
    fees.set(currency, (await houseAccounts(db, { tenantId, book: "live", currency, shard: 0 })).fee);
  const accounts = await commissionAccounts(
    db,
    tenantId,
    settled.map(({ due }) => due),
  );
  return settled.flatMap(({ due, earned, takenBack }) => {
    const agent = accounts.get(`${due.agent_id}/${due.currency}`);
    const house = fees.get(due.currency);
    assert(agent !== undefined && house !== undefined, `no ledger accounts for payout ${due.id}`);
    const common = { tenantId, book: "live", currency: due.currency, groupId: due.id } as const;
    const all: NewTransfer[] = [
      {
        ...common,
        ...{
          debit: house,
          credit: agent,
          amount: minorUnits(earned),
          code: transferCodes.commission,
          leg: legs.earned,
        },
      },
      {
        ...common,
        ...{ debit: agent, credit: house, amount: minorUnits(takenBack), code: transferCodes.commissionClawback },
        leg: legs.takenBack,
      },
    ];
    return all.filter(({ amount }) => amount > 0n);
  });
}

function totals(settled: readonly SettledPayout[]): Map<string, bigint> {
  const paid = new Map<string, bigint>();
  for (const payout of settled) paid.set(payout.due.currency, (paid.get(payout.due.currency) ?? 0n) + payout.paid);
  return paid;
}

const readable = (settled: readonly SettledPayout[], paid: ReadonlyMap<string, bigint>): Record<string, string> =>
  Object.fromEntries(
    settled.map(({ due }) => [due.currency, formatDecimal(paid.get(due.currency) ?? 0n, due.currency_scale)]),
  );
