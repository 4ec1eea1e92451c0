import type { Result } from "./result.ts";

/**
 * What the house needs of a chain with one token on it. A further chain is a further file in `platform/payments` with these
 * interfaces; what counts and what is undone is decided by `chain-rules.ts`, the same for all. Nothing here moves money in the books.
 *
 * Transaction numbers, block hashes and addresses are compared as text: a chain hands out and takes back each in one form only, the one
 * that `normalAddress` makes. Block numbers and amounts (in the token's smallest unit, whole) are bigint.
 */

/** `NO_ANSWER`: not known now, ask again; also an answer that can't be read. `WRONG_NETWORK`: the node is of another chain than the settings say. */
export type ChainRefusal = "NO_ANSWER" | "WRONG_NETWORK";
export type ChainAnswer<Value> = Result<Value, ChainRefusal>;

/** A transfer of a token that has succeeded (receipt and event), as it stands in a block. */
export interface ChainTransfer {
  readonly txid: string;
  /** Place of the event among those of its own transaction, from 0. Not its number in the block: a reorg changes that one. */
  readonly logIndex: number;
  readonly blockNumber: bigint;
  readonly blockHash: string;
  /** The token's contract, as the event names its sender. */
  readonly contract: string;
  readonly to: string;
  readonly from: string;
  readonly amount: bigint;
}

export interface ChainHead {
  readonly number: bigint;
  readonly hash: string;
  /** The newest block that the chain itself calls final (`finalized`, solidified); null: it names none. */
  readonly finalNumber: bigint | null;
}

/** Blocks from `fromBlock` to `toBlock`, both included. */
export interface BlockRange {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

/** What a chain is asked. Every answer is bounded in time by the reader itself; a question that was not answered may be asked again. */
export interface ChainReader {
  /** Names the chain in CAIP-2: `eip155:1`, `tron:0x2b6653dc`. Every answer is of this chain or `WRONG_NETWORK`. */
  readonly network: string;
  /** The token's contract, in the form of `ChainTransfer.contract`. */
  readonly contract: string;
  /** Names the public key that `addressAt` derives from: another key, another name. */
  readonly keyName: string;
  /** So many blocks are asked for at once. */
  readonly blocksMax: bigint;
  readonly head: () => Promise<ChainAnswer<ChainHead>>;
  /** The hash of the block with this number in the chain as it is now; null: there is none yet. */
  readonly blockHashAt: (number: bigint) => Promise<ChainAnswer<string | null>>;
  /** Every transfer of the token to one of the addresses, in any order. It may hold a transfer twice, and one of a block that is gone since. */
  readonly transfers: (
    range: BlockRange & { readonly addresses: readonly string[] },
  ) => Promise<ChainAnswer<readonly ChainTransfer[]>>;
  /** What an address has of the token, in smallest units. */
  readonly balanceOf: (address: string) => Promise<ChainAnswer<bigint>>;
  /** The address with this number, from the public key alone: whoever runs this can't spend. */
  readonly addressAt: (index: number) => string;
  /** An address as a person typed it in the one form that is kept; refused with a wrong checksum and when it is of another chain. */
  readonly normalAddress: (text: string) => Result<string, "ADDRESS_INVALID">;
}

/** A payout that is to be signed. */
export interface ChainPayout {
  readonly to: string;
  readonly amount: bigint;
  /** The transaction's number at the hot wallet, one after the other; a chain without such numbers takes no notice of it. */
  readonly nonce: bigint;
}

/** A signed transaction. It is stored before it is sent, and the same bytes are sent again and again. */
export interface BuiltPayout {
  readonly txid: string;
  readonly bytes: Uint8Array;
  /** After this it can't land any more; null: it can land as long as its number is not used. */
  readonly expiresAtMs: number | null;
}

/** `WOULD_FAIL`: the chain says that it would do nothing (blocked address, not enough in the wallet). `FEE_TOO_HIGH`: above what the house pays; wait. */
export type SigningRefusal = ChainRefusal | "WOULD_FAIL" | "FEE_TOO_HIGH";

/** Holds a key, in a process of its own. Signs; it does not send. */
export interface ChainSigner {
  readonly network: string;
  readonly contract: string;
  /** The hot wallet. */
  readonly address: string;
  /** The next number that the chain has not seen from the hot wallet; what was signed and not sent is not counted. */
  readonly nextNonce: () => Promise<ChainAnswer<bigint>>;
  readonly build: (payout: ChainPayout) => Promise<Result<BuiltPayout, SigningRefusal>>;
}

/**
 * What became of a transaction. `unknown`: no node has it. `seen`: it waits for a block. `failed`: it is in a block and did nothing.
 * `transfers`: every one of the token that it made.
 */
export type TransactionStatus =
  | { readonly kind: "unknown" }
  | { readonly kind: "seen" }
  | { readonly kind: "failed"; readonly blockNumber: bigint }
  | { readonly kind: "succeeded"; readonly blockNumber: bigint; readonly transfers: readonly ChainTransfer[] };

/** What is stored of a signed payout, by which it is known whether it can land. */
export interface SignedPayout {
  readonly from: string;
  readonly nonce: bigint;
  readonly expiresAtMs: number | null;
}

/** Sends what was signed and asks what became of it; holds no key. */
export interface ChainSender {
  /** Hands signed bytes to the chain; sent again they do nothing. `REFUSED`: the node won't have them now, which says nothing of later. */
  readonly broadcast: (bytes: Uint8Array) => Promise<Result<null, ChainRefusal | "REFUSED">>;
  readonly statusOf: (txid: string) => Promise<ChainAnswer<TransactionStatus>>;
  /** false: final blocks say that it is in one of them or never will be; `statusOf`, asked after this, tells which. */
  readonly canLand: (signed: SignedPayout) => Promise<ChainAnswer<boolean>>;
  /** What a wallet signs elsewhere to make this payout, as readable fields: for houses without a signer here. */
  readonly unsigned: (payout: Pick<ChainPayout, "to" | "amount">) => Readonly<Record<string, string>>;
  /** The number of a transaction as a person typed it, in the form of `ChainTransfer.txid`; null: it is none. */
  readonly normalTxid: (text: string) => string | null;
}
