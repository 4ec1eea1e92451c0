import type { Quote } from "#core/quote.ts";
import { type TriggerIndex, triggerIndex } from "#core/trigger-index.ts";
import { readStream } from "../market-data/index.ts";
import { tryOrders, waitsFrom, watchOf } from "./trigger-book.ts";
import { flush, type Lead, marksMax } from "./trigger-lead.ts";
import type { OrderNews, WaitingOrder } from "./trigger-orders.store.ts";

/**
 * Takes in how orders stand now. One that waits since before the engine's place in the stream is first tried against the stored
 * quotes it missed, so it triggers as if it had been known at once. News that is known already changes nothing.
 */
export async function learn<Alarm>(lead: Lead<Alarm>, news: readonly OrderNews[]): Promise<void> {
  const { book, held } = lead;
  const fresh: WaitingOrder[] = [];
  for (const { id, order } of news) {
    const known = book.find(id) ?? held.get(id);
    if (order !== null && known?.version === order.version) continue;
    book.remove(id);
    held.delete(id);
    if (order !== null) fresh.push(order);
  }
  const isLate = (order: WaitingOrder): boolean => {
    const line = book.lines.get(order.instrumentId);
    return line !== undefined && waitsFrom(order) < line.position;
  };
  for (const order of fresh) if (!isLate(order)) book.put(order);
  const late = fresh.filter(isLate);
  if (late.length > 0) await tryMissed(lead, late);
}

/** Tries orders against the stored quotes from theirs up to the engine's place; those that wait on join the others. */
async function tryMissed<Alarm>(lead: Lead<Alarm>, orders: readonly WaitingOrder[]): Promise<void> {
  const { book, marks, ports } = lead;
  const afterSeqs = new Map<string, bigint>();
  const untilSeqs = new Map<string, bigint>();
  for (const order of orders) {
    const [from, known] = [waitsFrom(order), afterSeqs.get(order.instrumentId)];
    if (known === undefined || from < known) afterSeqs.set(order.instrumentId, from);
    untilSeqs.set(order.instrumentId, book.lineOf(order.instrumentId, from).position);
  }
  const indexes = new Map<string, TriggerIndex<WaitingOrder>>();
  for (const [id, after] of afterSeqs) indexes.set(id, triggerIndex(after));
  for (const order of orders) indexes.get(order.instrumentId)?.put(watchOf(order));
  for (let more = true; more; ) {
    lead.signal.throwIfAborted();
    const piece = await readStream(ports.db, afterSeqs, untilSeqs);
    for (const quote of piece.quotes) {
      const index = indexes.get(quote.instrumentId);
      if (index !== undefined) tryOrders(index, quote, ports.isOpen, marks);
      afterSeqs.set(quote.instrumentId, quote.seq);
    }
    more = piece.more;
  }
  for (const index of indexes.values())
    for (const key of index.keys()) {
      const waiting = index.get(key)?.payload;
      if (waiting !== undefined) book.put(waiting);
    }
}

/** Tries the stored quotes that come next on every line, until there are no more. */
export async function catchUp<Alarm>(lead: Lead<Alarm>): Promise<void> {
  for (let more = true; more; ) {
    lead.signal.throwIfAborted();
    const positions = new Map([...lead.book.lines.values()].map((line) => [line.instrumentId, line.position]));
    const piece = await readStream(lead.ports.db, positions);
    for (const quote of piece.quotes) await follow(lead, quote);
    await flush(lead);
    more = piece.more;
  }
}

/** Takes quotes as they were heard: known ones are passed over, a gap is filled from the database first. */
export async function hear<Alarm>(lead: Lead<Alarm>, quotes: readonly Quote[]): Promise<void> {
  for (const quote of quotes) {
    const line = lead.book.lineOf(quote.instrumentId, quote.seq - 1n);
    if (quote.seq > line.position + 1n) await catchUp(lead);
    await follow(lead, quote);
  }
  await flush(lead);
}

/** The next quote of its line. An alarm is handled before the stream goes on. */
async function follow<Alarm>(lead: Lead<Alarm>, quote: Quote): Promise<void> {
  const { book, marks, told, ports } = lead;
  const line = book.lineOf(quote.instrumentId, quote.seq - 1n);
  if (quote.seq <= line.position) return;
  const alarms = book.step(line, quote, marks).map(({ payload }) => payload);
  if (quote.flag === null && ports.watchers?.onQuote !== undefined) told.push({ quote, alarms });
  if (alarms.length > 0 || marks.size >= marksMax) await flush(lead);
}
