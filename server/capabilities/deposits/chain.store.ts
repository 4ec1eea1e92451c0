import type { Knex } from "knex";
import type { ChainHead, ChainTransfer } from "#core/chain.ts";
import type { KnownTransfer, SeenBlock, TransferState } from "#core/chain-rules.ts";
import type { DepositChain } from "./chain-ports.ts";

/** A transfer as it is stored; the one with the highest `occurrence` is what is known of it. */
export interface TransferRow {
  txid: string;
  log_index: number;
  occurrence: number;
  block_number: bigint;
  block_hash: string;
  contract: string;
  from_address: string;
  to_address: string;
  /** In the token's smallest units; the driver gives numeric as text. */
  amount: string;
  amount_minor: bigint;
  currency_scale: number;
  state: TransferState;
  missing_at: bigint | null;
  seen_at: Date;
}

export interface WatchRow {
  network: string;
  contract: string;
  first_block: bigint;
  head_number: bigint;
}

const placeOf = ({ tenantId, channel }: DepositChain) => ({ tenant_id: tenantId, channel });

export const findWatch = (db: Knex, chain: DepositChain): Promise<WatchRow | undefined> =>
  db<WatchRow>("chain_watches").where(placeOf(chain)).first();

/** What is watched, begun at the chain's newest block when it is new; null: the settings are of another chain or token. */
export async function beginWatch(db: Knex, chain: DepositChain, head: ChainHead): Promise<WatchRow | null> {
  const { network, contract } = chain.reader;
  await db("chain_watches")
    .insert({
      ...{ ...placeOf(chain), network, contract, first_block: (chain.startBlock ?? head.number).toString() },
      ...{ head_number: head.number.toString(), final_number: -1 },
    })
    .onConflict(["tenant_id", "channel"])
    .ignore();
  const watch = await findWatch(db, chain);
  return watch?.network === network && watch.contract === contract ? watch : null;
}

/** One look at a time: says how far the chain is, and holds the watch until the transaction ends. */
export async function lockWatch(
  db: Knex,
  chain: DepositChain,
  { head, final }: { readonly head: bigint; readonly final: bigint },
): Promise<void> {
  await db("chain_watches")
    .where(placeOf(chain))
    .update({ head_number: head.toString(), final_number: final.toString(), looked_at: db.raw("clock_timestamp()") });
}

/** Blocks up to which everything was looked at, newest first; bounded by what is forgotten. */
export const rememberedBlocks = (db: Knex, chain: DepositChain): Promise<SeenBlock[]> =>
  db("chain_blocks").where(placeOf(chain)).orderBy("number", "desc").select<SeenBlock[]>("number", "hash");

/** Addresses of a partner's accounts, in the order they were made. */
export async function addressesOf(db: Knex, chain: DepositChain): Promise<string[]> {
  const rows = await db("chain_addresses")
    .where(placeOf(chain))
    .orderBy("created_at")
    .select<{ address: string }[]>("address");
  return rows.map(({ address }) => address);
}

/** Transfers that a look may change though it does not find them: those of its blocks, those that do not count yet, those that are missed. */
export const openTransfers = (db: Knex, chain: DepositChain, behind: bigint): Promise<TransferRow[]> =>
  db<TransferRow>("chain_transfers")
    .where(placeOf(chain))
    .where((open) =>
      open
        .where({ state: "seen" })
        .orWhere((missed) => missed.where({ state: "counted" }).whereNotNull("missing_at"))
        .orWhere((recent) => recent.where({ state: "counted" }).where("block_number", ">", behind.toString())),
    )
    .orderBy(["block_number", "txid", "log_index"]);

/** What is known of these transactions' transfers, the last occurrence of each. */
export async function knownTransfers(db: Knex, chain: DepositChain, txids: readonly string[]): Promise<TransferRow[]> {
  const { rows } = await db.raw<{ rows: TransferRow[] }>(
    `SELECT DISTINCT ON (txid, log_index) * FROM chain_transfers WHERE tenant_id = ? AND channel = ? AND txid = ANY (?::text[])
     ORDER BY txid, log_index, occurrence DESC`,
    [chain.tenantId, chain.channel, [...txids]],
  );
  return rows;
}

export const keyOf = ({ txid, logIndex }: Pick<ChainTransfer, "txid" | "logIndex">): string => `${txid}:${logIndex}`;
export const keyOfRow = (row: TransferRow): string => keyOf({ txid: row.txid, logIndex: row.log_index });

export const knownOf = (row: TransferRow): KnownTransfer => ({
  ...{ state: row.state, blockNumber: row.block_number, blockHash: row.block_hash, missingAt: row.missing_at },
});

export const transferOf = (row: TransferRow): ChainTransfer => ({
  ...{ txid: row.txid, logIndex: row.log_index, blockNumber: row.block_number, blockHash: row.block_hash },
  ...{ contract: row.contract, from: row.from_address, to: row.to_address, amount: BigInt(row.amount) },
});

export interface NewTransfer {
  readonly transfer: ChainTransfer;
  readonly occurrence: number;
  readonly minor: bigint;
  readonly remainder: bigint;
  readonly scale: number;
  readonly next: KnownTransfer;
}

export async function insertTransfer(db: Knex, chain: DepositChain, made: NewTransfer): Promise<void> {
  const { transfer, occurrence, minor, remainder, scale, next } = made;
  await db("chain_transfers").insert({
    ...{
      ...placeOf(chain),
      txid: transfer.txid,
      log_index: transfer.logIndex,
      occurrence,
      contract: transfer.contract,
    },
    ...{ from_address: transfer.from, to_address: transfer.to, amount: transfer.amount.toString() },
    ...{
      amount_minor: minor.toString(),
      remainder: remainder.toString(),
      currency: chain.currency,
      currency_scale: scale,
    },
    ...columnsOf(next),
  });
}

export async function updateTransfer(
  db: Knex,
  chain: DepositChain,
  row: TransferRow,
  next: KnownTransfer,
): Promise<void> {
  const { txid, log_index, occurrence } = row;
  await db("chain_transfers")
    .where({ ...placeOf(chain), txid, log_index, occurrence })
    .update(columnsOf(next));
}

const columnsOf = ({ state, blockNumber, blockHash, missingAt }: KnownTransfer) => ({
  ...{ state, block_number: blockNumber.toString(), block_hash: blockHash },
  missing_at: missingAt?.toString() ?? null,
});

/** Forgets the blocks above `number`: what was behind them is looked at again. */
export async function forgetAbove(db: Knex, chain: DepositChain, number: bigint): Promise<void> {
  await db("chain_blocks").where(placeOf(chain)).where("number", ">", number.toString()).delete();
}

/** Remembers a block, and forgets those more than `remembered` below it but for the newest of them. */
export async function rememberBlock(
  db: Knex,
  chain: DepositChain,
  block: SeenBlock,
  remembered: bigint,
): Promise<void> {
  await db("chain_blocks").insert({ ...placeOf(chain), number: block.number.toString(), hash: block.hash });
  const old = (block.number - remembered).toString();
  await db.raw(
    `DELETE FROM chain_blocks WHERE tenant_id = ? AND channel = ? AND number <
       (SELECT max(number) FROM chain_blocks WHERE tenant_id = ? AND channel = ? AND number < ?)`,
    [chain.tenantId, chain.channel, chain.tenantId, chain.channel, old],
  );
}
