import type { OrderAnswer } from "#contracts/trading-api.ts";
import { groupBy } from "#core/group-by.ts";
import { assert } from "#core/result.ts";
import { systemActor, type Work } from "../../platform/db/unit-of-work.ts";
import { loadLossStates, loadRiskTable, loadStops } from "../risk/index.ts";
import { refused, reused } from "./answers.ts";
import { again } from "./batcher.ts";
import { decideSubmission, type Submission } from "./decide-submission.ts";
import { type Desk, openDesks } from "./desk.ts";
import { lockJudged } from "./judged-together.ts";
import { changedLine, type LineToWrite, writeLines } from "./lines.store.ts";
import { findByClientIds, insertChecks, insertOrders, type NewOrder, type OrderRow } from "./orders.store.ts";
import { type AcceptPorts, settleJob } from "./ports.ts";
import { insertRefusals, type RefusedOrder } from "./refusals.store.ts";
import { loadFacts } from "./risk-facts.ts";
import type { LoadTerms } from "./terms.store.ts";
import { toWireOrder } from "./wire.ts";

/** What became of a submission: an order (new, or the same as before), or an answer without one. */
type Outcome =
  | { readonly kind: "new" | "known"; readonly orderId: string }
  | { readonly kind: "answer"; readonly answer: OrderAnswer | typeof again };

/**
 * Decides a batch of orders in one transaction: locks the accounts in id order, loads all that the decisions need in a fixed
 * number of queries, decides in order of arrival (each order sees those before it), and writes orders, margin lines and the job.
 * When it returns, accepted orders are durable. With `mayPutOff` it does not wait for accounts that are being settled: their orders
 * come again with the next batch, all of an account together.
 */
export async function acceptBatch(
  ports: AcceptPorts,
  loadTerms: LoadTerms,
  batch: readonly Submission[],
  mayPutOff: boolean,
): Promise<readonly (OrderAnswer | typeof again)[]> {
  return ports.transact(systemActor, async (work) => {
    const accountIds = [...new Set(batch.map((one) => one.accountId))];
    const traderIds = batch.map((one) => one.traderId);
    // In this order, one round trip: the switches before the lock, what was ordered before behind it.
    const [stops, judged, earlier, table, losses] = await Promise.all([
      loadStops(work.db, accountIds),
      lockJudged(work.db, accountIds, { skipLocked: mayPutOff }),
      findByClientIds(work.db, batch),
      loadRiskTable(work.db, traderIds),
      loadLossStates(work.db, accountIds),
    ]);
    const desks = await openDesks(work.db, loadTerms, [...judged.accounts.values()]);
    const now = ports.clock.now();
    const sources = { market: ports.market, table, desks, matesOf: judged.matesOf, losses, now };
    const rules = { table, stops, facts: await loadFacts(work.db, sources, batch) };
    const known = new Map(earlier.map((row) => [keyOf(row.account_id, row.client_order_id), row]));
    const taken = new Map<string, NewOrder>();
    const refusals: RefusedOrder[] = [];
    const outcomes = batch.map((one): Outcome => {
      const desk = judged.isWhole(one.accountId) ? desks.get(one.accountId) : undefined;
      if (desk === undefined && mayPutOff) return { kind: "answer", answer: again };
      if (desk === undefined || desk.account.trader_id !== one.traderId)
        return { kind: "answer", answer: refused("UNKNOWN_ACCOUNT", []) };
      const key = keyOf(one.accountId, one.clientOrderId);
      const repeated = repeatOf(one, known.get(key), taken.get(key));
      if (repeated !== null) return repeated;
      const decision = decideSubmission(ports, desk, rules, one);
      if (!decision.ok) {
        const { answer, order } = decision.refusal;
        if (order !== null) refusals.push(order);
        return { kind: "answer", answer };
      }
      taken.set(key, decision.value);
      return { kind: "new", orderId: decision.value.id };
    });
    const [made] = await Promise.all([
      save(ports, work, desks, [...taken.values()]),
      insertRefusals(work.db, refusals),
    ]);
    return answersOf(work, loadTerms, outcomes, [...earlier, ...made]);
  });
}

const keyOf = (accountId: string, clientOrderId: string): string => `${accountId} ${clientOrderId}`;

/** The answer to a client order id that was used before, in an earlier transaction or in this batch; null: it is new. */
function repeatOf(
  one: Submission,
  known: { id: string; body_hash: Buffer } | undefined,
  twin: NewOrder | undefined,
): Outcome | null {
  const hash = known?.body_hash ?? twin?.bodyHash;
  const orderId = known?.id ?? twin?.id;
  if (hash === undefined || orderId === undefined) return null;
  return hash.equals(one.bodyHash) ? { kind: "known", orderId } : { kind: "answer", answer: reused() };
}

/** Orders, the lines that cover them and the promise to settle those that are due: all or nothing. */
async function save(
  { announce }: AcceptPorts,
  work: Work,
  desks: ReadonlyMap<string, Desk>,
  orders: readonly NewOrder[],
): Promise<OrderRow[]> {
  if (orders.length === 0) return [];
  const [rows] = await Promise.all([
    insertOrders(work.db, orders),
    insertChecks(work.db, orders),
    writeLines(work.db, linesOf(desks, orders)),
  ]);
  const idsOf = (waits: boolean): string[] => orders.flatMap((order) => (order.waits === waits ? [order.id] : []));
  const due = idsOf(false);
  const waiting = idsOf(true);
  if (due.length > 0) work.outbox(settleJob, { orderIds: due });
  if (waiting.length > 0) work.afterCommit(() => tellWaiting(announce, orders));
  return rows;
}

/** The trigger engine, and the trader's windows: those beside the one that gave the order do not know of it. */
function tellWaiting(announce: AcceptPorts["announce"], orders: readonly NewOrder[]): void {
  const waiting = orders.filter(({ waits }) => waits);
  announce({ kind: "working", orderIds: waiting.map(({ id }) => id) });
  for (const [accountId, own] of groupBy(waiting, ({ account }) => account.id))
    announce({ kind: "settled", accountId, orderIds: own.map(({ id }) => id) });
}

/** One line for each account and instrument, as the last order of the batch left it. */
function linesOf(desks: ReadonlyMap<string, Desk>, orders: readonly NewOrder[]): LineToWrite[] {
  const touched = new Map(orders.map((order) => [`${order.account.id} ${order.instrument.id}`, order]));
  return [...touched.values()].flatMap(({ account, instrument }) => {
    const desk = desks.get(account.id);
    const exposure = desk?.exposures.get(instrument.id);
    assert(exposure !== undefined, `an order of ${account.id} in ${instrument.id} has left no exposure`);
    return changedLine(account, instrument.id, desk?.rows.get(instrument.id), exposure);
  });
}

async function answersOf(
  work: Work,
  loadTerms: LoadTerms,
  outcomes: readonly Outcome[],
  rows: readonly OrderRow[],
): Promise<readonly (OrderAnswer | typeof again)[]> {
  const terms = await loadTerms(
    work.db,
    rows.map((row) => ({ instrumentId: row.instrument_id, version: row.terms_version })),
  );
  const orders = new Map(rows.map((row) => [row.id, toWireOrder(row, terms(row.instrument_id, row.terms_version))]));
  return outcomes.map((outcome): OrderAnswer | typeof again => {
    if (outcome.kind === "answer") return outcome.answer;
    const order = orders.get(outcome.orderId);
    if (order === undefined) throw new Error(`order ${outcome.orderId} was written but not returned`);
    return { status: outcome.kind === "new" ? 202 : 200, order };
  });
}
