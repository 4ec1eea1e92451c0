import type { Quote } from "#core/quote.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Bus } from "../../platform/realtime/announcement.ts";

/** Heard quotes that wait to be tried; beyond that they are let go and read from the database instead. */
const quotesMax = 20_000;
const orderIdsMax = 20_000;

export interface Heard {
  readonly quotes: readonly Quote[];
  readonly orderIds: readonly string[];
  /** Quotes were let go: the stored stream must be read. */
  readonly isIncomplete: boolean;
}

export interface TriggerInbox {
  /** What was heard since the last call. */
  readonly take: () => Heard;
  /** Resolves when there is something, after `ms`, or when the signal comes. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How long the oldest quote in it has been waiting, ms. */
  readonly lagMs: () => number;
  readonly close: () => void;
}

/** News from the bus, kept until the engine has time for it. The bus may lose any of it; the engine looks for itself too. */
export function triggerInbox(bus: Bus, clock: Clock): TriggerInbox {
  let quotes: Quote[] = [];
  let orderIds = new Set<string>();
  let isIncomplete = false;
  let oldestMs: number | null = null;
  let wake: () => void = () => {};

  const unsubscribe = bus.subscribe((announcement) => {
    if (announcement.kind === "quotes") {
      oldestMs ??= clock.elapsedMs();
      for (const quote of announcement.quotes) quotes.push(quote);
      if (quotes.length > quotesMax) {
        quotes = [];
        isIncomplete = true;
      }
    } else if (announcement.kind === "working") {
      for (const id of announcement.orderIds) if (orderIds.size < orderIdsMax) orderIds.add(id);
    } else return;
    wake();
  });
  const isEmpty = (): boolean => quotes.length === 0 && orderIds.size === 0 && !isIncomplete;
  return {
    take: () => {
      const heard = { quotes, orderIds: [...orderIds], isIncomplete };
      quotes = [];
      orderIds = new Set();
      isIncomplete = false;
      oldestMs = null;
      return heard;
    },
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (!isEmpty() || signal.aborted) return resolve();
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          wake = () => {};
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal.addEventListener("abort", done);
        wake = done;
      }),
    lagMs: () => (oldestMs === null ? 0 : clock.elapsedMs() - oldestMs),
    close: () => {
      unsubscribe();
      wake();
    },
  };
}
