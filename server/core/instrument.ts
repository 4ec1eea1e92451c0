import type { AssetClass, BarPrice, TradeMode } from "#contracts/names.ts";
import type { SessionCalendar } from "./session-calendar.ts";
import type { Lots, MinorUnits, PriceScale } from "./units.ts";

/** One version of an instrument's contract terms. An order keeps the version it was accepted under. */
export interface ContractTerms {
  readonly version: number;
  readonly currency: string;
  /** Digits of the currency's minor unit: 2 for USD. */
  readonly currencyScale: number;
  readonly price: PriceScale;
  /** Money per tick per lot, always tickSize x multiplier. */
  readonly tickValue: MinorUnits;
  /** Contract multiplier as written by the exchange ("5" = 5 USD per index point). */
  readonly multiplier: string;
  readonly lotStep: Lots;
  readonly minLots: Lots;
  readonly maxLotsPerOrder: Lots;
  /** Needed per lot to open. */
  readonly initialMargin: MinorUnits;
  /** Must remain per lot to keep. */
  readonly maintenanceMargin: MinorUnits;
  /** Charged per lot for each side at the fill. */
  readonly feePerSide: MinorUnits;
}

/** What is traded, with the terms in force and the sessions it trades in. */
export interface Instrument {
  readonly id: string;
  readonly name: string;
  readonly assetClass: AssetClass;
  readonly exchange: string;
  readonly calendar: SessionCalendar;
  readonly barPrice: BarPrice;
  readonly tradeMode: TradeMode;
  /** A quote older than this (by our receipt, not the venue's clock) prices nothing. */
  readonly maxQuoteAgeMs: number;
  readonly terms: ContractTerms;
}
