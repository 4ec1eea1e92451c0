import type { Invariant } from "./invariants.ts";

/** What caps of the partner and the house are measured by. */
export const openLotsInvariants: readonly Invariant[] = [
  {
    invariant: "I24 open lots are the positions",
    says: "The lots that all traders of a partner hold in an instrument, long and short, are those of their positions.",
    sql: `SELECT book, tenant_id, instrument_id, sum(long) AS long, sum(short) AS short FROM (
            SELECT book, tenant_id, instrument_id, long, short FROM open_lots
            UNION ALL
            SELECT book, tenant_id, instrument_id, -greatest(lots, 0), -greatest(-lots, 0) FROM positions WHERE lots <> 0) d
          GROUP BY 1, 2, 3 HAVING sum(long) <> 0 OR sum(short) <> 0`,
  },
];
