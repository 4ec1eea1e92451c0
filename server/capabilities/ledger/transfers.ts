import type { Knex } from "knex";
import type { Book, TransferCode } from "#contracts/names.ts";
import { assert } from "#core/result.ts";
import type { MinorUnits } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** One debit-credit pair. The debit account's balance falls by `amount`, the credit account's rises by it. */
export interface NewTransfer {
  readonly tenantId: number;
  readonly book: Book;
  readonly currency: string;
  /** Ledger account that pays. */
  readonly debit: bigint;
  /** Ledger account that receives. */
  readonly credit: bigint;
  /** Minor units of `currency`, always positive: the direction is in debit and credit. */
  readonly amount: MinorUnits;
  readonly code: TransferCode;
  /** The event all legs belong to: a fill, a deposit, an adjustment. */
  readonly groupId: string;
  readonly leg: number;
  readonly memo?: string;
}

/**
 * Writes transfers in one statement; the database moves the balances with it. Throws the database's own error when a leg
 * would take a balance below its floor (`available_not_below_floor`), cross tenant, book or currency
 * (`transfers_within_one_book`), enter a closed day (`transfers_book_open`) or repeat a leg (`transfers_group_leg`).
 * A hold on the same money must be resolved before: the floor check is not deferrable.
 */
export async function postTransfers(db: Knex, transfers: readonly NewTransfer[]): Promise<void> {
  if (transfers.length === 0) return;
  for (const transfer of transfers)
    assert(transfer.amount > 0n, `leg ${transfer.leg} of ${transfer.groupId} has amount ${transfer.amount}`);
  await prepared(
    db,
    `INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg, memo)
     SELECT tenant_id, book, currency, debit, credit, amount, code, group_id, leg, nullif(memo, '')
     FROM unnest(?::int[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::smallint[], ?::uuid[],
       ?::smallint[], ?::text[]) AS t (tenant_id, book, currency, debit, credit, amount, code, group_id, leg, memo)`,
    [
      transfers.map((transfer) => transfer.tenantId),
      transfers.map((transfer) => transfer.book),
      transfers.map((transfer) => transfer.currency),
      transfers.map((transfer) => transfer.debit.toString()),
      transfers.map((transfer) => transfer.credit.toString()),
      transfers.map((transfer) => transfer.amount.toString()),
      transfers.map((transfer) => transfer.code),
      transfers.map((transfer) => transfer.groupId),
      transfers.map((transfer) => transfer.leg),
      transfers.map((transfer) => transfer.memo ?? ""),
    ],
  );
}

/** Makes the journal's monthly partitions up to a year ahead; cheap when they exist. For start and for the scheduler. */
export async function ensureTransferPartitions(db: Knex): Promise<void> {
  await db.raw(
    `SELECT ensure_transfer_partition((date_trunc('month', now()) + make_interval(months => m))::date)
     FROM generate_series(0, 12) m`,
  );
}
