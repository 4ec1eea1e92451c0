import type { Clock } from "../../platform/clock.ts";
import type { Bus } from "../../platform/realtime/announcement.ts";
import { becomeLeader, pause } from "../market-data/index.ts";
import { LeadLost } from "./trigger-cursors.store.ts";
import { triggerInbox } from "./trigger-inbox.ts";
import { flush, type Lead, type LeadPorts, openLead } from "./trigger-lead.ts";
import { catchUp, hear, learn } from "./trigger-learn.ts";
import { loadOrders } from "./trigger-orders.store.ts";
import { saveLead, sweep } from "./trigger-sweep.ts";

export interface TriggerPorts<Alarm> extends LeadPorts<Alarm> {
  readonly bus: Bus;
  readonly clock: Clock;
  /** How often it looks for itself at what it was not told. */
  readonly sweepEveryMs?: number;
}

export interface TriggerEngine {
  readonly status: () => {
    /** False: another process leads, or the database is away. */
    readonly leads: boolean;
    /** Orders in its index. */
    readonly waiting: number;
    /** How long the oldest quote waits to be tried. */
    readonly lagMs: number;
  };
  /** Ends the turn it is in and lets another process lead. */
  readonly stop: () => Promise<void>;
}

const retryAfterMs = 500;

/**
 * Triggers working orders by the quote stream: one engine leads in the whole installation, the others stand by. What it keeps in
 * memory is rebuilt from the database by each lead; after any fault it begins anew at its last cursor, so no quote is skipped,
 * and an order is marked under the version it was met in, so none is marked twice.
 */
export function startTriggerEngine<Alarm = never>(ports: TriggerPorts<Alarm>): TriggerEngine {
  const ending = new AbortController();
  let lead: Lead<Alarm> | null = null;
  let lagMs: () => number = () => 0;

  const leadOnce = async (): Promise<void> => {
    const leadership = await becomeLeader(ports.db, "triggers", ending.signal);
    if (leadership === null) return;
    // It hears before it reads, so nothing falls between the two.
    const inbox = triggerInbox(ports.bus, ports.clock);
    const over = AbortSignal.any([ending.signal, leadership.lost]);
    try {
      const own = await openLead(ports, over);
      lead = own;
      lagMs = inbox.lagMs;
      ports.log.info({ waiting: own.book.size() }, "this process leads the triggers");
      await work(own, inbox);
      if (!leadership.lost.aborted) await saveLead(own);
    } finally {
      lead = null;
      lagMs = () => 0;
      inbox.close();
      await leadership.release();
    }
  };
  /** Turn after turn until the lead is over. */
  const work = async (own: Lead<Alarm>, inbox: ReturnType<typeof triggerInbox>): Promise<void> => {
    const { sweepEveryMs = 1_000, clock, db } = ports;
    let sweptMs = Number.NEGATIVE_INFINITY;
    while (!own.signal.aborted) {
      if (clock.elapsedMs() - sweptMs >= sweepEveryMs) {
        await sweep(own);
        sweptMs = clock.elapsedMs();
      }
      const heard = inbox.take();
      if (heard.orderIds.length > 0) await learn(own, await loadOrders(db, heard.orderIds));
      await flush(own);
      if (heard.isIncomplete) await catchUp(own);
      await hear(own, heard.quotes);
      await inbox.wait(Math.max(1, sweptMs + sweepEveryMs - clock.elapsedMs()), own.signal);
    }
  };
  const run = async (): Promise<void> => {
    while (!ending.signal.aborted)
      try {
        await leadOnce();
      } catch (error) {
        if (ending.signal.aborted) return;
        const told = error instanceof LeadLost ? "another process leads the triggers" : "the triggers begin anew";
        ports.log.warn({ err: error }, told);
        await pause(retryAfterMs, ending.signal);
      }
  };
  const running = run();
  return {
    status: () => ({ leads: lead !== null, waiting: lead?.book.size() ?? 0, lagMs: lagMs() }),
    stop: async () => {
      ending.abort();
      await running;
    },
  };
}
