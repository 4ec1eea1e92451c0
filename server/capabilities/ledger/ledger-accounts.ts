import type { Knex } from "knex";
import type { Book } from "#contracts/names.ts";
import type { PaymentChannel } from "#contracts/payment-names.ts";
import { assert } from "#core/result.ts";

/** One set of house accounts: a tenant's, in one book and currency, for one worker. */
export interface HouseKey {
  readonly tenantId: number;
  readonly book: Book;
  readonly currency: string;
  /** Workers post to accounts of their own, so that they do not queue for one row; reports sum the shards. */
  readonly shard: number;
}

/** Ledger account ids of the house: other side of P&L, fees, loss protection, manual adjustments, bank money. */
export interface HouseAccounts {
  readonly pnl: bigint;
  readonly fee: bigint;
  readonly protection: bigint;
  readonly adjustment: bigint;
  readonly clearing: bigint;
}

const houseKinds = {
  pnl: "house.pnl",
  fee: "house.fee",
  protection: "house.protection",
  adjustment: "equity.adjustment",
  clearing: "clearing.bank",
} as const satisfies Record<keyof HouseAccounts, string>;

/** The house's accounts of a shard, made when missing. Call it before locking balances. */
export async function houseAccounts(db: Knex, key: HouseKey): Promise<HouseAccounts> {
  const found = await findHouse(db, key);
  if (found !== null) return found;
  await db.raw(
    `INSERT INTO ledger_accounts (tenant_id, book, kind, shard, currency)
     SELECT ?, ?, kind, ?, ? FROM unnest(?::text[]) kind ORDER BY kind ON CONFLICT DO NOTHING`,
    [key.tenantId, key.book, key.shard, key.currency, Object.values(houseKinds)],
  );
  const made = await findHouse(db, key);
  assert(made !== null, `house accounts of ${JSON.stringify(key)} are missing after they were made`);
  return made;
}

async function findHouse(db: Knex, key: HouseKey): Promise<HouseAccounts | null> {
  const { rows } = await db.raw<{ rows: { id: bigint; kind: string }[] }>(
    `SELECT id, kind FROM ledger_accounts
     WHERE tenant_id = ? AND book = ? AND owner_id IS NULL AND kind = ANY (?::text[]) AND currency = ? AND shard = ?`,
    [key.tenantId, key.book, Object.values(houseKinds), key.currency, key.shard],
  );
  const idOf = new Map(rows.map((row) => [row.kind, row.id]));
  const pnl = idOf.get(houseKinds.pnl);
  const fee = idOf.get(houseKinds.fee);
  const protection = idOf.get(houseKinds.protection);
  const adjustment = idOf.get(houseKinds.adjustment);
  const clearing = idOf.get(houseKinds.clearing);
  if (
    pnl === undefined ||
    fee === undefined ||
    protection === undefined ||
    adjustment === undefined ||
    clearing === undefined
  )
    return null;
  return { pnl, fee, protection, adjustment, clearing };
}

/** Money on its way out: it has left the trader's account, and the bank has not said that it arrived. */
export const inFlightKind = "withdrawal.in_flight";
/** Money that has come and is not credited to anybody yet. */
export const suspenseKind = "suspense.unmatched";
/** What traders owe: a channel took money back that they had no more. */
export const receivableKind = "receivable.trader";
/** Money of ours that a channel holds. */
export const clearingKind = (channel: PaymentChannel) => `clearing.${channel}` as const;

type HouseKind = typeof inFlightKind | typeof suspenseKind | typeof receivableKind | ReturnType<typeof clearingKind>;

/** One more account of the house, made when missing. Call it before locking balances. */
export async function houseAccount(
  db: Knex,
  { tenantId, book, currency }: Omit<HouseKey, "shard">,
  kind: HouseKind,
): Promise<bigint> {
  await db.raw(
    "INSERT INTO ledger_accounts (tenant_id, book, kind, shard, currency) VALUES (?, ?, ?, 0, ?) ON CONFLICT DO NOTHING",
    [tenantId, book, kind, currency],
  );
  const { rows } = await db.raw<{ rows: { id: bigint }[] }>(
    `SELECT id FROM ledger_accounts
     WHERE tenant_id = ? AND book = ? AND owner_id IS NULL AND kind = ? AND currency = ? AND shard = 0`,
    [tenantId, book, kind, currency],
  );
  const [row] = rows;
  assert(row !== undefined, `${kind} of partner ${tenantId} is missing after it was made`);
  return row.id;
}

/** A ledger account of a person or an agent. */
export interface PersonalAccountKey {
  readonly tenantId: number;
  readonly book: Book;
  readonly currency: string;
  /** Trader or agent. */
  readonly ownerId: string;
  readonly kind: "trader.cash" | "agent.commission";
}

/** Opens a personal ledger account with floor 0 and returns its id; null when the owner has one of the kind already. */
export async function openPersonalAccount(db: Knex, key: PersonalAccountKey): Promise<bigint | null> {
  const { rows } = await db.raw<{ rows: { id: bigint }[] }>(
    `INSERT INTO ledger_accounts (tenant_id, book, owner_id, kind, currency, floor) VALUES (?, ?, ?, ?, ?, 0)
     ON CONFLICT DO NOTHING RETURNING id`,
    [key.tenantId, key.book, key.ownerId, key.kind, key.currency],
  );
  return rows[0]?.id ?? null;
}
