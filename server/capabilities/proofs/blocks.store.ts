import type { Knex } from "knex";
import { toHex } from "#core/bytes.ts";
import type { BlockHeader, QuoteLeaf, SignedBlock } from "#core/quote-block.ts";

/** A moment as it is sealed: UTC, to the microsecond, always in the same width. */
export const utcSql = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export interface LeafRow extends Omit<QuoteLeaf, "seq" | "bidTicks" | "askTicks" | "lastTicks"> {
  readonly seq: bigint;
  readonly bidTicks: bigint | null;
  readonly askTicks: bigint | null;
  readonly lastTicks: bigint | null;
}

/** The tick size of an instrument never changes once it has prices, so that of any version is that of all. */
const leafColumns = `q.instrument_id AS "instrument", q.seq, q.bid_ticks AS "bidTicks", q.ask_ticks AS "askTicks",
  q.last_ticks AS "lastTicks", trim_scale(q.last_lots)::text AS "lastSize", trim_scale(t.tick_size)::text AS "tickSize",
  ${utcSql("q.venue_at")} AS "venueAt", ${utcSql("q.received_at")} AS "receivedAt", q.source, q.flag`;
const leafTables = `quotes q CROSS JOIN LATERAL (SELECT tick_size FROM instrument_terms
  WHERE instrument_id = q.instrument_id ORDER BY terms_version LIMIT 1) t`;

export const toLeaf = ({ seq, bidTicks, askTicks, lastTicks, ...rest }: LeafRow): QuoteLeaf => ({
  instrument: rest.instrument,
  seq: seq.toString(),
  bidTicks: bidTicks?.toString() ?? null,
  askTicks: askTicks?.toString() ?? null,
  lastTicks: lastTicks?.toString() ?? null,
  lastSize: rest.lastSize,
  tickSize: rest.tickSize,
  venueAt: rest.venueAt,
  receivedAt: rest.receivedAt,
  source: rest.source,
  flag: rest.flag,
});

/** Stored quotes with `after` < seq <= `last`, in order, at most `limit`. */
export async function readLeaves(
  db: Knex,
  instrumentId: string,
  range: { readonly after: bigint; readonly last?: bigint; readonly limit: number },
): Promise<QuoteLeaf[]> {
  const { rows } = await db.raw<{ rows: LeafRow[] }>(
    `SELECT ${leafColumns} FROM ${leafTables}
     WHERE q.instrument_id = ? AND q.seq > ? AND (?::bigint IS NULL OR q.seq <= ?::bigint) ORDER BY q.seq LIMIT ?`,
    [instrumentId, `${range.after}`, range.last?.toString() ?? null, range.last?.toString() ?? null, range.limit],
  );
  return rows.map(toLeaf);
}

interface BlockRow {
  readonly instrument: string;
  readonly block_no: bigint;
  readonly first_seq: bigint;
  readonly last_seq: bigint;
  readonly quotes: number;
  readonly merkle_root: Buffer;
  readonly prev_hash: Buffer;
  readonly sealed: string;
  readonly key_id: string;
  readonly hash: Buffer;
  readonly signature: Buffer;
}

const blockColumns = `b.instrument_id AS instrument, b.block_no, b.first_seq, b.last_seq, b.quotes, b.merkle_root, b.prev_hash,
  ${utcSql("b.sealed_at")} AS sealed, b.key_id, b.hash, b.signature`;

const toBlock = (row: BlockRow): SignedBlock => ({
  version: 1,
  instrument: row.instrument,
  blockNo: row.block_no.toString(),
  firstSeq: row.first_seq.toString(),
  lastSeq: row.last_seq.toString(),
  count: row.quotes,
  merkleRoot: toHex(row.merkle_root),
  prevHash: toHex(row.prev_hash),
  sealedAt: row.sealed,
  keyId: row.key_id,
  hash: toHex(row.hash),
  signature: toHex(row.signature),
});

/** An instrument's newest block; null: none is sealed yet. */
export async function newestBlock(db: Knex, instrumentId: string): Promise<SignedBlock | null> {
  const { rows } = await db.raw<{ rows: BlockRow[] }>(
    `SELECT ${blockColumns} FROM quote_blocks b WHERE b.instrument_id = ? ORDER BY b.block_no DESC LIMIT 1`,
    [instrumentId],
  );
  return rows[0] === undefined ? null : toBlock(rows[0]);
}

/** The block that holds a quote's number; null: it is not sealed. */
export async function blockOfQuote(db: Knex, instrumentId: string, seq: bigint): Promise<SignedBlock | null> {
  const { rows } = await db.raw<{ rows: BlockRow[] }>(
    `SELECT ${blockColumns} FROM quote_blocks b WHERE b.instrument_id = ? AND b.last_seq >= ? ORDER BY b.last_seq LIMIT 1`,
    [instrumentId, seq.toString()],
  );
  return rows[0] === undefined || rows[0].first_seq > seq ? null : toBlock(rows[0]);
}

/** Blocks of an instrument in order, from `from` on. */
export async function readBlocks(db: Knex, instrumentId: string, from: bigint, limit: number): Promise<SignedBlock[]> {
  const { rows } = await db.raw<{ rows: BlockRow[] }>(
    `SELECT ${blockColumns} FROM quote_blocks b WHERE b.instrument_id = ? AND b.block_no >= ? ORDER BY b.block_no LIMIT ?`,
    [instrumentId, from.toString(), limit],
  );
  return rows.map(toBlock);
}

/** The newest block of each instrument, by its name; with `at`, the newest sealed by then. */
export async function readHeads(db: Knex, at: Date | null): Promise<SignedBlock[]> {
  const { rows } = await db.raw<{ rows: BlockRow[] }>(
    `SELECT ${blockColumns} FROM instruments i CROSS JOIN LATERAL (
       SELECT * FROM quote_blocks WHERE instrument_id = i.id AND (?::timestamptz IS NULL OR sealed_at <= ?::timestamptz)
       ORDER BY block_no DESC LIMIT 1) b ORDER BY b.instrument_id`,
    [at, at],
  );
  return rows.map(toBlock);
}

/** Fails when the block does not follow the newest one: another process sealed in between. */
export async function insertBlock(db: Knex, header: BlockHeader, hash: string, signature: Uint8Array): Promise<void> {
  const bytes = (hex: string): Buffer => Buffer.from(hex, "hex");
  await db("quote_blocks").insert({
    instrument_id: header.instrument,
    block_no: header.blockNo,
    first_seq: header.firstSeq,
    last_seq: header.lastSeq,
    quotes: header.count,
    merkle_root: bytes(header.merkleRoot),
    prev_hash: bytes(header.prevHash),
    sealed_at: header.sealedAt,
    key_id: header.keyId,
    hash: bytes(hash),
    signature: Buffer.from(signature),
  });
}
