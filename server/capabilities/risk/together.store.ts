import type { Knex } from "knex";
import type { Book } from "#contracts/names.ts";
import type { Together } from "#core/risk-checks.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** What all traders hold in some instruments; an order that is accepted is added by whoever decided it. */
export interface TogetherBook {
  readonly partner: (tenantId: number, instrumentId: string) => Together;
  readonly house: (instrumentId: string) => Together;
}

interface SideRow {
  tenant_id: number;
  instrument_id: string;
  long: bigint;
  short: bigint;
}

const nothing: Together = { long: 0n, short: 0n };

/**
 * Sums positions and open orders of a book. Takes a lock for each instrument until the transaction's end, in the order of their names, so
 * that two decisions under a cap do not both take the last of it; call it behind the accounts' locks.
 */
export async function loadTogether(db: Knex, book: Book, instrumentIds: readonly string[]): Promise<TogetherBook> {
  const ids = [...new Set(instrumentIds)].sort();
  const locked = prepared(
    db,
    "SELECT pg_advisory_xact_lock(hashtext('risk-cap/' || i)) FROM (SELECT i FROM unnest(?::text[]) AS n (i) ORDER BY i) n",
    [ids],
  );
  const summed = prepared<SideRow>(db, "SELECT * FROM lots_together(?::text[], ?)", [ids, book]);
  // They travel together: the sums are taken when the locks are held.
  const [, rows] = await Promise.all([locked, summed]);
  const sum = (some: readonly SideRow[]): Together =>
    some.reduce((total, { long, short }) => ({ long: total.long + long, short: total.short + short }), nothing);
  return {
    partner: (tenantId, instrumentId) =>
      sum(rows.filter((row) => row.tenant_id === tenantId && row.instrument_id === instrumentId)),
    house: (instrumentId) => sum(rows.filter((row) => row.instrument_id === instrumentId)),
  };
}
