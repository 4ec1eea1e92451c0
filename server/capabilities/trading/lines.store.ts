import type { Knex } from "knex";
import type { Exposure } from "#core/exposure.ts";
import type { MinorUnits } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { newId } from "../../platform/ids.ts";
import type { AccountRow, PositionRow } from "./accounts.store.ts";

/** The margin line of an account in one instrument, to be held from now on. */
export interface LineToWrite {
  readonly account: AccountRow;
  readonly instrumentId: string;
  readonly termsVersion: number;
  readonly margin: MinorUnits;
}

/** The line of an exposure, when it is another than the one on its row; none: nothing to write. */
export function changedLine(
  account: AccountRow,
  instrumentId: string,
  row: PositionRow | undefined,
  exposure: Pick<Exposure, "terms" | "marginHeld">,
): LineToWrite[] {
  const { terms, marginHeld } = exposure;
  if (row !== undefined && row.margin_minor === marginHeld && row.terms_version >= terms.version) return [];
  return [{ account, instrumentId, termsVersion: terms.version, margin: marginHeld }];
}

/**
 * Writes lines in one statement; a position row is made, flat, where there is none. The database moves what is held on the balances,
 * and refuses (`available_not_below_floor`) what an account cannot cover.
 */
export async function writeLines(db: Knex, lines: readonly LineToWrite[]): Promise<void> {
  if (lines.length === 0) return;
  await prepared(
    db,
    `INSERT INTO positions AS p (id, tenant_id, trader_id, account_id, book, instrument_id, terms_version, lots, cost_ticks, margin_minor)
     SELECT id, tenant_id, trader_id, account_id, book, instrument_id, terms_version, 0, 0, margin
     FROM unnest(?::uuid[], ?::int[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::int[], ?::bigint[])
       AS n (id, tenant_id, trader_id, account_id, book, instrument_id, terms_version, margin)
     ON CONFLICT (account_id, instrument_id) DO UPDATE SET margin_minor = excluded.margin_minor,
       terms_version = greatest(p.terms_version, excluded.terms_version), updated_at = clock_timestamp(), version = p.version + 1`,
    [
      lines.map(() => newId()),
      lines.map(({ account }) => account.tenant_id),
      lines.map(({ account }) => account.trader_id),
      lines.map(({ account }) => account.id),
      lines.map(({ account }) => account.book),
      lines.map(({ instrumentId }) => instrumentId),
      lines.map(({ termsVersion }) => termsVersion),
      lines.map(({ margin }) => margin.toString()),
    ],
  );
}
