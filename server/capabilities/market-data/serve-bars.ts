import type { Knex } from "knex";
import type { Interval } from "#contracts/names.ts";
import type { BarsReply } from "#contracts/trading-api.ts";
import { readBars } from "./bars.store.ts";
import type { InstrumentCatalog } from "./instrument-catalog.ts";
import type { QuoteBook } from "./quote-book.ts";
import { toWireBar } from "./wire.ts";

export interface BarsQuery {
  readonly instrument: string;
  readonly interval: Interval;
  /** First bar start, inclusive. */
  readonly from: Date | null;
  /** End of the starts, exclusive. */
  readonly to: Date | null;
  readonly limit: number;
}

/**
 * Bars of an instrument, ascending; null when there is no such instrument. The newest bar, while its time is not over,
 * is `forming` instead. A chart shows one source only, that of the newest quote: simulated bars never stand beside real ones.
 */
export const serveBars =
  (deps: { readonly db: Knex; readonly catalog: InstrumentCatalog; readonly book: QuoteBook }) =>
  async ({ instrument: id, interval, from, to, limit }: BarsQuery): Promise<BarsReply | null> => {
    const instrument = deps.catalog.get(id);
    if (instrument === undefined) return null;
    const source = deps.book.latest(id)?.source ?? null;
    const bars = await readBars(deps.db, { instrumentId: id, interval, source, from, to, limit });
    const newest = bars.at(-1);
    const forming = newest !== undefined && !newest.final ? newest : null;
    const over = forming === null ? bars : bars.slice(0, -1);
    const wire = (bar: (typeof bars)[number]) => toWireBar(bar, instrument.terms.price);
    return { instrument: id, interval, bars: over.map(wire), forming: forming && wire(forming) };
  };
