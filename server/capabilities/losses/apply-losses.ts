import { groupBy } from "#core/group-by.ts";
import { absolute } from "#core/position.ts";
import { minorUnits } from "#core/units.ts";
import { systemActor, type Transact, type Work } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { type MarkQuote, markOf } from "../margin/index.ts";
import { loadStops, type StopBook, writeLossStates } from "../risk/index.ts";
import {
  type AccountRow,
  type Cancelling,
  findTogether,
  type HouseOrder,
  holdEpoch,
  lockAccounts,
  type SettleLocked,
} from "../trading/index.ts";
import { type NewBreach, writeBreaches } from "./breaches.store.ts";
import { type FlattenDue, loadCarried, writeFlattenMarks } from "./flatten-time.store.ts";
import { loadViews } from "./load-views.ts";
import { flattenDueAt, type LossPrices, type LossView, type WeighedAccount, weighLosses } from "./weigh-losses.ts";

export interface LossPorts {
  readonly transact: Transact;
  readonly settle: SettleLocked;
  readonly cancelWorking: Cancelling["cancelWorking"];
  /** Whether a position may be closed at this quote at the moment `at`: its session is open then, the quote not old by then. */
  readonly trades: (instrumentId: string, mark: MarkQuote, at: Date) => boolean;
  readonly announce: (announcement: Announcement) => void;
  /** So many limits were found breached. */
  readonly onBreached?: (breaches: number) => void;
}

/** What accounts are weighed by. */
export interface LossWeighing extends LossPrices {
  /** The lead it is done under: throws `LeadLost` when another process leads by now. */
  readonly epoch: bigint;
}

/** Accounts as they were left, those that count as one beside each other; one of whose positions were closed is not among them: it has to be read anew. */
export type LeftLosses = readonly (readonly WeighedAccount[])[];

export type ApplyLosses = (accountIds: readonly string[], weighing: LossWeighing) => Promise<LeftLosses>;

interface Verdict extends WeighedAccount {
  readonly account: AccountRow;
}

/**
 * Brings the loss states of accounts, and of those that count as one with them, to the present in one transaction: under their locks, what is
 * due fills first, then each is weighed anew by the prices since it was looked at before; a breach is written down, what waits and may open
 * is cancelled, and where the rule says so everything is closed at the present quotes. What can't be closed now stays, locked, until the
 * next look. What stands is found no second time, so running twice does nothing more.
 */
export function applyLosses(ports: LossPorts): ApplyLosses {
  return (accountIds, weighing) =>
    ports.transact(systemActor, async (work) => {
      // Who is joined with them after this is looked at again: the decision is announced.
      const mates = await findTogether(work.db, accountIds);
      const ids = [...new Set([...accountIds, ...mates.keys()])];
      // In this order. The switches before the locks: from here to the commit none is thrown or lifted.
      const [stops, accounts] = await Promise.all([
        loadStops(work.db, ids),
        lockAccounts(work.db, ids),
        holdEpoch(work.db, weighing.epoch),
      ]);
      const load = () => loadViews(work.db, [...accounts.keys()], mates, weighing.at.getTime());
      const locked = await load();
      const due = new Map([...accounts].filter(([id]) => locked.get(id)?.ladder.hasDue === true));
      if (due.size > 0) await ports.settle(work, due);
      const views = due.size > 0 ? await load() : locked;
      const groups = weighLosses(views, weighing);
      const verdicts = groups.flat().flatMap((one): Verdict[] => {
        const account = accounts.get(one.view.losses.accountId);
        return account === undefined ? [] : [{ account, ...one }];
      });
      const closing = await carryOut(ports, work, verdicts, weighing, stops);
      return groups.filter((group) => group.every(({ view }) => !closing.has(view.losses.accountId)));
    });
}

