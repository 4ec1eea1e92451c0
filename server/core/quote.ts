import type { QuoteFlag, QuoteSource } from "#contracts/names.ts";
import type { Ticks } from "./units.ts";

/**
 * Best prices of an instrument at a moment. `seq` rises by one per instrument and never restarts; every fill names
 * the seq that priced it. A flagged quote is kept and shown but prices nothing.
 */
export interface Quote {
  readonly instrumentId: string;
  readonly seq: bigint;
  readonly bid: Ticks;
  readonly ask: Ticks;
  /** Last trade, where the venue tells it; null for venues that only quote. */
  readonly last: Ticks | null;
  /** Size of that trade in the venue's unit, as a decimal; null when there was none. */
  readonly lastSize: string | null;
  readonly venueAt: Date;
  readonly receivedAt: Date;
  readonly source: QuoteSource;
  readonly flag: QuoteFlag | null;
}
