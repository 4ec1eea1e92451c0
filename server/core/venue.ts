import type { QuoteSource } from "#contracts/names.ts";

/** A source that is a market of its own, reached over the network. */
export type VenueName = Exclude<QuoteSource, "simulated" | "replay">;

/**
 * What a venue said of one of its symbols, in its own words. Prices are decimal text in the venue's unit; the mapping of an instrument
 * turns them into its ticks, once. A part that was not said is null: what was said of it before still stands.
 */
export interface VenueSaying {
  readonly symbol: string;
  readonly bid: string | null;
  readonly ask: string | null;
  readonly last: string | null;
  /** Size of the trade that this tells, in the venue's unit ("0" is a print too); null: no trade. */
  readonly lastSize: string | null;
  /** Null where the venue does not tell: the time of receipt stands for it. */
  readonly venueAtMs: number | null;
  /** It was filled in from the venue's history, after a gap. */
  readonly isFilledIn: boolean;
}

/**
 * `connecting`: not there yet, or again not there. `connected`: symbols are subscribed. `silent`: connected, but nothing was heard
 * for longer than the venue's heartbeat. `refused`: trying again would not help.
 */
export type VenueLink = "connecting" | "connected" | "silent" | "refused";

export interface VenueHearer {
  /** In their order of arrival. */
  readonly said: (sayings: readonly VenueSaying[]) => void;
  /** With the reason in one plain sentence, which names no credential; null when all is well. */
  readonly link: (link: VenueLink, reason: string | null) => void;
}

/** A connector: one connection to a venue, which keeps itself alive. */
export interface Venue {
  readonly name: VenueName;
  /**
   * Subscribes the symbols and tells what is said of them until the signal comes: after each break it connects again, with a pause that
   * grows and is jittered, and subscribes anew. Throws a `FeedError` when the venue refuses for good.
   */
  readonly run: (symbols: readonly string[], hear: VenueHearer, signal: AbortSignal) => Promise<void>;
  /** One-minute bars of the past, where the venue has them: ascending, stamped with their start, at most `limit`. */
  readonly history?: (
    symbol: string,
    fromMs: number,
    limit: number,
    signal: AbortSignal,
  ) => Promise<readonly VenueBar[]>;
}

/** A minute as the venue itself tells it; prices and volume are decimal text in its own unit. */
export interface VenueBar {
  readonly openedAtMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}
