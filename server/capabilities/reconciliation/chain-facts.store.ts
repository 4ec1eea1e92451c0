import type { Knex } from "knex";
import type { ChainTransfer } from "#core/chain.ts";
import type { Reading, ReadLine, Reconciled } from "./ports.ts";

/** So many blocks that were read are read again, whatever was asked for: as many as a chain's looks remember. */
const againBlocks = 512n;

type Blocks = NonNullable<Reading["blocks"]>;

/**
 * What is to be read of a chain: from behind what was read before, or from where the first day was read, to the newest block that counts and
 * that the looks have reached. null: there is nothing to read yet.
 */
export async function blocksToRead(
  db: Knex,
  { tenantId, channel, fromDate }: Reconciled,
  final: bigint,
): Promise<Blocks | null> {
  const { rows } = await db.raw<{ rows: { first_block: bigint; final_number: bigint; from_block: bigint | null }[] }>(
    `SELECT w.first_block, w.final_number, (SELECT least(max(r.to_block) - ?::bigint, min(r.from_block) FILTER (WHERE r.read_on >= ?::date))
       FROM chain_reads r WHERE r.tenant_id = w.tenant_id AND r.channel = w.channel) AS from_block
     FROM chain_watches w WHERE w.tenant_id = ? AND w.channel = ?`,
    [againBlocks.toString(), fromDate, tenantId, channel],
  );
  const [watch] = rows;
  if (watch === undefined) return null;
  const toBlock = final < watch.final_number ? final : watch.final_number;
  const wanted = watch.from_block ?? watch.first_block;
  const fromBlock = wanted < watch.first_block ? watch.first_block : wanted;
  return toBlock < fromBlock ? null : { fromBlock, toBlock };
}

export async function watchedAddresses(db: Knex, { tenantId, channel }: Reconciled): Promise<string[]> {
  const rows = await db("chain_addresses")
    .where({ tenant_id: tenantId, channel })
    .orderBy("created_at")
    .select<{ address: string }[]>("address");
  return rows.map(({ address }) => address);
}

/** Addresses that something came to. */
export async function paidAddresses(db: Knex, { tenantId, channel }: Reconciled): Promise<string[]> {
  const rows = await db("chain_transfers")
    .where({ tenant_id: tenantId, channel })
    .distinct<{ to_address: string }[]>("to_address")
    .orderBy("to_address");
  return rows.map(({ to_address }) => to_address);
}

/** The payment's number of each transfer, where it is not the transfer's own: the chain took it back once, and it came again. */
export async function numbersOfTransfers(
  db: Knex,
  { tenantId, channel }: Reconciled,
  transfers: readonly ChainTransfer[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.raw<{ rows: { name: string; occurrence: number }[] }>(
    `SELECT txid || ':' || log_index AS name, max(occurrence) AS occurrence FROM chain_transfers
     WHERE tenant_id = ? AND channel = ? AND txid = ANY (?::text[]) GROUP BY 1 HAVING max(occurrence) > 1`,
    [tenantId, channel, transfers.map(({ txid }) => txid)],
  );
  return new Map(rows.map(({ name, occurrence }) => [name, `${name}#${occurrence}`]));
}

/** Lines that were read in these blocks before and still stand. */
export async function linesInBlocks(
  db: Knex,
  { tenantId, channel }: Reconciled,
  { fromBlock, toBlock }: Blocks,
): Promise<ReadLine[]> {
  const { rows } = await db.raw<{ rows: { line_no: string; payment_no: string | null; currency: string }[] }>(
    `SELECT line_no, payment_no, currency FROM (
       SELECT DISTINCT ON (line_no) * FROM channel_lines WHERE tenant_id = ? AND channel = ? ORDER BY line_no, id DESC) l
     WHERE amount_minor <> 0 AND block_number BETWEEN ? AND ?`,
    [tenantId, channel, fromBlock.toString(), toBlock.toString()],
  );
  return rows.map(({ line_no, payment_no, currency }) => ({
    ...{ lineNo: line_no, paymentNo: payment_no, reference: null, withdrawalId: null, currency, isFee: false },
    ...{ amount: 0n, bookedAtMs: null, blockNumber: null },
  }));
}

/** What came and does not count yet, in minor units: it is in the wallet, not in the books. */
export async function inTransit(db: Knex, { tenantId, channel }: Reconciled): Promise<bigint> {
  const { rows } = await db.raw<{ rows: { sum: string }[] }>(
    "SELECT coalesce(sum(amount_minor), 0)::text AS sum FROM chain_transfers WHERE tenant_id = ? AND channel = ? AND state = 'seen' AND missing_at IS NULL",
    [tenantId, channel],
  );
  return BigInt(rows[0]?.sum ?? "0");
}

export interface PayoutToAsk {
  readonly withdrawalId: string;
  readonly txid: string;
  readonly to: string;
  readonly contract: string;
  /** Whether the books have it gone, and since when. */
  readonly isBooked: boolean;
  readonly bookedAtMs: number | null;
}

interface PayoutRow {
  withdrawal_id: string;
  txid: string;
  to_address: string;
  contract: string;
  is_booked: boolean;
  ended_at: Date | null;
}

/** Payouts whose transaction is known: those booked on these days, those that are on their way, and those with a difference. */
export async function payoutsToAsk(db: Knex, of: Reconciled): Promise<PayoutToAsk[]> {
  const { rows } = await db.raw<{ rows: PayoutRow[] }>(
    `SELECT p.withdrawal_id, p.txid, p.to_address, p.contract, w.state = 'confirmed' AS is_booked, w.ended_at
     FROM chain_payouts p JOIN withdrawals w ON w.id = p.withdrawal_id
     WHERE p.tenant_id = :tenantId AND p.channel = :channel AND p.txid IS NOT NULL
       AND (w.state IN ('submitting', 'unknown', 'sent') OR book_date_of(w.ended_at) BETWEEN :fromDate AND :toDate
         OR EXISTS (SELECT FROM reconciliation_tasks k WHERE k.tenant_id = :tenantId AND k.channel = :channel
           AND k.payment = p.withdrawal_id::text AND k.even_on IS NULL))
     ORDER BY p.created_at`,
    { ...of },
  );
  return rows.map((row) => ({
    ...{ withdrawalId: row.withdrawal_id, txid: row.txid, to: row.to_address, contract: row.contract },
    ...{ isBooked: row.is_booked, bookedAtMs: row.ended_at?.getTime() ?? null },
  }));
}
