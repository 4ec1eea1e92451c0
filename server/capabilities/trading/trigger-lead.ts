import type { Knex } from "knex";
import type { Quote } from "#core/quote.ts";
import type { TriggerIndex } from "#core/trigger-index.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { newestSeqs } from "../market-data/index.ts";
import type { AccountRow } from "./accounts.store.ts";
import { apart } from "./apart.ts";
import { type FirePorts, fireTriggers } from "./fire-triggers.ts";
import { type IsOpen, type Marks, type TriggerBook, triggerBook } from "./trigger-book.ts";
import { beginEpoch, loadCursors } from "./trigger-cursors.store.ts";
import { learn } from "./trigger-learn.ts";
import type { Mark } from "./trigger-marks.store.ts";
import { loadAllWaiting, loadOrders, type WaitingOrder } from "./trigger-orders.store.ts";

/** Follows the same stream as the triggers, in the same order: the watches of margins and losses. Its errors are its own; they do not stop the stream. */
export interface TriggerWatchers<Alarm> {
  /** This process leads from now on: alarms may be put. Those of an earlier lead are gone. */
  readonly onLead?: (alarms: AlarmIndex<Alarm>, epoch: bigint) => Promise<void> | void;
  /** After the orders of the quote were marked. `alarms`: those it set off; they are out of the index. */
  readonly onQuote?: (quote: Quote, alarms: readonly Alarm[]) => Promise<void> | void;
}

/** Instrument id -> its index of alarms, which has seen what the orders have. */
export type AlarmIndex<Alarm> = (instrumentId: string) => Pick<TriggerIndex<Alarm>, "put" | "remove">;

export interface LeadPorts<Alarm> extends FirePorts {
  readonly db: Knex;
  readonly log: {
    readonly info: (about: object, text: string) => void;
    readonly warn: (about: object, text: string) => void;
    readonly error: (about: object, text: string) => void;
  };
  /** Whether the instrument traded at the quote. */
  readonly isOpen: IsOpen;
  /** Ends waiting orders as expired, within the transaction that has locked their accounts, and recomputes what these hold. */
  readonly expire: (
    work: Work,
    accounts: ReadonlyMap<string, AccountRow>,
    orderIds: readonly string[],
  ) => Promise<unknown>;
  readonly watchers?: TriggerWatchers<Alarm>;
  /** So many orders became due. */
  readonly onFired?: (orders: number) => void;
}

/** What a leading engine keeps in memory; another lead begins with another one. Only one turn works on it at a time. */
export interface Lead<Alarm> {
  readonly ports: LeadPorts<Alarm>;
  readonly epoch: bigint;
  readonly signal: AbortSignal;
  readonly book: TriggerBook<Alarm>;
  /** Found, not written yet. */
  readonly marks: Marks;
  /** Quotes whose orders are in `marks`, to be told to the watchers after them. */
  readonly told: { readonly quote: Quote; readonly alarms: readonly Alarm[] }[];
  /** Met while trading is halted for them; they wait anew once it is not. */
  readonly held: Map<string, WaitingOrder>;
  /** Changes of orders that it shows are known here. */
  snapshot: string;
}

/** Marks of one transaction: bounds how many accounts are locked at once. */
export const marksMax = 1_000;

/** Loads all that waits and takes up each stream at its cursor (or, the first time, at its newest quote). */
export async function openLead<Alarm>(ports: LeadPorts<Alarm>, signal: AbortSignal): Promise<Lead<Alarm>> {
  const epoch = await beginEpoch(ports.db);
  const cursors = await loadCursors(ports.db);
  const newest = await newestSeqs(ports.db);
  const { orders, snapshot } = await loadAllWaiting(ports.db);
  const book = triggerBook<Alarm>(ports.isOpen);
  for (const [id, seq] of [...cursors, ...newest]) book.lineOf(id, seq);
  const lead: Lead<Alarm> = {
    ...{ ports, epoch, signal, book, snapshot },
    ...{ marks: new Map(), told: [], held: new Map() },
  };
  await ports.watchers?.onLead?.((instrumentId) => book.lineOf(instrumentId, 0n).alarms, epoch);
  for (const order of orders) if (order.proved) book.put(order);
  const unproved = orders.filter(({ proved }) => !proved).map((order) => ({ id: order.id, order }));
  await learn(lead, unproved);
  await flush(lead);
  return lead;
}

/** Writes what was found, learns anew of orders that had changed meanwhile, then lets the watchers see the quotes. */
export async function flush<Alarm>(lead: Lead<Alarm>): Promise<void> {
  while (lead.marks.size > 0) {
    const marks = [...lead.marks.values()];
    lead.marks.clear();
    const changed: string[] = [];
    for (let from = 0; from < marks.length; from += marksMax)
      changed.push(...(await write(lead, marks.slice(from, from + marksMax))));
    if (changed.length > 0) await learn(lead, await loadOrders(lead.ports.db, changed));
  }
  const onQuote = lead.ports.watchers?.onQuote;
  for (const { quote, alarms } of lead.told.splice(0))
    try {
      await onQuote?.(quote, alarms);
    } catch (error) {
      lead.ports.log.error({ err: error, instrument: quote.instrumentId }, "a watcher of the stream failed");
    }
}

/** Writes marks in one transaction, each in its own if that fails; returns the orders that had changed. */
async function write<Alarm>(lead: Lead<Alarm>, marks: readonly Mark[]): Promise<string[]> {
  const { ports, book, held, epoch } = lead;
  const fire = async (some: readonly Mark[]): Promise<string[]> => {
    const fired = await fireTriggers(ports, epoch, some);
    for (const { id, version, isDue } of fired.marked) {
      const waiting = isDue ? undefined : book.find(id);
      if (waiting !== undefined) book.put({ ...waiting, version });
    }
    for (const { order } of some)
      if (fired.held.has(order.id)) {
        book.remove(order.id);
        held.set(order.id, order);
      }
    ports.onFired?.(fired.marked.filter(({ isDue }) => isDue).length);
    const written = new Set(fired.marked.map(({ id }) => id));
    return some.map(({ order }) => order.id).filter((id) => !written.has(id) && !fired.held.has(id));
  };
  const changed = await apart(marks, fire, ({ order }, error) =>
    ports.log.error({ err: error, order: order.id }, "an order that was met cannot be marked"),
  );
  return changed.flat();
}
