import type { WireInstrument } from "#contracts/trading-api.ts";
import type { Instrument } from "#core/instrument.ts";
import { formatDecimal, formatPrice, ticks } from "#core/units.ts";
import type { Clock } from "../../platform/clock.ts";
import type { InstrumentCatalog } from "./instrument-catalog.ts";
import type { QuoteBook } from "./quote-book.ts";
import { sessionStateOf } from "./session-state.ts";
import { toWireQuote } from "./wire.ts";

export interface DescribeDeps {
  readonly catalog: InstrumentCatalog;
  readonly book: QuoteBook;
  readonly clock: Clock;
}

/** Every instrument as clients see it: terms, session state, trade mode, newest quote. */
export const describeInstruments = (deps: DescribeDeps) => (): WireInstrument[] => {
  const now = deps.clock.now();
  return deps.catalog.all().map((instrument) => describe(instrument, deps.book, now));
};

function describe(instrument: Instrument, book: QuoteBook, now: Date): WireInstrument {
  const { terms } = instrument;
  const quote = book.latest(instrument.id);
  const session = sessionStateOf(instrument, quote, now);
  const money = (minor: bigint): string => formatDecimal(minor, terms.currencyScale);
  return {
    id: instrument.id,
    name: instrument.name,
    assetClass: instrument.assetClass,
    exchange: instrument.exchange,
    currency: terms.currency,
    currencyScale: terms.currencyScale,
    tickSize: formatPrice(ticks(1n), terms.price),
    priceDecimals: terms.price.decimals,
    multiplier: terms.multiplier,
    tickValue: money(terms.tickValue),
    lotStep: terms.lotStep.toString(),
    minLots: terms.minLots.toString(),
    maxLotsPerOrder: terms.maxLotsPerOrder.toString(),
    initialMargin: money(terms.initialMargin),
    maintenanceMargin: money(terms.maintenanceMargin),
    feePerSide: money(terms.feePerSide),
    termsVersion: terms.version,
    tradeMode: instrument.tradeMode,
    barPrice: instrument.barPrice,
    maxQuoteAgeMs: instrument.maxQuoteAgeMs,
    session: {
      open: session.open,
      nextOpenAt: session.nextOpenAt?.toISOString() ?? null,
      nextCloseAt: session.nextCloseAt?.toISOString() ?? null,
      zone: instrument.calendar.zone,
    },
    quote: quote === undefined ? null : toWireQuote(quote, terms.price, now.getTime()),
  };
}
