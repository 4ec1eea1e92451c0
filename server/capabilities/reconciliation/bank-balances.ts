import type { Knex } from "knex";

/** What a partner's banks say they have of a currency, in minor units. */
export interface BankBalance {
  readonly currency: string;
  /** First openings and every line since. */
  readonly theirs: bigint;
  /** Of that, what the accounts held before their first statement; never booked by itself. */
  readonly opening: bigint;
}

/** The statements' balances by currency: of every currency that the banks or our books name; 0 where no statement was handed in. */
export async function bankBalances(db: Knex, tenantId: number): Promise<readonly BankBalance[]> {
  const { rows } = await db.raw<{ rows: { currency: string; moved: string; opening: string }[] }>(
    `SELECT currency, sum(moved)::text AS moved, sum(opening)::text AS opening FROM (
       SELECT currency, amount_minor AS moved, 0 AS opening FROM statement_lines WHERE tenant_id = :tenantId
       UNION ALL SELECT currency, 0, opening_minor FROM bank_statements WHERE tenant_id = :tenantId AND place = 1
       UNION ALL SELECT currency, 0, 0 FROM ledger_accounts WHERE tenant_id = :tenantId AND book = 'live' AND kind = 'clearing.bank') all_of_them
     GROUP BY currency ORDER BY currency`,
    { tenantId },
  );
  return rows.map(({ currency, moved, opening }) => ({
    ...{ currency, opening: BigInt(opening), theirs: BigInt(moved) + BigInt(opening) },
  }));
}
