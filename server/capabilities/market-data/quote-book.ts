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

/**
 * The newest quotes in memory: begins with what is stored (aged by its receive time), goes on with what is announced.
 * A quote with a lower seq than the one in the book is too late and ignored.
 */
export async function openQuoteBook(deps: {
  readonly db: Knex;
  readonly bus: Bus;
  readonly clock: Clock;
}): Promise<LiveQuoteBook> {
  const latest = new Map<string, LiveQuote>();
  const tradable = new Map<string, LiveQuote>();
  const take = (quote: Quote, arrivedMs: number): void => {
    const live = { ...quote, arrivedMs };
    if (isNewer(quote, latest.get(quote.instrumentId))) latest.set(quote.instrumentId, live);
    if (quote.flag === null && isNewer(quote, tradable.get(quote.instrumentId))) tradable.set(quote.instrumentId, live);
  };
  const unsubscribe = deps.bus.subscribe((announcement) => {
    if (announcement.kind !== "quotes") return;
    const arrivedMs = deps.clock.elapsedMs();
    for (const quote of announcement.quotes) take(quote, arrivedMs);
  });
  for (const onlyTradable of [false, true])
    for (const quote of await readLatestQuotes(deps.db, onlyTradable)) {
      const ageMs = Math.max(0, deps.clock.now().getTime() - quote.receivedAt.getTime());
      take(quote, deps.clock.elapsedMs() - ageMs);
    }
  return {
    latest: (id) => latest.get(id),
    latestTradable: (id) => tradable.get(id),
    close: unsubscribe,
  };
}

const isNewer = (quote: Quote, known: Quote | undefined): boolean => known === undefined || quote.seq > known.seq;
