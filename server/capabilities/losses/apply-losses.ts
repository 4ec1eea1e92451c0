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
  type HouseOrder,
  holdEpoch,
  lockAccounts,
  type SettleLocked,
} from "../trading/index.ts";
import { type NewBreach, writeBreaches } from "./breaches.store.ts";
import { type FlattenDue, loadCarried, writeFlattenMarks } from "./flatten-time.store.ts";
import { loadViews } from "./load-views.ts";
import { flattenDueAt, type LossPrices, type LossView, type WeighedLosses, weighLosses } from "./weigh-losses.ts";

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
export interface LossWeighing extends Omit<LossPrices, "from"> {
  /** Up to where in the stream an account was looked at before; null: it was not. */
  readonly fromOf: (accountId: string) => number | null;
  /** The lead it is done under: throws `LeadLost` when another process leads by now. */
  readonly epoch: bigint;
}

/** An account as it was left; one whose positions were closed is not among them: it has to be read anew. */
export interface LeftLosses {
  readonly view: LossView;
  readonly weighed: WeighedLosses;
}

export type ApplyLosses = (accountIds: readonly string[], weighing: LossWeighing) => Promise<readonly LeftLosses[]>;

interface Verdict extends LeftLosses {
  readonly account: AccountRow;
}

/**
 * Brings the loss states of accounts to the present, in one transaction: under their locks, what is due fills first, then each is weighed
 * anew by the prices since it was looked at before; a breach is written down, what waits and may open is cancelled, and where the
 * rule says so everything is closed at the present quotes. What can't be closed now stays, locked, until the next look. What stands is found
 * no second time, so running twice does nothing more.
 */
export function applyLosses(ports: LossPorts): ApplyLosses {
  return (accountIds, weighing) =>
    ports.transact(systemActor, async (work) => {
      // In this order. The switches before the locks: from here to the commit none is thrown or lifted.
      const [stops, accounts] = await Promise.all([
        loadStops(work.db, accountIds),
        lockAccounts(work.db, accountIds),
        holdEpoch(work.db, weighing.epoch),
      ]);
      const load = () => loadViews(work.db, [...accounts.keys()], weighing.at.getTime());
      const locked = await load();
      const due = new Map([...accounts].filter(([id]) => locked.get(id)?.ladder.hasDue === true));
      if (due.size > 0) await ports.settle(work, due);
      const views = due.size > 0 ? await load() : locked;
      const verdicts = [...views].flatMap(([id, view]): Verdict[] => {
        const account = accounts.get(id);
        if (account === undefined) return [];
        return [{ account, view, weighed: weighLosses(view, { ...weighing, from: weighing.fromOf(id) }) }];
      });
      return carryOut(ports, work, verdicts, weighing, stops);
    });
}

async function carryOut(
  ports: LossPorts,
  work: Work,
  verdicts: readonly Verdict[],
  weighing: LossWeighing,
  stops: StopBook,
): Promise<readonly LeftLosses[]> {
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
  const breaches = verdicts.flatMap((verdict) => breachesOf(verdict, weighing));
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
  return verdicts.filter(({ account }) => !closing.has(account.id));
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

function breachesOf({ account, view, weighed }: Verdict, { marks }: LossWeighing): NewBreach[] {
  const { paidIn, paidOut } = view.losses;
  return weighed.slots.flatMap(({ slot, rule, state, found }) =>
    found === null || rule === null
      ? []
      : [
          {
            ...{ account, slot, effective: rule, state, found },
            ...{ paid: minorUnits(paidIn - paidOut), quotes: quotesOf(view, marks) },
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
