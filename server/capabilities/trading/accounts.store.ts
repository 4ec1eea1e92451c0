import type { Knex } from "knex";
import type { AccountState, Book, MarginStage } from "#contracts/names.ts";
import type { Position } from "#core/position.ts";
import { lots } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** A trading account as its commands see it. */
export interface AccountRow {
  id: string;
  tenant_id: number;
  trader_id: string;
  book: Book;
  currency: string;
  currency_scale: number;
  ledger_account_id: bigint;
  state: AccountState;
  margin_stage: MarginStage;
}

export interface PositionRow {
  id: string;
  account_id: string;
  instrument_id: string;
  terms_version: number;
  lots: bigint;
  cost_ticks: bigint;
  margin_minor: bigint;
  /** Of a flat one: how long it was held, and how long ago it was opened, when it was last there; null: it never was. */
  held_ms: number | null;
  opened_ms_ago: number | null;
}

/** The columns of an `AccountRow`, of the table under this name. */
export const accountColumnsOf = (table: string): string =>
  ["id", "tenant_id", "trader_id", "book", "currency", "currency_scale", "ledger_account_id", "state", "margin_stage"]
    .map((column) => `${table}.${column}`)
    .join(", ");
const accountColumns = accountColumnsOf("accounts");

/**
 * Locks accounts in id order until the end of the transaction: accepting, settling and whoever else decides about an account's
 * money take this lock first. Unknown ids are left out, and with `skipLocked` those that somebody else has locked.
 */
export async function lockAccounts(
  db: Knex,
  ids: readonly string[],
  { skipLocked = false }: { readonly skipLocked?: boolean } = {},
): Promise<Map<string, AccountRow>> {
  const lock = skipLocked ? "FOR UPDATE SKIP LOCKED" : "FOR UPDATE";
  const rows = await prepared<AccountRow>(
    db,
    `SELECT ${accountColumns} FROM accounts WHERE id = ANY (?::uuid[]) ORDER BY id ${lock}`,
    [[...ids]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** All positions of the accounts, the flat ones too: their rows are used again. */
export async function loadPositions(db: Knex, accountIds: readonly string[]): Promise<PositionRow[]> {
  return prepared<PositionRow>(
    db,
    `SELECT id, account_id, instrument_id, terms_version, lots, cost_ticks, margin_minor,
       CASE WHEN closed_at IS NOT NULL THEN greatest(0, date_part('epoch', closed_at - opened_at) * 1000) END AS held_ms,
       CASE WHEN closed_at IS NOT NULL THEN greatest(0, date_part('epoch', clock_timestamp() - opened_at) * 1000) END AS opened_ms_ago
     FROM positions WHERE account_id = ANY (?::uuid[])`,
    [[...accountIds]],
  );
}

export const toPosition = (row: { lots: bigint; cost_ticks: bigint }): Position => ({
  lots: lots(row.lots),
  cost: row.cost_ticks,
});

/** Whose position it is and what it is in; null when there is none with this id. */
export async function ownerOfPosition(
  db: Knex,
  positionId: string,
): Promise<{ trader_id: string; account_id: string; instrument_id: string } | null> {
  const { rows } = await db.raw<{ rows: { trader_id: string; account_id: string; instrument_id: string }[] }>(
    "SELECT trader_id, account_id, instrument_id FROM positions WHERE id = ?",
    [positionId],
  );
  return rows[0] ?? null;
}

/** Accounts without a lock, for showing; unknown ids are left out. */
export async function findAccounts(db: Knex, ids: readonly string[]): Promise<AccountRow[]> {
  return prepared<AccountRow>(db, `SELECT ${accountColumns} FROM accounts WHERE id = ANY (?::uuid[])`, [[...ids]]);
}

/** One account without a lock, for showing; null when there is none with this id. */
export async function findAccount(db: Knex, id: string): Promise<AccountRow | null> {
  const { rows } = await db.raw<{ rows: AccountRow[] }>(`SELECT ${accountColumns} FROM accounts WHERE id = ?`, [id]);
  return rows[0] ?? null;
}
