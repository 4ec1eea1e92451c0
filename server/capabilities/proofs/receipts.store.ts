import type { Knex } from "knex";
import type { OrderOrigin, OrderType, Side, TimeInForce } from "#contracts/names.ts";
import { toHex } from "#core/bytes.ts";
import { inclusionPath } from "#core/merkle.ts";
import { type QuoteLeaf, quoteLeafInput, type SignedBlock } from "#core/quote-block.ts";
import type { Receipt } from "#core/receipt.ts";
import { assert } from "#core/result.ts";
import { readLeaves, utcSql } from "./blocks.store.ts";
import { sha256 } from "./ports.ts";

/** A fill with its order, as a receipt tells them. Times are texts of microseconds in UTC. */
export interface FilledRow {
  readonly fill_id: bigint;
  readonly instrument_id: string;
  readonly terms_version: number;
  readonly side: Side;
  readonly lots: bigint;
  readonly price_ticks: bigint;
  readonly realized_pnl_minor: bigint;
  readonly fee_minor: bigint;
  readonly currency: string;
  readonly currency_scale: number;
  readonly fill_quote_seq: bigint;
  readonly filled: string;
  readonly order_id: string;
  readonly order_side: Side;
  readonly type: OrderType;
  readonly origin: OrderOrigin;
  readonly order_lots: bigint;
  readonly limit_ticks: bigint | null;
  readonly stop_ticks: bigint | null;
  readonly quoted_ticks: bigint | null;
  readonly max_slippage_ticks: bigint | null;
  readonly time_in_force: TimeInForce;
  readonly expires: string | null;
  readonly reduce_only: boolean;
  readonly accepted: string;
  readonly quote_seq: bigint;
  readonly quote_bid_ticks: bigint;
  readonly quote_ask_ticks: bigint;
  readonly quote_venue: string;
  readonly quote_received: string;
  readonly active_from_seq: bigint | null;
  readonly stop_quote_seq: bigint | null;
  readonly trigger_quote_seq: bigint | null;
  readonly trigger_bid_ticks: bigint | null;
  readonly trigger_ask_ticks: bigint | null;
  readonly trigger_venue: string | null;
  readonly trigger_received: string | null;
}

const filledColumns = `f.id AS fill_id, f.instrument_id, f.terms_version, f.side, f.lots, f.price_ticks, f.realized_pnl_minor,
  f.fee_minor, f.currency, f.currency_scale, f.quote_seq AS fill_quote_seq, ${utcSql("f.filled_at")} AS filled,
  o.id AS order_id, o.side AS order_side, o.type, o.origin, o.lots AS order_lots, o.limit_ticks, o.stop_ticks, o.quoted_ticks,
  o.max_slippage_ticks, o.time_in_force, ${utcSql("o.expires_at")} AS expires, o.reduce_only,
  ${utcSql("o.accepted_at")} AS accepted, o.quote_seq, o.quote_bid_ticks, o.quote_ask_ticks,
  ${utcSql("o.quote_venue_at")} AS quote_venue, ${utcSql("o.quote_received_at")} AS quote_received, o.active_from_seq,
  o.stop_quote_seq, o.trigger_quote_seq, o.trigger_bid_ticks, o.trigger_ask_ticks,
  ${utcSql("o.trigger_venue_at")} AS trigger_venue, ${utcSql("o.trigger_received_at")} AS trigger_received`;

/** A fill by its number; with `traderId` only his own. Null: there is none. */
export async function readFilled(db: Knex, fillId: bigint, traderId: string | null): Promise<FilledRow | null> {
  const { rows } = await db.raw<{ rows: FilledRow[] }>(
    `SELECT ${filledColumns} FROM fills f JOIN orders o ON o.id = f.order_id
     WHERE f.id = ? AND (?::uuid IS NULL OR f.trader_id = ?::uuid)`,
    [fillId.toString(), traderId, traderId],
  );
  return rows[0] ?? null;
}

export interface SealedQuote {
  readonly quote: QuoteLeaf;
  readonly inclusion: Receipt["inclusion"];
}

/** A quote with its way to the block's root: kept when the block was swept, else worked out from all its quotes. */
export async function readSealedQuote(db: Knex, block: SignedBlock, seq: bigint): Promise<SealedQuote> {
  const { instrument, blockNo } = block;
  const kept: { leaf_index: number; path: Buffer } | undefined = await db("quote_proofs")
    .where({ instrument_id: instrument, seq: seq.toString() })
    .first("leaf_index", "path");
  if (kept !== undefined) {
    const [quote] = await readLeaves(db, instrument, { after: seq - 1n, last: seq, limit: 1 });
    assert(quote !== undefined, `quote ${seq} of ${instrument} is gone, and a fill names it`);
    return { quote, inclusion: { leafIndex: kept.leaf_index, path: hashesOf(kept.path) } };
  }
  const range = { after: BigInt(block.firstSeq) - 1n, last: BigInt(block.lastSeq), limit: block.count + 1 };
  const quotes = await readLeaves(db, instrument, range);
  const leafIndex = quotes.findIndex((one) => one.seq === seq.toString());
  const quote = quotes[leafIndex];
  assert(quote !== undefined, `quote ${seq} of ${instrument} is gone from block ${blockNo}, and a fill names it`);
  const leaves = quotes.map((one) => sha256(quoteLeafInput(one)));
  return { quote, inclusion: { leafIndex, path: inclusionPath(leaves, leafIndex, sha256).map(toHex) } };
}

function hashesOf(path: Buffer): string[] {
  return Array.from({ length: path.length / 32 }, (_, at) => toHex(path.subarray(at * 32, at * 32 + 32)));
}

/** The public key of a block. */
export async function publicKeyOf(db: Knex, keyId: string): Promise<string> {
  const row: { public_key: Buffer } | undefined = await db("proof_keys").where({ key_id: keyId }).first("public_key");
  assert(row !== undefined, `no public key ${keyId}`);
  return toHex(row.public_key);
}
