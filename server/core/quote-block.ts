import { type LaterSha256, type Sha256, toHex, utf8 } from "./bytes.ts";
import { leafInput, merkleRoot } from "./merkle.ts";
import { assert } from "./result.ts";

/**
 * A stored quote in the form that is sealed. Everything is text as stored: prices in ticks of `tickSize`, times in UTC to
 * the microsecond, decimals without trailing zeros. `null` where the venue told nothing.
 */
export interface QuoteLeaf {
  readonly instrument: string;
  readonly seq: string;
  readonly bidTicks: string | null;
  readonly askTicks: string | null;
  readonly lastTicks: string | null;
  readonly lastSize: string | null;
  readonly tickSize: string;
  readonly venueAt: string;
  readonly receivedAt: string;
  readonly source: string;
  readonly flag: string | null;
}

/** One block of an instrument's quotes. Hashes are hexadecimal; `prevHash` of the first block is all zeros. */
export interface BlockHeader {
  readonly version: 1;
  readonly instrument: string;
  readonly blockNo: string;
  readonly firstSeq: string;
  readonly lastSeq: string;
  /** Quotes in it. Less than lastSeq - firstSeq + 1 only where numbers were missing when it was sealed. */
  readonly count: number;
  readonly merkleRoot: string;
  readonly prevHash: string;
  readonly sealedAt: string;
  readonly keyId: string;
}

export interface SignedBlock extends BlockHeader {
  readonly hash: string;
  readonly signature: string;
}

export const noBlock = "0".repeat(64);

/**
 * Text of a leaf, version 1: a JSON list that begins with its own name, so that no other text of ours can be mistaken for
 * it. A change of this form needs a new name; the golden vectors in its test must never change.
 */
export const quoteLeafText = (quote: QuoteLeaf): string =>
  JSON.stringify([
    "truewick/quote/1",
    quote.instrument,
    quote.seq,
    quote.bidTicks,
    quote.askTicks,
    quote.lastTicks,
    quote.lastSize,
    quote.tickSize,
    quote.venueAt,
    quote.receivedAt,
    quote.source,
    quote.flag,
  ]);

export const quoteLeafInput = (quote: QuoteLeaf): Uint8Array => leafInput(utf8(quoteLeafText(quote)));

/** Text of a header, version 1. Its SHA-256 is the block's hash and the next block's `prevHash`. */
export const blockHeaderText = (header: BlockHeader): string =>
  JSON.stringify([
    `truewick/block/${header.version}`,
    header.instrument,
    header.blockNo,
    header.firstSeq,
    header.lastSeq,
    String(header.count),
    header.merkleRoot,
    header.prevHash,
    header.sealedAt,
    header.keyId,
  ]);

/** What the signature of a block is made over. */
export const signedBlockText = (hash: string): string => JSON.stringify(["truewick/signed-block/1", hash]);

/** How many digits of SHA-256(public key) name a key. */
const keyIdDigits = 16;

/** The name of an Ed25519 key: the first half of its fingerprint. */
export const keyIdOf = async (publicKey: Uint8Array, sha256: LaterSha256): Promise<string> =>
  toHex(await sha256(publicKey)).slice(0, keyIdDigits);

/** The block after `previous` that holds these quotes, which must follow it in order of their numbers. */
export function nextBlock(
  previous: Pick<SignedBlock, "blockNo" | "lastSeq" | "hash"> | null,
  quotes: readonly QuoteLeaf[],
  seal: { readonly sealedAt: string; readonly keyId: string },
  sha256: Sha256,
): { readonly header: BlockHeader; readonly hash: string } {
  const [first, last] = [quotes[0], quotes.at(-1)];
  assert(first !== undefined && last !== undefined, "a block of no quotes");
  let before = BigInt(previous?.lastSeq ?? "-1");
  for (const { instrument, seq } of quotes) {
    assert(instrument === first.instrument, `a quote of ${instrument} in a block of ${first.instrument}`);
    assert(BigInt(seq) > before, `quote ${seq} of ${instrument} does not follow ${before}`);
    before = BigInt(seq);
  }
  const leaves = quotes.map((quote) => sha256(quoteLeafInput(quote)));
  const header: BlockHeader = {
    version: 1,
    instrument: first.instrument,
    blockNo: (BigInt(previous?.blockNo ?? "0") + 1n).toString(),
    firstSeq: first.seq,
    lastSeq: last.seq,
    count: quotes.length,
    merkleRoot: toHex(merkleRoot(leaves, sha256)),
    prevHash: previous?.hash ?? noBlock,
    sealedAt: seal.sealedAt,
    keyId: seal.keyId,
  };
  return { header, hash: toHex(sha256(utf8(blockHeaderText(header)))) };
}
