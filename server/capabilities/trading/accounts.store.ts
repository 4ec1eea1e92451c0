import type { Knex } from "knex";
import type { AccountState, Book, MarginStage, Side } from "#contracts/names.ts";
import type { WaitingOrder } from "#core/exposure.ts";
import type { ContractTerms } from "#core/instrument.ts";
import type { Position } from "#core/position.ts";
import { lots, minorUnits, ticks } from "#core/units.ts";
import type { LoadTerms } from "./terms.store.ts";

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
}

const accountColumns =
  "id, tenant_id, trader_id, book, currency, currency_scale, ledger_account_id, state, margin_stage";

/**
 * Locks accounts in id order until the end of the transaction: accepting, settling and whoever else decides about an account's
 * money take this lock first. Unknown ids are left out.
 */
export async function lockAccounts(db: Knex, ids: readonly string[]): Promise<Map<string, AccountRow>> {
  const { rows } = await db.raw<{ rows: AccountRow[] }>(
    `SELECT ${accountColumns} FROM accounts WHERE id = ANY (?::uuid[]) ORDER BY id FOR UPDATE`,
    [[...ids]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** All positions of the accounts, the flat ones too: their rows are used again. */
export async function loadPositions(db: Knex, accountIds: readonly string[]): Promise<PositionRow[]> {
  const { rows } = await db.raw<{ rows: PositionRow[] }>(
    `SELECT id, account_id, instrument_id, terms_version, lots, cost_ticks, margin_minor
     FROM positions WHERE account_id = ANY (?::uuid[])`,
    [[...accountIds]],
  );
  return rows;
}

export const toPosition = (row: { lots: bigint; cost_ticks: bigint }): Position => ({
  lots: lots(row.lots),
  cost: row.cost_ticks,
});

interface WaitingRow {
  account_id: string;
  instrument_id: string;
  terms_version: number;
  side: Side;
  lots: bigint;
  quote_bid_ticks: bigint;
  quote_ask_ticks: bigint;
  held: bigint | null;
}

export interface AccountWaiting extends WaitingOrder {
  readonly accountId: string;
  readonly instrumentId: string;
  readonly terms: ContractTerms;
}

/** Accepted orders that wait for settlement, in the order of acceptance, with what their holds reserve. */
export async function loadWaiting(
  db: Knex,
  accountIds: readonly string[],
  loadTerms: LoadTerms,
): Promise<AccountWaiting[]> {
  const { rows } = await db.raw<{ rows: WaitingRow[] }>(
    `SELECT o.account_id, o.instrument_id, o.terms_version, o.side, o.lots, o.quote_bid_ticks, o.quote_ask_ticks,
       h.amount AS held
     FROM orders o LEFT JOIN holds h ON h.kind = 'order' AND h.ref_id = o.id AND h.state = 'open'
     WHERE o.account_id = ANY (?::uuid[]) AND o.state IN ('accepted', 'working') ORDER BY o.seq`,
    [[...accountIds]],
  );
  const terms = await loadTerms(
    db,
    rows.map((row) => ({ instrumentId: row.instrument_id, version: row.terms_version })),
  );
  return rows.map((row) => {
    const own = terms(row.instrument_id, row.terms_version);
    return {
      accountId: row.account_id,
      instrumentId: row.instrument_id,
      terms: own,
      side: row.side,
      lots: lots(row.lots),
      price: ticks(row.side === "buy" ? row.quote_ask_ticks : row.quote_bid_ticks),
      feePerSide: own.feePerSide,
      held: minorUnits(row.held ?? 0n),
    };
  });
}

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

/** One account without a lock, for showing; null when there is none with this id. */
export async function findAccount(db: Knex, id: string): Promise<AccountRow | null> {
  const { rows } = await db.raw<{ rows: AccountRow[] }>(`SELECT ${accountColumns} FROM accounts WHERE id = ?`, [id]);
  return rows[0] ?? null;
}
