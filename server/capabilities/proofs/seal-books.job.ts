import type { Knex } from "knex";
import {
  type BookStream,
  bookBlockText,
  bookStreams,
  type SignedBookBlock,
  signedBookBlockText,
} from "#core/book-block.ts";
import { toHex, utf8 } from "#core/bytes.ts";
import { noBlock } from "#core/quote-block.ts";
import { utcSql } from "./blocks.store.ts";
import { bookContent, insertBookBlock, newestBookBlock } from "./book-blocks.store.ts";
import { type ProofPorts, type Signer, sha256 } from "./ports.ts";

/** Appends a line to the file of a day (YYYY-MM-DD, UTC), outside of the database. */
export type AppendHead = (day: string, line: string) => Promise<void>;

/**
 * Seals what was written to the journal and to the audit log since the last block: the rows of all transactions that have ended by now.
 * What is still under way belongs to a later block, however long it takes. Each block's head is appended to a file at once: a chain
 * whose heads lie in the same database alone proves nothing against whoever owns it. Returns where the chains stand.
 */
export function sealBooks({
  db,
  signer,
  append,
}: ProofPorts & { readonly append: AppendHead }): () => Promise<readonly SignedBookBlock[]> {
  const written = new Map<BookStream, string>();
  return async () => {
    const heads: SignedBookBlock[] = [];
    for (const stream of bookStreams) {
      const sealed = await db.transaction((trx) => sealStream(trx, signer, stream));
      const head = sealed ?? (await newestBookBlock(db, stream));
      if (head === null) continue;
      heads.push(head);
      // Also one that a process sealed and died before it wrote it down.
      if (written.get(stream) === head.hash) continue;
      await append(head.sealedAt.slice(0, "2026-01-02".length), JSON.stringify(head));
      written.set(stream, head.hash);
    }
    return heads;
  };
}

/** The stream's next block; null: nothing was written since. One at a time in the whole installation. */
async function sealStream(db: Knex, signer: Signer, stream: BookStream): Promise<SignedBookBlock | null> {
  await db.raw("SELECT pg_advisory_xact_lock(hashtext(?))", [`seal-books/${stream}`]);
  const before = await newestBookBlock(db, stream);
  const fromXid = before?.untilXid ?? "0";
  const { rows } = await db.raw<{ rows: { until: string; goes_on: boolean; at: string }[] }>(
    `SELECT x::text AS until, x >= ?::xid8 AS goes_on, ${utcSql("clock_timestamp()")} AS at
     FROM pg_snapshot_xmin(pg_current_snapshot()) AS x`,
    [fromXid],
  );
  const { until: untilXid = fromXid, goes_on: goesOn = false, at = "" } = rows[0] ?? {};
  if (!goesOn)
    throw new Error(
      `transaction ${untilXid} comes after ${fromXid} was sealed: the books were moved to another cluster`,
    );
  if (untilXid === fromXid) return null;
  const { rowCount, contentHash } = await bookContent(db, { stream, fromXid, untilXid });
  if (rowCount === "0") return null;
  const header = {
    ...{ stream, blockNo: (BigInt(before?.blockNo ?? 0) + 1n).toString(), fromXid, untilXid, rowCount, contentHash },
    ...{ prevHash: before?.hash ?? noBlock, sealedAt: at, keyId: signer.keyId },
  };
  const hash = toHex(sha256(utf8(bookBlockText(header))));
  const block = { ...header, hash, signature: toHex(signer.sign(signedBookBlockText(hash))) };
  await insertBookBlock(db, block);
  return block;
}
