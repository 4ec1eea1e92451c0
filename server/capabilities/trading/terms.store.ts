import type { Knex } from "knex";
import type { ContractTerms } from "#core/instrument.ts";
import { assert } from "#core/result.ts";
import { lots, minorUnits, parseDecimal } from "#core/units.ts";

export interface TermsKey {
  readonly instrumentId: string;
  readonly version: number;
}

interface TermsRow {
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

export type TermsBook = (instrumentId: string, version: number) => ContractTerms;
export type LoadTerms = (db: Knex, keys: readonly TermsKey[]) => Promise<TermsBook>;

/** Versions of contract terms, kept for good once read: the table is append-only, a version never changes. */
export function termsStore(): LoadTerms {
  const known = new Map<string, ContractTerms>();
  return async (db, keys) => {
    const missing = keys.filter((key) => !known.has(nameOf(key.instrumentId, key.version)));
    if (missing.length > 0) {
      const { rows } = await db.raw<{ rows: TermsRow[] }>(
        `SELECT t.* FROM instrument_terms t
         JOIN (SELECT DISTINCT * FROM unnest(?::text[], ?::int[])) AS k (instrument_id, terms_version)
           USING (instrument_id, terms_version)`,
        [missing.map((key) => key.instrumentId), missing.map((key) => key.version)],
      );
      for (const row of rows) known.set(nameOf(row.instrument_id, row.terms_version), toTerms(row));
    }
    return (instrumentId, version) => {
      const terms = known.get(nameOf(instrumentId, version));
      assert(terms !== undefined, `terms ${nameOf(instrumentId, version)} were not loaded or do not exist`);
      return terms;
    };
  };
}

const nameOf = (instrumentId: string, version: number): string => `${instrumentId}@${version}`;

function toTerms(row: TermsRow): ContractTerms {
  const tickSize = parseDecimal(row.tick_size, row.price_decimals);
  assert(tickSize !== null, `tick size ${row.tick_size} of ${row.instrument_id}`);
  return {
    version: row.terms_version,
    currency: row.currency,
    currencyScale: row.currency_scale,
    price: { tickSize, decimals: row.price_decimals },
    tickValue: minorUnits(row.tick_value_minor),
    multiplier: row.multiplier,
    lotStep: lots(row.lot_step),
    minLots: lots(row.min_lots),
    maxLotsPerOrder: lots(row.max_lots_per_order),
    initialMargin: minorUnits(row.initial_margin_minor),
    maintenanceMargin: minorUnits(row.maintenance_margin_minor),
    feePerSide: minorUnits(row.fee_per_side_minor),
  };
}
