import type { Knex } from "knex";
import type { BookStream, SignedBookBlock } from "#core/book-block.ts";
import { utcSql } from "./blocks.store.ts";

const columns = `stream, block_no::text AS "blockNo", from_xid::text AS "fromXid", until_xid::text AS "untilXid", row_count::text AS "rowCount",
  encode(content_hash, 'hex') AS "contentHash", encode(prev_hash, 'hex') AS "prevHash", ${utcSql("sealed_at")} AS "sealedAt",
  key_id AS "keyId", encode(hash, 'hex') AS hash, encode(signature, 'hex') AS signature`;

/** The newest block of a stream; null: nothing was sealed yet. */
export async function newestBookBlock(db: Knex, stream: BookStream): Promise<SignedBookBlock | null> {
  const { rows } = await db.raw<{ rows: SignedBookBlock[] }>(
    `SELECT ${columns} FROM book_blocks WHERE stream = ? ORDER BY block_no DESC LIMIT 1`,
    [stream],
  );
  return rows[0] ?? null;
}

/** Blocks after that number, in order. */
export async function readBookBlocks(
  db: Knex,
  stream: BookStream,
  after: bigint,
  limit: number,
): Promise<readonly SignedBookBlock[]> {
  const { rows } = await db.raw<{ rows: SignedBookBlock[] }>(
    `SELECT ${columns} FROM book_blocks WHERE stream = ? AND block_no > ? ORDER BY block_no LIMIT ?`,
    [stream, after.toString(), limit],
  );
  return rows;
}

/** The rows of a range of transactions as they are now. */
export async function bookContent(
  db: Knex,
  { stream, fromXid, untilXid }: Pick<SignedBookBlock, "stream" | "fromXid" | "untilXid">,
): Promise<{ readonly rowCount: string; readonly contentHash: string }> {
  const { rows } = await db.raw<{ rows: { rowCount: string; contentHash: string }[] }>(
    `SELECT row_count::text AS "rowCount", encode(content_hash, 'hex') AS "contentHash" FROM book_content(?, ?::xid8, ?::xid8)`,
    [stream, fromXid, untilXid],
  );
  const [found] = rows;
  if (found === undefined) throw new Error("book_content says nothing");
  return found;
}

export async function insertBookBlock(db: Knex, block: SignedBookBlock): Promise<void> {
  await db.raw(
    `INSERT INTO book_blocks (stream, block_no, from_xid, until_xid, row_count, content_hash, prev_hash, sealed_at, key_id, hash, signature)
     VALUES (?, ?, ?::xid8, ?::xid8, ?, decode(?, 'hex'), decode(?, 'hex'), ?::timestamptz, ?, decode(?, 'hex'), decode(?, 'hex'))`,
    [
      ...[block.stream, block.blockNo, block.fromXid, block.untilXid, block.rowCount, block.contentHash],
      ...[block.prevHash, block.sealedAt, block.keyId, block.hash, block.signature],
    ],
  );
}
