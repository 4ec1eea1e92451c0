import type { Knex } from "knex";
import { bookBlockText, bookStreams, misplaced, type SignedBookBlock, signedBookBlockText } from "#core/book-block.ts";
import { toHex, utf8 } from "#core/bytes.ts";
import { isSignedBy, type ProofCrypto } from "#core/verify-receipt.ts";
import { bookContent, readBookBlocks } from "./book-blocks.store.ts";
import { readKeys } from "./proof-keys.ts";

export interface VerifiedBookSeals {
  readonly blocks: number;
  readonly rows: bigint;
  /** One sentence for each thing that is wrong, at most `faultsMax`. */
  readonly faults: readonly string[];
}

/** A head that was written down outside of the database: a line of DATA_DIR/exports/book-heads-*.jsonl. */
export type KeptHead = Pick<SignedBookBlock, "stream" | "blockNo" | "hash">;

const blocksPage = 200;
const faultsMax = 100;

/**
 * Checks the blocks of the books, each stream's from its first; `since`: from these blocks on, which were checked before. Of each: its place in the chain, its signature, that the rows are those that were sealed, and that each head that
 * was kept outside is still the block of its number. Names the block, and between which moments its rows were written. Reads only.
 */
export async function verifyBookSeals(
  db: Knex,
  crypto: ProofCrypto,
  kept: readonly KeptHead[],
  since: readonly KeptHead[] = [],
): Promise<VerifiedBookSeals> {
  const keys = new Map((await readKeys(db)).map(({ keyId, publicKey }) => [keyId, publicKey]));
  const heads = new Map(kept.map((head) => [`${head.stream} ${head.blockNo}`, head.hash]));
  const faults: string[] = [];
  let [blocks, rows] = [0, 0n];
  for (const stream of bookStreams) {
    const from = BigInt(since.find((head) => head.stream === stream)?.blockNo ?? 1);
    let before = from < 2n ? null : ((await readBookBlocks(db, stream, from - 2n, 1))[0] ?? null);
    for (let more = true; more && faults.length < faultsMax; ) {
      const page = await readBookBlocks(db, stream, BigInt(before?.blockNo ?? 0), blocksPage);
      for (const block of page) {
        const since: string = before?.sealedAt ?? "the beginning";
        const where = `block ${block.blockNo} of ${stream} (${block.rowCount} rows, sealed ${block.sealedAt}, after ${since})`;
        const place = misplaced(block, before);
        if (place !== null) faults.push(`${where}: ${place}`);
        for (const fault of await faultsOf(db, block, keys.get(block.keyId) ?? "", crypto))
          faults.push(`${where}: ${fault}`);
        const head = heads.get(`${stream} ${block.blockNo}`);
        if (head !== undefined && head !== block.hash) faults.push(`${where}: another block was written down outside`);
        heads.delete(`${stream} ${block.blockNo}`);
        blocks += 1;
        rows += BigInt(block.rowCount);
        before = block;
      }
      more = page.length === blocksPage;
    }
  }
  for (const lost of heads.keys()) faults.push(`block ${lost}, which was written down outside, is gone`);
  return { blocks, rows, faults: faults.slice(0, faultsMax) };
}

async function faultsOf(
  db: Knex,
  block: SignedBookBlock,
  publicKey: string,
  crypto: ProofCrypto,
): Promise<readonly string[]> {
  const { keyId, signature, hash } = block;
  const isIts = toHex(await crypto.sha256(utf8(bookBlockText(block)))) === hash;
  const isSigned =
    isIts && (await isSignedBy({ keyId, publicKey, signature, text: signedBookBlockText(hash) }, crypto));
  const now = await bookContent(db, block);
  return [
    ...(isSigned ? [] : [`it is not what key ${keyId} signed`]),
    ...(now.rowCount === block.rowCount ? [] : [`${now.rowCount} rows are stored`]),
    ...(now.contentHash === block.contentHash ? [] : ["its rows are not those that were sealed"]),
  ];
}
