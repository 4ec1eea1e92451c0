import { type LadderAccount, marginLevel, nextStage, planStopOut, type StopOutStep } from "#core/ladder.ts";
import { systemActor, type Transact, type Work } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { loadStops } from "../risk/index.ts";
import {
  type AccountResult,
  type AccountRow,
  type Cancelling,
  type HouseOrder,
  holdEpoch,
  lockAccounts,
  type SettleLocked,
} from "../trading/index.ts";
import { type LadderState, loadLadder, type MarkQuote } from "./ladder.store.ts";
import { feesOf, type LiquidationFee, postFees } from "./liquidation-fees.ts";
import { type MarginEvent, writeMarginEvents, writeStages } from "./margin-events.store.ts";
import { accountsPoorerSince } from "./money-left.store.ts";
import { type Marks, markOf, withMarks } from "./weigh.ts";

export interface LadderPorts {
  readonly transact: Transact;
  readonly settle: SettleLocked;
  readonly cancelWorking: Cancelling["cancelWorking"];
  /** Whether a position may be closed at this quote at the moment `at`: its session is open then, the quote not old by then. */
  readonly trades: (instrumentId: string, mark: MarkQuote, at: Date) => boolean;
  readonly announce: (announcement: Announcement) => void;
  /** So many positions were closed by stop-outs. */
  readonly onClosed?: (positions: number) => void;
}

/** What accounts are weighed by. */
export interface Weighing {
  readonly marks: Marks;
  /** When the quote came that set it off, or now. */
  readonly at: Date;
  /** The lead it is done under: throws `LeadLost` when another process leads by now. */
  readonly epoch: bigint;
}

/** Returns the accounts that the transaction left with nothing at risk, at the foot of the ladder. */
export type ApplyLadder = (accountIds: readonly string[], weighing: Weighing) => Promise<readonly string[]>;

/** An account whose stage or positions the ladder changes, and how. */
interface Verdict {
  readonly account: AccountRow;
  readonly state: LadderState;
  readonly weighed: LadderAccount;
  readonly steps: readonly StopOutStep[];
  readonly after: LadderAccount;
}

/**
 * Brings accounts to the stage their margin level gives them, in one transaction: under their locks, what is due fills first, then
 * each is weighed anew with the marks; a stop-out cancels and closes as the core plans it, at the quotes it was weighed by. Every
 * step is written down. Whoever was put right meanwhile is left alone, so running twice does nothing more; so is whose money left
 * after the quote came, when that is a while ago.
 */
export function applyLadder(ports: LadderPorts): ApplyLadder {
  return (accountIds, { marks, at, epoch }) =>
    ports.transact(systemActor, async (work) => {
      // In this order. The switches before the locks: from here to the commit none is thrown or lifted.
      const [stops, accounts, locked, poorer] = await Promise.all([
        loadStops(work.db, accountIds),
        lockAccounts(work.db, accountIds),
        loadLadder(work.db, accountIds),
        accountsPoorerSince(work.db, accountIds, at),
        holdEpoch(work.db, epoch),
      ]);
      const due = new Set(locked.filter(({ hasDue }) => hasDue).map(({ accountId }) => accountId));
      if (due.size > 0) await ports.settle(work, new Map([...accounts].filter(([id]) => due.has(id))));
      const states = due.size > 0 ? await loadLadder(work.db, accountIds) : locked;
      const verdicts = states.flatMap((state): Verdict[] => {
        const account = accounts.get(state.accountId);
        if (account === undefined || poorer.has(account.id)) return [];
        const mayClose = (instrumentId: string, mark: MarkQuote): boolean => {
          // Positions of a contract that has ended are closed at its final quote, not here.
          const { halt, ended } = stops.of({ accountId: account.id, instrumentId });
          return ports.trades(instrumentId, mark, at) && halt === null && ended === null;
        };
        return verdictOf(account, state, withMarks(state, marks, mayClose));
      });
      return verdicts.length === 0 ? [] : carryOut(ports, work, verdicts, marks);
    });
}

/** Nothing for an account that is where it should be. */
function verdictOf(account: AccountRow, state: LadderState, weighed: LadderAccount): Verdict[] {
  const stage = nextStage(weighed.stage, marginLevel(weighed), state.thresholds);
  const plan =
    stage === "stop-out" ? planStopOut(weighed, state.thresholds, state.feePerPosition) : { steps: [], after: weighed };
  if (stage === weighed.stage && plan.steps.length === 0) return [];
  return [{ account, state, weighed: { ...weighed, stage }, ...plan }];
}

