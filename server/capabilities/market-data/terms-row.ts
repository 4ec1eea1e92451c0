import type { ContractTerms } from "#core/instrument.ts";
import { assert } from "#core/result.ts";
import { lots, minorUnits, parseDecimal } from "#core/units.ts";

/** A row of `instrument_terms`. */
export interface TermsRow {
  instrument_id: string;
  terms_version: number;
  currency: string;
  currency_scale: number;
  tick_size: string;
  price_decimals: number;
  multiplier: string;
  tick_value_minor: bigint;
  lot_step: bigint;
  min_lots: bigint;
  max_lots_per_order: bigint;
  initial_margin_minor: bigint;
  maintenance_margin_minor: bigint;
  fee_per_side_minor: bigint;
}

/** One version of contract terms as the core reads them. */
export function toTerms(row: TermsRow): ContractTerms {
  const tickSize = parseDecimal(row.tick_size, row.price_decimals);
  assert(tickSize !== null && tickSize > 0n, `instrument ${row.instrument_id} has tick size ${row.tick_size}`);
  return {
    version: row.terms_version,
    currency: row.currency,
    currencyScale: row.currency_scale,
    price: { tickSize, decimals: row.price_decimals },
    tickValue: minorUnits(row.tick_value_minor),
    multiplier: withoutTrailingZeros(row.multiplier),
    lotStep: lots(row.lot_step),
    minLots: lots(row.min_lots),
    maxLotsPerOrder: lots(row.max_lots_per_order),
    initialMargin: minorUnits(row.initial_margin_minor),
    maintenanceMargin: minorUnits(row.maintenance_margin_minor),
    feePerSide: minorUnits(row.fee_per_side_minor),
  };
}

/** "0.50000000" -> "0.5", "5.00000000" -> "5", "100" stays. */
const withoutTrailingZeros = (decimal: string): string =>
  decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
