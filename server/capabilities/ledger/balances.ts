import type { Knex } from "knex";
import { assert } from "#core/result.ts";
import { type MinorUnits, minorUnits } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** What is booked on a ledger account and what of it is reserved. Minor units; `posted` is credits minus debits. */
export interface Balance {
  readonly posted: MinorUnits;
  readonly held: MinorUnits;
}

interface BalanceRow {
  ledger_account_id: bigint;
  posted: bigint;
  held: bigint;
}

/** Locks balances in the one lock order (by ledger account) until the end of the transaction, and returns them. */
export async function lockBalances(db: Knex, ledgerAccountIds: readonly bigint[]): Promise<Map<bigint, Balance>> {
  const ids = [...new Set(ledgerAccountIds)].map(String);
  if (ids.length === 0) return new Map();
  const rows = await prepared<BalanceRow>(db, "SELECT * FROM lock_balances(?::bigint[])", [ids]);
  assert(rows.length === ids.length, `${ids.length} balances were asked for, ${rows.length} exist`);
  return toBalances(rows);
}

/** Balances as committed, without a lock: for showing, never for deciding. Unknown ids are left out. */
export async function readBalances(db: Knex, ledgerAccountIds: readonly bigint[]): Promise<Map<bigint, Balance>> {
  const rows = await prepared<BalanceRow>(
    db,
    "SELECT ledger_account_id, posted, held FROM balances WHERE ledger_account_id = ANY (?::bigint[])",
    [[...new Set(ledgerAccountIds)].map(String)],
  );
  return toBalances(rows);
}

const toBalances = (rows: readonly BalanceRow[]): Map<bigint, Balance> =>
  new Map(rows.map((row) => [row.ledger_account_id, { posted: minorUnits(row.posted), held: minorUnits(row.held) }]));
