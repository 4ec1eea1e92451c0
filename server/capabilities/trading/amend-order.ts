import type { Knex } from "knex";
import type { TraderIdentity } from "#contracts/identity.ts";
import type { AmendOrderRequest } from "#contracts/order-requests.ts";
import type { OrderAnswer } from "#contracts/trading-api.ts";
import { type Exposure, noExposure } from "#core/exposure.ts";
import type { Instrument } from "#core/instrument.ts";
import { type AcceptedOrder, decideOrder, type OrderIntent } from "#core/order.ts";
import { isLeg } from "#core/reduce.ts";
import { assert, ok, type Result, refuse } from "#core/result.ts";
import { noOrderFlow, type RiskFacts } from "#core/risk-checks.ts";
import { formatPrice, lots, ticks } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { loadLossStates, loadRiskTable, loadStops } from "../risk/index.ts";
import { type DecidedAmendment, insertAmendment } from "./amendments.store.ts";
import { refused, unknownOrder, wrongField } from "./answers.ts";
import type { ChangeDeps } from "./cancel-orders.ts";
import { enter } from "./decide-submission.ts";
import { contextOf } from "./decision-context.ts";
import { type Desk, openDesks } from "./desk.ts";
import { lockJudged } from "./judged-together.ts";
import { changedLine, writeLines } from "./lines.store.ts";
import { writeOrderEvents } from "./order-events.store.ts";
import { intentOf } from "./order-intent.ts";
import { accountOfOrder, type OwnOrderRow, ownWorkingOrder, traderActor } from "./own-order.ts";
import { type ArrivedQuote, settleJob } from "./ports.ts";
import { orderOfTrader } from "./reads.store.ts";
import { loadFacts } from "./risk-facts.ts";
import { toWireOrder } from "./wire.ts";

/**
 * Changes lots or prices of a working order: decided anew under the account's lock as if it came now, with its line computed again.
 * Only quotes after the one in force count for it from then on; with a price that the market has reached it is due at once.
 */
export const amendOrder =
  (deps: ChangeDeps) =>
  (trader: TraderIdentity, orderId: string, request: AmendOrderRequest): Promise<OrderAnswer> =>
    deps.ports.transact(traderActor(trader), async (work) => {
      const accountId = await accountOfOrder(work.db, trader, orderId);
      if (accountId === null) return unknownOrder();
      const stops = await loadStops(work.db, [accountId]);
      const judged = await lockJudged(work.db, [accountId]);
      const own = await ownWorkingOrder(work.db, trader, orderId);
      if (!own.ok) return own.refusal;
      const table = await loadRiskTable(work.db, [trader.traderId]);
      const desks = await openDesks(work.db, deps.loadTerms, [...judged.accounts.values()]);
      const desk = desks.get(accountId);
      assert(desk !== undefined, `account ${accountId} of order ${orderId} does not exist`);
      const losses = await loadLossStates(work.db, [accountId]);
      const { market, clock } = deps.ports;
      const sources = { market, table, desks, matesOf: judged.matesOf, losses, now: clock.now() };
      const asked = [{ accountId, instrumentId: own.value.instrument_id }];
      const rules = { stops, table, facts: await loadFacts(work.db, sources, asked) };
      const amended = decideAmendment(deps, rules, desk, own.value, request);
      if (!amended.ok) {
        const { answer, decided } = amended.refusal;
        if (decided !== null) await insertAmendment(work.db, { orderId, ...decided });
        return answer;
      }
      await saveAmendment(work, trader, desk, own.value, amended.value);
      if (!amended.value.decision.waits) work.outbox(settleJob, { orderIds: [orderId] });
      work.afterCommit(() => {
        deps.ports.announce({ kind: "working", orderIds: [orderId] });
        deps.ports.announce({ kind: "settled", accountId, orderIds: [orderId] });
      });
      const row = await orderOfTrader(work.db, trader.traderId, orderId);
      assert(row !== null, `order ${orderId} was amended and is gone`);
      const terms = await deps.loadTerms(work.db, [{ instrumentId: row.instrument_id, version: row.terms_version }]);
      return { status: 200, order: toWireOrder(row, terms(row.instrument_id, row.terms_version)) };
    });

/** A no with its reason; `decided`: for the log, where the change was understood and measured. */
interface RefusedAmendment {
  readonly answer: OrderAnswer;
  readonly decided: Omit<DecidedAmendment, "orderId"> | null;
}

interface Amendment {
  readonly instrument: Instrument;
  readonly intent: OrderIntent;
  readonly decision: AcceptedOrder;
  readonly quote: ArrivedQuote;
}

function decideAmendment(
  { ports }: ChangeDeps,
  rules: Parameters<typeof contextOf>[1],
  desk: Desk,
  row: OwnOrderRow,
  request: AmendOrderRequest,
): Result<Amendment, RefusedAmendment> {
  const instrument = ports.market.instrument(row.instrument_id);
  if (instrument === undefined) return refuse({ answer: refused("UNKNOWN_INSTRUMENT", []), decided: null });
  const exposure = withoutOrder(desk, instrument, row);
  const intent = amendedIntent(row, request, instrument, exposure, ports.clock.now());
  if (!intent.ok) return refuse({ answer: intent.refusal, decided: null });
  const quote = ports.market.latestTradable(instrument.id);
  const context = contextOf(ports, rules, desk, instrument, exposure, quote);
  // It is no new order, and what it was is among what all traders hold.
  const risk = { ...context.risk, flow: noOrderFlow, ...withoutOwn(context.risk, row) };
  const decision = decideOrder(intent.value, { ...context, risk });
  if (!decision.ok) {
    const { code, checks } = decision.refusal;
    const answer = refused(code, checks, desk.account.currency);
    return refuse({ answer, decided: { intent: intent.value, quote, code, checks } });
  }
  assert(quote !== undefined, `order ${row.id} was amended without a quote`);
  enter(desk, instrument, exposure, intent.value, decision.value);
  return ok({ instrument, intent: intent.value, decision: decision.value, quote });
}