async function carryOut(
  ports: LadderPorts,
  work: Work,
  verdicts: readonly Verdict[],
  marks: Marks,
): Promise<readonly string[]> {
  const cancelling = verdicts.filter(({ steps }) => steps.some(({ close }) => close === null));
  if (cancelling.length > 0)
    await ports.cancelWorking(work, rowsOf(cancelling), { code: "STOP_OUT", usingMargin: true });
  const orders = verdicts.flatMap((verdict) => closingOrders(verdict, marks));
  const closing = verdicts.filter(({ steps }) => steps.some(({ close }) => close !== null));
  const results = orders.length === 0 ? [] : await ports.settle(work, rowsOf(closing), orders);
  const resultOf = new Map(results.map((result) => [result.account.id, result]));
  const fees = closing.flatMap((verdict) => feesOf(verdict, resultOf.get(verdict.account.id)));
  await postFees(work.db, fees);
  const finals = verdicts.map((verdict) => ({ accountId: verdict.account.id, stage: finalStage(verdict) }));
  const events = verdicts.flatMap((verdict, index) => [
    ...stepEvents(verdict, resultOf.get(verdict.account.id)),
    ...fees.filter(({ account }) => account === verdict.account).map((one) => feeEvent(one, verdict)),
    ...lastEvent(verdict, finals[index]?.stage),
  ]);
  await Promise.all([writeStages(work.db, finals), writeMarginEvents(work.db, events, marks)]);
  work.afterCommit(() => {
    // Of the others the settlement tells.
    for (const { account } of verdicts)
      if (!resultOf.has(account.id)) ports.announce({ kind: "settled", accountId: account.id, orderIds: [] });
    ports.onClosed?.(orders.length);
  });
  return finals.flatMap(({ accountId, stage }) =>
    stage === "ok" && isFlat(resultOf.get(accountId)) ? [accountId] : [],
  );
}

/** Whether an account was settled and nothing is at risk on it now. */
const isFlat = (result: AccountResult | undefined): boolean =>
  result !== undefined &&
  [...result.settlement.positions.values()].every(
    ({ position, marginHeld }) => position.lots === 0n && marginHeld === 0n,
  );

const rowsOf = (verdicts: readonly Verdict[]): Map<string, AccountRow> =>
  new Map(verdicts.map(({ account }) => [account.id, account]));

function closingOrders({ account, state, steps }: Verdict, marks: Marks): HouseOrder[] {
  return steps.flatMap(({ close }) => {
    const holding = state.holdings.find(({ instrumentId }) => instrumentId === close?.instrumentId);
    const mark = holding === undefined ? null : markOf(holding, marks);
    if (close === null || holding === undefined || mark === null) return [];
    const order = { ...close, accountId: account.id, termsVersion: holding.termsVersion, quote: mark };
    return [{ ...order, origin: "stop-out" as const, reduceOnly: true }];
  });
}

const finalStage = ({ state, weighed, after }: Verdict): LadderAccount["stage"] =>
  weighed.stage === "stop-out" && after !== weighed
    ? nextStage("ok", marginLevel(after), state.thresholds)
    : weighed.stage;

function stepEvents({ account, state, weighed, steps }: Verdict, result: AccountResult | undefined): MarginEvent[] {
  const common = { account, holdings: state.holdings, before: weighed.stage, after: weighed.stage };
  const first: MarginEvent[] =
    state.stage === weighed.stage
      ? []
      : [{ ...common, kind: "stage", before: state.stage, level: marginLevel(weighed) }];
  const taken = steps.map(({ before: level, close }): MarginEvent => {
    if (close === null) return { ...common, kind: "orders-cancelled", level };
    const { instrumentId, lots } = close;
    const orderId = result?.rows.find((row) => row.instrument_id === instrumentId && row.origin === "stop-out")?.id;
    return { ...common, kind: "position-closed", level, instrumentId, lots, orderId };
  });
  return [...first, ...taken];
}

/** Where the account came to, when that is not where it went. */
function lastEvent(
  { account, state, weighed, after }: Verdict,
  stage: LadderAccount["stage"] | undefined,
): MarginEvent[] {
  if (stage === undefined || stage === weighed.stage) return [];
  const left = new Set(after.holdings.map(({ instrumentId }) => instrumentId));
  const holdings = state.holdings.filter(({ instrumentId }) => left.has(instrumentId));
  return [{ account, holdings, kind: "stage", before: weighed.stage, after: stage, level: marginLevel(after) }];
}

const feeEvent = ({ account, instrumentId, orderId, amount }: LiquidationFee, verdict: Verdict): MarginEvent => ({
  ...{ account, instrumentId, orderId, amount, kind: "fee", holdings: verdict.state.holdings },
  ...{ before: verdict.weighed.stage, after: verdict.weighed.stage, level: marginLevel(verdict.after) },
});
