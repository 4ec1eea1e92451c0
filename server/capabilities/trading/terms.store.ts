import type { Knex } from "knex";
import type { ContractTerms } from "#core/instrument.ts";
import { assert } from "#core/result.ts";
import { type TermsRow, toTerms } from "../market-data/index.ts";

export interface TermsKey {
  readonly instrumentId: string;
  readonly version: number;
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
