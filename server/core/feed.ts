import type { QuoteSource } from "#contracts/names.ts";
import type { Bar } from "./bar.ts";
import type { Ticks } from "./units.ts";

/**
 * What a venue said, in our units, before it is numbered and judged. Adapters turn prices into ticks once, at the edge.
 */
export interface VenueTick {
  readonly instrumentId: string;
  readonly bid: Ticks;
  readonly ask: Ticks;
  /** Newest trade price known; null where the venue only quotes. */
  readonly last: Ticks | null;
  /** Size of the trade this tick reports, a decimal in the venue's unit ("0" is a print too); null: no trade, only a quote. */
  readonly lastSize: string | null;
  readonly venueAtMs: number;
  /** A price lay between two ticks and was rounded to the nearer one. */
  readonly isOffTick: boolean;
}

/**
 * Takes ticks in their order of arrival and resolves, when there is room for more, with how many were new: a file that
 * is read again after a restart hands in ticks that are stored already.
 */
export type TickSink = (ticks: readonly VenueTick[]) => Promise<number>;

/** The source can't be used as it is; the message is one plain sentence for the operator. Trying again would not help. */
export class FeedError extends Error {}

/** A source of prices. One process leads a feed at a time. */
export interface Feed {
  /** Unique among the feeds of an installation: "simulated", "replay:MGC". */
  readonly name: string;
  readonly source: QuoteSource;
  readonly instrumentIds: readonly string[];
  /**
   * Runs until the signal or, for a source that ends, its end. `lastPrices` are the last stored closes of this source. Throws a
   * FeedError when it can't go on.
   */
  readonly run: (sink: TickSink, signal: AbortSignal, lastPrices: ReadonlyMap<string, Ticks>) => Promise<void>;
  /** Bars of all intervals before `untilMs` (a whole minute), of a source that can tell them: stored when there are none yet. */
  readonly history?: (instrumentId: string, untilMs: number) => readonly Bar[];
}
