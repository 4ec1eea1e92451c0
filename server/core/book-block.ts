/** What is sealed of the books: each has a chain of its own. */
export const bookStreams = ["transfers", "audit-log"] as const;
export type BookStream = (typeof bookStreams)[number];

/** One block of a stream. Hashes are hexadecimal; `prevHash` of the first block is all zeros. */
export interface BookBlockHeader {
  readonly stream: BookStream;
  readonly blockNo: string;
  /** It holds all rows of the transactions from this one up to `untilXid`, not with it; the first block begins at 0. */
  readonly fromXid: string;
  readonly untilXid: string;
  readonly rowCount: string;
  /** SHA-256 over the SHA-256 of each row's text, in the order of the rows' ids. */
  readonly contentHash: string;
  readonly prevHash: string;
  /** UTC to the microsecond. */
  readonly sealedAt: string;
  readonly keyId: string;
}

export interface SignedBookBlock extends BookBlockHeader {
  readonly hash: string;
  readonly signature: string;
}

/** Text of a header, version 1. Its SHA-256 is the block's hash and the next block's `prevHash`. */
export const bookBlockText = (header: BookBlockHeader): string =>
  JSON.stringify([
    "truewick/book-block/1",
    header.stream,
    header.blockNo,
    header.fromXid,
    header.untilXid,
    header.rowCount,
    header.contentHash,
    header.prevHash,
    header.sealedAt,
    header.keyId,
  ]);

/** What the signature of a block is made over. */
export const signedBookBlockText = (hash: string): string => JSON.stringify(["truewick/signed-book-block/1", hash]);

/** A block in words that fit a line: "transfers 12 a1b2…". */
export const bookHeadText = ({ stream, blockNo, hash }: Pick<SignedBookBlock, "stream" | "blockNo" | "hash">): string =>
  `${stream} ${blockNo} ${hash}`;

/** What is wrong with where a block stands, seen from the one before it (null: it is the first); null: nothing. */
export function misplaced(block: BookBlockHeader, before: SignedBookBlock | null): string | null {
  const expected = { no: BigInt(before?.blockNo ?? 0) + 1n, from: before?.untilXid ?? "0" };
  if (BigInt(block.blockNo) !== expected.no) return `block ${expected.no} is missing`;
  if (block.fromXid !== expected.from) return "it does not begin where the one before ended";
  return block.prevHash === (before?.hash ?? "0".repeat(64)) ? null : "it does not follow the one before";
}
