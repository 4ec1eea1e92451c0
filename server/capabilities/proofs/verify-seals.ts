import type { Knex } from "knex";
import { toHex } from "#core/bytes.ts";
import { merkleRoot, rootFromPath } from "#core/merkle.ts";
import { noBlock, quoteLeafInput, type SignedBlock } from "#core/quote-block.ts";
import { isSealed, type ProofCrypto } from "#core/verify-receipt.ts";
import { readBlocks, readLeaves } from "./blocks.store.ts";
import { sha256 } from "./ports.ts";
import { readKeys } from "./proof-keys.ts";

export interface VerifiedSeals {
  readonly blocks: number;
  readonly quotes: number;
  /** One sentence for each thing that is wrong, at most `faultsMax`. */
  readonly faults: readonly string[];
}

const blocksPage = 200;
const faultsMax = 100;

/** Checks every block: its place in the chain, its signature, and that the stored quotes are those that were sealed. Reads only. */
export async function verifySeals(db: Knex, crypto: ProofCrypto): Promise<VerifiedSeals> {
  const keys = new Map((await readKeys(db)).map(({ keyId, publicKey }) => [keyId, publicKey]));
  const instruments: { id: string }[] = await db("instruments").select("id").orderBy("id");
  const seen = { blocks: 0, quotes: 0 };
  const faults: string[] = [];
  for (const { id } of instruments) {
    let before: Pick<SignedBlock, "hash" | "blockNo" | "lastSeq"> = { hash: noBlock, blockNo: "0", lastSeq: "-1" };
    for (let more = true; more && faults.length < faultsMax; ) {
      const blocks = await readBlocks(db, id, BigInt(before.blockNo) + 1n, blocksPage);
      for (const block of blocks) {
        const where = `block ${block.blockNo} of ${id}`;
        if (block.prevHash !== before.hash || BigInt(block.firstSeq) <= BigInt(before.lastSeq))
          faults.push(`${where} does not follow block ${before.blockNo}`);
        if (!(await isSealed(block, keys.get(block.keyId) ?? "", crypto)))
          faults.push(`${where} is not what key ${block.keyId} signed`);
        const { quotes, fault } = await verifyQuotes(db, block);
        if (fault !== null) faults.push(`${where}: ${fault}`);
        seen.blocks += 1;
        seen.quotes += quotes;
        before = block;
      }
      more = blocks.length === blocksPage;
    }
  }
  return { ...seen, faults: faults.slice(0, faultsMax) };
}

async function verifyQuotes(db: Knex, block: SignedBlock): Promise<{ quotes: number; fault: string | null }> {
  const { instrument, blockNo, firstSeq, lastSeq, count } = block;
  const swept = await db("swept_blocks").where({ instrument_id: instrument, block_no: blockNo }).first("block_no");
  if (swept !== undefined) return verifyKept(db, block);
  const range = { after: BigInt(firstSeq) - 1n, last: BigInt(lastSeq), limit: count + 1 };
  const quotes = await readLeaves(db, instrument, range);
  if (quotes.length !== count)
    return { quotes: quotes.length, fault: `${quotes.length} of its ${count} quotes are stored` };
  const root = toHex(
    merkleRoot(
      quotes.map((quote) => sha256(quoteLeafInput(quote))),
      sha256,
    ),
  );
  return { quotes: count, fault: root === block.merkleRoot ? null : "its quotes are not those that were sealed" };
}

/** Of a swept block only the quotes that fills and orders name are left, each with its path. */
async function verifyKept(db: Knex, block: SignedBlock): Promise<{ quotes: number; fault: string | null }> {
  const { instrument, blockNo, count, merkleRoot: root } = block;
  const proofs: { seq: bigint; leaf_index: number; path: Buffer }[] = await db("quote_proofs")
    .where({ instrument_id: instrument, block_no: blockNo })
    .select("seq", "leaf_index", "path");
  for (const { seq, leaf_index: index, path } of proofs) {
    const [quote] = await readLeaves(db, instrument, { after: seq - 1n, last: seq, limit: 1 });
    if (quote === undefined) return { quotes: proofs.length, fault: `quote ${seq}, which was to be kept, is gone` };
    const hashes = Array.from({ length: path.length / 32 }, (_, at) => path.subarray(at * 32, at * 32 + 32));
    const found = await rootFromPath(sha256(quoteLeafInput(quote)), { index, count }, hashes, sha256);
    if (found === null || toHex(found) !== root)
      return { quotes: proofs.length, fault: `quote ${seq} is not the one that was sealed` };
  }
  return { quotes: proofs.length, fault: null };
}
