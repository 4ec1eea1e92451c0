import type { TraderIdentity } from "#contracts/identity.ts";
import type { BracketRequest } from "#contracts/order-requests.ts";
import type { PositionAnswer } from "#contracts/trading-api.ts";
import type { Bracket } from "#core/bracket.ts";
import type { Instrument } from "#core/instrument.ts";
import { firstFailed, type OrderCheck } from "#core/order.ts";
import { bracketChecks, tickChecks } from "#core/order-prices.ts";
import { absolute } from "#core/position.ts";
import { type LegOrigin, legOrigins } from "#core/reduce.ts";
import { assert } from "#core/result.ts";
import { lots, type Ticks } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { lockAccounts, ownerOfPosition, type PositionRow } from "./accounts.store.ts";
import { notWorking, type Refused, refused, unknownPosition } from "./answers.ts";
import type { ChangeDeps } from "./cancel-orders.ts";
import { type Desk, openDesks } from "./desk.ts";
import { legOrder, updateLegs } from "./legs.store.ts";
import { nothingWaiting } from "./open-orders.store.ts";
import { writeOrderEvents } from "./order-events.store.ts";
import { readPrices } from "./order-intent.ts";
import { traderActor } from "./own-order.ts";
import type { ArrivedQuote } from "./ports.ts";
import { insertSystemOrders } from "./system-orders.store.ts";
import { toWirePosition } from "./wire.ts";

/** What is wanted of a leg: a price, null to have none, undefined to leave it as it is. */
type WantedLegs = Readonly<Record<LegOrigin, Ticks | null | undefined>>;

/**
 * Sets, moves or removes the take profit and the stop loss of an open position. 200 with the position as it is then. They protect:
 * neither a closed session nor a kill switch keeps a trader from setting them, only prices they could not wait at.
 */
export const setBracket =
  (deps: ChangeDeps) =>
  (trader: TraderIdentity, positionId: string, request: BracketRequest): Promise<PositionAnswer> =>
    deps.ports.transact(traderActor(trader), async (work) => {
      const owner = await ownerOfPosition(work.db, positionId);
      if (owner?.trader_id !== trader.traderId) return unknownPosition();
      const accounts = await lockAccounts(work.db, [owner.account_id]);
      const desk = (await openDesks(work.db, deps.loadTerms, [...accounts.values()])).get(owner.account_id);
      const row = desk?.rows.get(owner.instrument_id);
      assert(desk !== undefined && row !== undefined, `position ${positionId} has no account`);
      const { bracket } = desk.open.waiting.get(row.instrument_id) ?? nothingWaiting;
      const decided = decideLegs(deps, desk, row, bracket, request);
      if ("status" in decided) return decided;
      const changed = await saveLegs(deps, work, trader, { desk, row, bracket, ...decided });
      work.afterCommit(() => {
        deps.ports.announce({ kind: "working", orderIds: changed });
        deps.ports.announce({ kind: "settled", accountId: desk.account.id, orderIds: changed });
      });
      const terms = (await deps.loadTerms(work.db, [{ instrumentId: row.instrument_id, version: row.terms_version }]))(
        row.instrument_id,
        row.terms_version,
      );
      const prices = mergedPrices(bracket, decided.wanted);
      return { status: 200, position: toWirePosition(row, terms, decided.quote, prices) };
    });

interface Decided {
  readonly instrument: Instrument;
  readonly quote: ArrivedQuote;
  readonly wanted: WantedLegs;
}

function decideLegs(
  { ports }: ChangeDeps,
  desk: Desk,
  row: PositionRow,
  bracket: Bracket,
  request: BracketRequest,
): Decided | Refused {
  const instrument = ports.market.instrument(row.instrument_id);
  const quote = ports.market.latestTradable(row.instrument_id);
  if (instrument === undefined) return refused("UNKNOWN_INSTRUMENT", []);
  if (quote === undefined) return refused("QUOTE_STALE", []);
  if (row.lots === 0n) return refused("NO_POSITION", []);
  const being = legOrigins.find((origin) => desk.open.due.some(({ id }) => id === bracket[origin]?.id));
  if (being !== undefined) return notWorking("working");
  const { takeProfitPrice = null, stopLossPrice = null } = request;
  const read = readPrices({ limitPrice: null, stopPrice: null, takeProfitPrice, stopLossPrice }, instrument);
  if (!read.ok) return read.refusal as Refused;
  const { offTick, prices } = read.value;
  const side = row.lots > 0n ? "buy" : "sell";
  const from = side === "buy" ? quote.bid : quote.ask;
  const legs = { side, takeProfit: prices.takeProfitPrice, stopLoss: prices.stopLossPrice } as const;
  const scale = instrument.terms.price;
  const checks: OrderCheck[] = [...tickChecks({ offTick }, scale), ...bracketChecks(legs, from, scale)];
  const failed = firstFailed(checks);
  if (failed !== undefined) return refused(failed.code, checks);
  return {
    instrument,
    quote,
    wanted: {
      "take-profit": request.takeProfitPrice === undefined ? undefined : prices.takeProfitPrice,
      "stop-loss": request.stopLossPrice === undefined ? undefined : prices.stopLossPrice,
    },
  };
}

const mergedPrices = (bracket: Bracket, wanted: WantedLegs) => {
  const price = (origin: LegOrigin): Ticks | null =>
    wanted[origin] === undefined ? (bracket[origin]?.price ?? null) : (wanted[origin] ?? null);
  return { takeProfit: price("take-profit"), stopLoss: price("stop-loss") };
};

/** Writes what is other than before, and returns the ids of the legs that were touched. */
async function saveLegs(
  { cancelling }: ChangeDeps,
  work: Work,
  trader: TraderIdentity,
  change: Decided & { readonly desk: Desk; readonly row: PositionRow; readonly bracket: Bracket },
): Promise<string[]> {
  const { desk, row, bracket, quote, wanted } = change;
  const actor = traderActor(trader);
  const size = absolute(lots(row.lots));
  const made = legOrigins.flatMap((origin) => {
    const price = wanted[origin];
    if (price === undefined || price === null || bracket[origin] !== null) return [];
    const side = row.lots > 0n ? ("sell" as const) : ("buy" as const);
    const { account } = desk;
    const leg = { account, instrumentId: row.instrument_id, termsVersion: row.terms_version, origin, side };
    return [legOrder({ ...leg, lots: size, price, quote })];
  });
  const moved = legOrigins.flatMap((origin) => {
    const price = wanted[origin];
    const leg = bracket[origin];
    if (price === undefined || price === null || leg === null || leg.price === price) return [];
    return [{ leg, update: { orderId: leg.id, origin, lots: size, price, activeFromSeq: quote.seq } }];
  });
  const removed = legOrigins.flatMap((origin) => (wanted[origin] === null ? (bracket[origin]?.id ?? []) : []));
  const madeIds = await insertSystemOrders(work.db, made);
  await updateLegs(
    work.db,
    moved.map(({ update }) => update),
  );
  await writeOrderEvents(
    work.db,
    actor,
    moved.map(({ leg, update }) => ({
      orderId: leg.id,
      kind: "amended",
      said: { before: { price: leg.price }, after: { price: update.price } },
    })),
  );
  if (removed.length > 0) {
    const accounts = new Map([[desk.account.id, desk.account]]);
    await cancelling.cancelWorking(work, accounts, { code: "BY_TRADER", orderIds: removed, actor });
  }
  return [...madeIds, ...moved.map(({ leg }) => leg.id), ...removed];
}
