import type { DashboardReply } from "#contracts/dashboard.ts";
import type { Book } from "#contracts/names.ts";
import { notionalPrice } from "#core/book-exposure.ts";
import type { Instrument } from "#core/instrument.ts";
import type { Quote } from "#core/quote.ts";
import { formatDecimal, type Lots, type MinorUnits } from "#core/units.ts";

/** Open lots of one instrument in one book, both sides positive. */
export interface InstrumentLots {
  readonly book: Book;
  readonly instrumentId: string;
  readonly long: Lots;
  readonly short: Lots;
  readonly positions: number;
}

/** Margin held for open positions, in minor units of the currency. */
export interface CurrencyMargin {
  readonly book: Book;
  readonly currency: string;
  readonly scale: number;
  readonly margin: MinorUnits;
}

/**
 * Exposure by instrument and in total. Notional is lots x ticks x tick value, exact, at the last trade or else the mid of the
 * quote (half a tick is cut off); net and signed by instrument, gross over both sides in the totals. Each book by itself.
 */
export function exposureOf(given: {
  readonly positions: readonly InstrumentLots[];
  readonly margins: readonly CurrencyMargin[];
  readonly instruments: readonly Instrument[];
  readonly quoteOf: (id: string) => Quote | undefined;
}): Pick<DashboardReply, "exposure" | "totals"> {
  const sums = new Map<string, { book: Book; currency: string; scale: number; gross: bigint; margin: bigint }>();
  const sumOf = (book: Book, currency: string, scale: number) => {
    const key = `${book} ${currency}`;
    const sum = sums.get(key) ?? { book, currency, scale, gross: 0n, margin: 0n };
    sums.set(key, sum);
    return sum;
  };
  const known = new Map(given.instruments.map((instrument) => [instrument.id, instrument]));
  const exposure = given.positions.flatMap(({ book, instrumentId, long, short, positions }) => {
    const terms = known.get(instrumentId)?.terms;
    if (terms === undefined) return [];
    const quote = given.quoteOf(instrumentId);
    const perLot = quote === undefined ? null : notionalPrice(quote) * terms.tickValue;
    if (perLot !== null) sumOf(book, terms.currency, terms.currencyScale).gross += (long + short) * perLot;
    return [
      {
        book,
        instrumentId,
        currency: terms.currency,
        longLots: long.toString(),
        shortLots: short.toString(),
        netLots: (long - short).toString(),
        notional: perLot === null ? null : formatDecimal((long - short) * perLot, terms.currencyScale),
        positions,
      },
    ];
  });
  for (const { book, currency, scale, margin } of given.margins) sumOf(book, currency, scale).margin += margin;
  const totals = [...sums.values()].map(({ book, currency, scale, gross, margin }) => ({
    book,
    currency,
    exposure: formatDecimal(gross, scale),
    equityAtRisk: formatDecimal(margin, scale),
  }));
  return { exposure, totals };
}
