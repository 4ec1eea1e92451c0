import type { Knex } from "knex";
import { invariants } from "./invariants.ts";

/** A rule of the books that is broken, with the rows that break it (at most `rowsMax`). */
export interface BrokenInvariant {
  readonly invariant: string;
  readonly says: string;
  readonly rows: readonly Record<string, unknown>[];
}

/** Enough to see the pattern of a fault; the count of a wholesale one is of no use to a reader. */
const rowsMax = 100;

/**
 * Checks every rule of the books in one snapshot and returns the broken ones; none: the books balance. Reads only, blocks
 * no one. Needs SELECT on ledger, orders, fills and positions.
 */
export async function verifyBooks(db: Knex): Promise<readonly BrokenInvariant[]> {
  return db.transaction(
    async (trx) => {
      const broken: BrokenInvariant[] = [];
      for (const { invariant, says, sql } of invariants) {
        const { rows } = await trx.raw<{ rows: Record<string, unknown>[] }>(`${sql} LIMIT ${rowsMax}`);
        if (rows.length > 0) broken.push({ invariant, says, rows });
      }
      return broken;
    },
    { isolationLevel: "repeatable read", readOnly: true },
  );
}
