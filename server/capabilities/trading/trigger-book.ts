import type { Quote } from "#core/quote.ts";
import { becomesLimit, mayTouch, touch, waitsFor, withStopReached } from "#core/trigger.ts";
import { type TriggerIndex, triggerIndex, type Watch } from "#core/trigger-index.ts";
import type { Mark } from "./trigger-marks.store.ts";
import type { WaitingOrder } from "./trigger-orders.store.ts";

/** Marks that are not written yet, by order id, in the order in which they came about. */
export type Marks = Map<string, Mark>;

/** One instrument: how far its stream was read, and who waits in it. */
export interface Line<Alarm> {
  readonly instrumentId: string;
  /** The seq of the last quote that was tried. */
  position: bigint;
  newestReceivedAt: Date | null;
  readonly orders: TriggerIndex<WaitingOrder>;
  readonly alarms: TriggerIndex<Alarm>;
}

/** Asks, when a quote meets somebody's price, whether the session was open at it. */
export type IsOpen = (quote: Quote) => boolean;

export interface TriggerBook<Alarm> {
  readonly lines: ReadonlyMap<string, Line<Alarm>>;
  /** The instrument's line; begins it at `position` when there is none. */
  readonly lineOf: (instrumentId: string, position: bigint) => Line<Alarm>;
  /** Tries the next quote of its line; returns the alarms it set off. */
  readonly step: (line: Line<Alarm>, quote: Quote, marks: Marks) => readonly Watch<Alarm>[];
  readonly put: (order: WaitingOrder) => void;
  readonly remove: (orderId: string) => void;
  readonly find: (orderId: string) => WaitingOrder | undefined;
  readonly size: () => number;
}

/** All that waits, in memory. It decides nothing for good: what it finds is written under the order's version, or void. */
export function triggerBook<Alarm>(isOpen: IsOpen): TriggerBook<Alarm> {
  const lines = new Map<string, Line<Alarm>>();
  const instrumentOf = new Map<string, string>();
  const lineOf = (instrumentId: string, position: bigint): Line<Alarm> => {
    const known = lines.get(instrumentId);
    if (known !== undefined) return known;
    const [orders, alarms] = [triggerIndex<WaitingOrder>(position), triggerIndex<Alarm>(position)];
    const line = { instrumentId, position, newestReceivedAt: null, orders, alarms };
    lines.set(instrumentId, line);
    return line;
  };
  const remove = (orderId: string): void => {
    const instrumentId = instrumentOf.get(orderId);
    if (instrumentId === undefined) return;
    lines.get(instrumentId)?.orders.remove(orderId);
    instrumentOf.delete(orderId);
  };
  return {
    lines,
    lineOf,
    step: (line, quote, marks) => {
      line.position = quote.seq;
      line.newestReceivedAt = quote.receivedAt;
      for (const id of tryOrders(line.orders, quote, isOpen, marks)) instrumentOf.delete(id);
      if (quote.flag !== null || !line.alarms.meets(quote) || !isOpen(quote)) return [];
      return line.alarms.take(quote);
    },
    put: (order) => {
      lineOf(order.instrumentId, order.activeFromSeq).orders.put(watchOf(order));
      instrumentOf.set(order.id, order.instrumentId);
    },
    remove,
    find: (orderId) => lines.get(instrumentOf.get(orderId) ?? "")?.orders.get(orderId)?.payload,
    size: () => instrumentOf.size,
  };
}

/**
 * Tries a quote on all orders of an index. Orders it meets leave the index and are marked; a stop-limit order whose stop it
 * reaches is marked and waits on for its limit. Returns the ids of those that left.
 */
export function tryOrders(index: TriggerIndex<WaitingOrder>, quote: Quote, isOpen: IsOpen, marks: Marks): string[] {
  if (quote.flag !== null || !index.meets(quote) || !isOpen(quote)) return [];
  const left: string[] = [];
  for (const { payload: order } of index.take(quote, (watch) => mayTouch(watch.payload, quote))) {
    const isMet = touch(order, quote, true) === "met";
    const stopQuote = becomesLimit(order) ? quote : (marks.get(order.id)?.stopQuote ?? null);
    // An order marked before stands at the end now: its place is that of the quote it fills at.
    marks.delete(order.id);
    marks.set(order.id, { order, stopQuote, quote: isMet ? quote : null });
    if (isMet) left.push(order.id);
    else index.put(watchOf(withStopReached(order, quote.seq)));
  }
  return left;
}

export const watchOf = (order: WaitingOrder): Watch<WaitingOrder> => ({
  key: order.id,
  crossing: waitsFor(order),
  fromSeq: waitsFrom(order),
  rank: order.seq,
  payload: order,
});

/** The last quote that can no longer meet it: of its acceptance or amendment, or the one that reached its stop. */
export const waitsFrom = ({ stopQuoteSeq, activeFromSeq }: WaitingOrder): bigint =>
  stopQuoteSeq !== null && stopQuoteSeq > activeFromSeq ? stopQuoteSeq : activeFromSeq;