/** Takes the order off the desk: what it held stays held, and is there for what it becomes. */
function withoutOrder(desk: Desk, instrument: Instrument, row: OwnOrderRow): Exposure {
  const stored = desk.exposures.get(instrument.id) ?? noExposure(instrument.terms);
  desk.waiting -= 1;
  if (row.reduce_only) return stored;
  const resting = { ...stored.resting, [row.side]: lots(stored.resting[row.side] - row.lots) };
  const exposure = { ...stored, resting };
  desk.exposures.set(instrument.id, exposure);
  return exposure;
}

function withoutOwn({ partner, house }: RiskFacts, row: OwnOrderRow): Pick<RiskFacts, "partner" | "house"> {
  const less = (together: RiskFacts["partner"]): RiskFacts["partner"] => {
    if (together === null || row.reduce_only) return together;
    const { long, short } = together;
    return row.side === "buy" ? { long: long - row.lots, short } : { long, short: short - row.lots };
  };
  return { partner: less(partner), house: less(house) };
}

/** The order as it would be placed now. One whose stop was reached is a limit order. */
function amendedIntent(
  row: OwnOrderRow,
  request: AmendOrderRequest,
  instrument: Instrument,
  exposure: Exposure,
  now: Date,
): Result<OrderIntent, OrderAnswer> {
  const isLimitNow = row.type === "stop-limit" && row.stop_quote_seq !== null;
  const stopTicks = isLimitNow ? null : row.stop_ticks;
  if (request.limitPrice !== undefined && row.limit_ticks === null)
    return refuse(wrongField("limitPrice", "does not belong to this type of order"));
  if (request.stopPrice !== undefined && stopTicks === null)
    return refuse(
      wrongField("stopPrice", isLimitNow ? "was reached already" : "does not belong to this type of order"),
    );
  if (request.lots !== undefined && isLeg(row.origin))
    return refuse(wrongField("lots", "of a bracket's leg are those of its position"));
  const written = (value: bigint | null): string | null =>
    value === null ? null : formatPrice(ticks(value), instrument.terms.price);
  const want = {
    kind: "trade",
    side: row.side,
    lots: request.lots === undefined ? lots(row.lots) : lots(BigInt(request.lots)),
    type: isLimitNow ? "limit" : row.type,
    limitPrice: request.limitPrice ?? written(row.limit_ticks),
    stopPrice: request.stopPrice ?? written(stopTicks),
    takeProfitPrice: written(row.take_profit_ticks),
    stopLossPrice: written(row.stop_loss_ticks),
    timeInForce: row.time_in_force,
    expiresAt: row.expires_at,
    reduceOnly: row.reduce_only,
    quotedPrice: null,
    maxSlippageTicks: null,
  } as const;
  const intent = intentOf(want, instrument, exposure, now);
  // The day it was given for is not moved by an amendment.
  return intent.ok ? ok({ ...intent.value, expiresAt: row.expires_at }) : intent;
}

async function saveAmendment(
  work: Work,
  trader: TraderIdentity,
  desk: Desk,
  row: OwnOrderRow,
  amended: Amendment,
): Promise<void> {
  const { instrument, intent, decision, quote } = amended;
  const exposure = desk.exposures.get(instrument.id);
  assert(exposure !== undefined, `order ${row.id} has left no exposure`);
  await updateOrder(work.db, row.id, amended);
  await insertAmendment(work.db, { orderId: row.id, intent, quote, code: null, checks: decision.checks });
  await writeLines(work.db, changedLine(desk.account, instrument.id, desk.rows.get(instrument.id), exposure));
  const said = {
    before: { lots: row.lots, limit: row.limit_ticks, stop: row.stop_ticks },
    after: { lots: intent.lots, limit: intent.limitPrice, stop: intent.stopPrice ?? row.stop_ticks },
  };
  await writeOrderEvents(work.db, traderActor(trader), [{ orderId: row.id, kind: "amended", said }]);
  if (decision.waits) return;
  const met = { quoteSeq: quote.seq, bid: quote.bid, ask: quote.ask };
  await writeOrderEvents(work.db, traderActor(trader), [{ orderId: row.id, kind: "triggered", said: met }]);
}

/** Due at once, it is triggered by the quote in force: the one it was accepted at stays that of its acceptance. */
async function updateOrder(db: Knex, orderId: string, { intent, decision, quote }: Amendment): Promise<void> {
  const price = (value: bigint | null): string | null => value?.toString() ?? null;
  await db.raw(
    `UPDATE orders SET lots = ?::bigint, limit_ticks = ?::bigint, stop_ticks = coalesce(?::bigint, stop_ticks), active_from_seq = ?::bigint
     WHERE id = ?`,
    [intent.lots.toString(), price(intent.limitPrice), price(intent.stopPrice), quote.seq.toString(), orderId],
  );
  if (decision.waits) return;
  await db.raw(
    `UPDATE orders SET trigger_quote_seq = ?::bigint, trigger_bid_ticks = ?::bigint, trigger_ask_ticks = ?::bigint,
       trigger_venue_at = ?::timestamptz, trigger_received_at = ?::timestamptz, due_seq = nextval('orders_seq_seq'),
       due_at = clock_timestamp() WHERE id = ?`,
    [
      quote.seq.toString(),
      quote.bid.toString(),
      quote.ask.toString(),
      quote.venueAt.toISOString(),
      quote.receivedAt.toISOString(),
      orderId,
    ],
  );
}
