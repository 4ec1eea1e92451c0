import type { Knex } from "knex";
import type { Quote } from "#core/quote.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Bus } from "../../platform/realtime/announcement.ts";
import { readLatestQuotes } from "./quotes.store.ts";

/** A quote with the moment it arrived in this process; its age is clock.elapsedMs() - arrivedMs, whatever the wall clocks say. */
export interface LiveQuote extends Quote {
  readonly arrivedMs: number;
}

export interface QuoteBook {
  readonly latest: (id: string) => LiveQuote | undefined;
  /** The newest quote without a flag. It may be older than `latest`; its age decides whether it prices anything. */
  readonly latestTradable: (id: string) => LiveQuote | undefined;
}

export interface LiveQuoteBook extends QuoteBook {
  readonly close: () => void;
}

/** The channel is silent for longer than any open market: then the stored quotes are looked at, as often. */
const silenceMs = 1_000;

/**
 * The newest quotes in memory: begins with what is stored (aged by its receive time), goes on with what is announced, and
 * while nothing is announced, because Redis is away or the market is closed, with what is stored meanwhile.
 * A quote with a lower seq than the one in the book is too late and ignored.
 */
export async function openQuoteBook(deps: {
  readonly db: Knex;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly onError?: (error: unknown) => void;
}): Promise<LiveQuoteBook> {
  const latest = new Map<string, LiveQuote>();
  const tradable = new Map<string, LiveQuote>();
  const take = (quote: Quote, arrivedMs: number): void => {
    const live = { ...quote, arrivedMs };
    if (isNewer(quote, latest.get(quote.instrumentId))) latest.set(quote.instrumentId, live);
    if (quote.flag === null && isNewer(quote, tradable.get(quote.instrumentId))) tradable.set(quote.instrumentId, live);
  };
  /** All that was stored or announced before is in the book. */
  let seenMs = deps.clock.elapsedMs();
  let isLooking = false;
  const unsubscribe = deps.bus.subscribe((announcement) => {
    if (announcement.kind !== "quotes") return;
    seenMs = deps.clock.elapsedMs();
    for (const quote of announcement.quotes) take(quote, seenMs);
  });
  for (const onlyTradable of [false, true])
    for (const quote of await readLatestQuotes(deps.db, onlyTradable)) {
      const ageMs = Math.max(0, deps.clock.now().getTime() - quote.receivedAt.getTime());
      take(quote, deps.clock.elapsedMs() - ageMs);
    }
  const look = async (): Promise<void> => {
    const [sinceMs, beganMs] = [seenMs, deps.clock.elapsedMs()];
    if (isLooking || beganMs - sinceMs < silenceMs) return;
    isLooking = true;
    try {
      // What is new came after the last look: it is taken to be as old as it can be, and no two clocks are compared.
      for (const onlyTradable of [false, true])
        for (const quote of await readLatestQuotes(deps.db, onlyTradable)) take(quote, sinceMs);
      seenMs = Math.max(seenMs, beganMs);
    } catch (error) {
      deps.onError?.(error);
    } finally {
      isLooking = false;
    }
  };
  const looking = setInterval(() => void look(), silenceMs);
  looking.unref();
  return {
    latest: (id) => latest.get(id),
    latestTradable: (id) => tradable.get(id),
    close: () => {
      unsubscribe();
      clearInterval(looking);
    },
  };
}

const isNewer = (quote: Quote, known: Quote | undefined): boolean => known === undefined || quote.seq > known.seq;