/** Returns the accounts of which positions were closed. */
async function carryOut(
  ports: LossPorts,
  work: Work,
  verdicts: readonly Verdict[],
  weighing: LossWeighing,
  stops: StopBook,
): Promise<ReadonlySet<string>> {
  const due = verdicts.flatMap(({ view }) => dueOf(view, weighing.at.getTime()));
  const meant = due.filter(({ isMeant }) => isMeant);
  const carried = await loadCarried(work.db, meant);
  const dueIds = new Set(meant.map(({ accountId }) => accountId));
  const stopped = verdicts.filter(({ account, weighed }) => weighed.lock !== null || dueIds.has(account.id));
  const opening = stopped.filter(({ view }) =>
    view.ladder.holdings.some(({ resting: { buy, sell } }) => buy + sell > 0n),
  );
  if (opening.length > 0) await ports.cancelWorking(work, rowsOf(opening), { code: "RISK_LIMIT", usingMargin: true });
  const orders = stopped.flatMap((verdict) =>
    closingOrders(ports, verdict, carried.get(verdict.account.id), weighing, stops),
  );
  const closing = new Set(orders.map(({ accountId }) => accountId));
  if (orders.length > 0)
    await ports.settle(work, rowsOf(verdicts.filter(({ account }) => closing.has(account.id))), orders);
  // What could not be closed now is tried again.
  const isDone = ({ accountId }: Due): boolean =>
    [...(carried.get(accountId) ?? [])].every((id) =>
      orders.some((order) => order.accountId === accountId && order.instrumentId === id),
    );
  await writeFlattenMarks(work.db, due.filter(isDone));
  const paidOf = new Map(verdicts.map(({ view: { losses } }) => [losses.accountId, losses.paidIn - losses.paidOut]));
  const breaches = verdicts.flatMap((verdict) => breachesOf(verdict, paidOf, weighing));
  const ids = await writeBreaches(work.db, breaches);
  await writeLossStates(
    work.db,
    verdicts.flatMap(({ weighed }) => weighed.changed),
  );
  work.afterCommit(() => {
    // Of the others the settlement tells.
    for (const accountId of groupBy(breaches, ({ account }) => account.id).keys())
      if (!closing.has(accountId)) ports.announce({ kind: "settled", accountId, orderIds: [] });
    for (const id of ids) ports.announce({ kind: "changed", resource: "risk-breaches", id });
    if (breaches.length > 0) ports.onBreached?.(breaches.length);
  });
  return closing;
}

/** A flatten time that came before the account was known here, within so long, is carried out; one long past was before its rule. */
const newlyKnownMs = 60_000;

interface Due extends FlattenDue {
  /** Else it is only noted, so that the next one counts. */
  readonly isMeant: boolean;
}

function dueOf(view: LossView, atMs: number): Due[] {
  const momentMs = flattenDueAt(view, atMs);
  if (momentMs === null) return [];
  const isMeant = view.flatten?.doneMs !== null || atMs - momentMs <= newlyKnownMs;
  return [{ accountId: view.losses.accountId, momentMs, isMeant }];
}

const rowsOf = (verdicts: readonly Verdict[]): Map<string, AccountRow> =>
  new Map(verdicts.map(({ account }) => [account.id, account]));

/** What can be closed now: everything where a rule says so, else what was carried over the flatten time. */
function closingOrders(
  { trades }: LossPorts,
  { account, view, weighed }: Verdict,
  carried: ReadonlySet<string> | undefined,
  { marks, at }: LossWeighing,
  stops: StopBook,
): HouseOrder[] {
  const isMeant = (id: string): boolean => weighed.lock === "flatten" || carried?.has(id) === true;
  return view.ladder.holdings.flatMap((holding): HouseOrder[] => {
    const { instrumentId, position, termsVersion } = holding;
    const mark = markOf(holding, marks);
    const { halt, ended } = stops.of({ accountId: account.id, instrumentId });
    if (!isMeant(instrumentId) || position.lots === 0n || mark === null || halt !== null || ended !== null) return [];
    if (!trades(instrumentId, mark, at)) return [];
    const side = position.lots > 0n ? "sell" : "buy";
    const order = { accountId: account.id, instrumentId, termsVersion, side, lots: absolute(position.lots) } as const;
    return [{ ...order, origin: "risk", reduceOnly: true, quote: mark }];
  });
}

/** The figures of a breach are those of all accounts that count as one. */
function breachesOf(
  { account, view, weighed }: Verdict,
  paidOf: ReadonlyMap<string, bigint>,
  { marks }: LossWeighing,
): NewBreach[] {
  const together = [view.losses.accountId, ...view.mates];
  const paid = together.reduce((sum, id) => sum + (paidOf.get(id) ?? 0n), 0n);
  return weighed.slots.flatMap(({ slot, rule, state, found }) =>
    found === null || rule === null
      ? []
      : [
          {
            ...{ account, slot, effective: rule, state, found, mates: view.mates },
            ...{ paid: minorUnits(paid), quotes: quotesOf(view, marks) },
          },
        ],
  );
}

/** The prices that the account was weighed by. */
function quotesOf({ ladder }: LossView, marks: LossWeighing["marks"]): string {
  const quotes = ladder.holdings.flatMap((holding) => {
    const mark = markOf(holding, marks);
    if (mark === null) return [];
    const { seq, bid, ask } = mark;
    return [[holding.instrumentId, { seq: `${seq}`, bid: `${bid}`, ask: `${ask}` }] as const];
  });
  return JSON.stringify(Object.fromEntries(quotes));
}
