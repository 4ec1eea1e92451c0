import type { ChainHead, ChainTransfer } from "./chain.ts";
import { type MinorUnits, minorUnits } from "./units.ts";

/**
 * When a block counts: when the chain itself calls it final, or from so many confirmations on (1: in the newest block). What is credited
 * on confirmations can be undone by the chain; the operator chooses it.
 */
export type Finality = "final" | { readonly confirmations: bigint };

/** The newest block that counts; -1 before any does. A chain that names no final block has none under `final`. */
export function finalBlock({ number, finalNumber }: ChainHead, finality: Finality): bigint {
  if (finality === "final") return finalNumber ?? -1n;
  const counted = number - finality.confirmations + 1n;
  return counted < 0n ? -1n : counted;
}

/** How many blocks are built on the one with the transfer, itself counted; 0: the head is older. */
export const confirmationsOf = (blockNumber: bigint, head: Pick<ChainHead, "number">): bigint =>
  head.number < blockNumber ? 0n : head.number - blockNumber + 1n;

/** What the operator says of a token. `decimals`: of its smallest unit, by contract and chain (USDT: 6 on Ethereum, 18 on BSC). */
export interface ChainToken {
  readonly contract: string;
  readonly decimals: number;
}

/** Whether a transfer is the token's and of something: another contract's is nothing, however it calls itself. */
export const isOfToken = ({ contract, amount }: ChainTransfer, token: ChainToken): boolean =>
  contract === token.contract && amount > 0n;

/**
 * An amount in a token's smallest units as minor units of its currency. Exact: what is finer than a minor unit is the remainder, in
 * smallest units; it stays in the house's wallet and is nobody's.
 */
export function toMinorUnits(
  amount: bigint,
  decimals: number,
  currencyScale: number,
): { readonly minor: MinorUnits; readonly remainder: bigint } {
  if (decimals <= currencyScale)
    return { minor: minorUnits(amount * 10n ** BigInt(currencyScale - decimals)), remainder: 0n };
  const unit = 10n ** BigInt(decimals - currencyScale);
  return { minor: minorUnits(amount / unit), remainder: amount % unit };
}

/** Minor units as an amount in the token's smallest units; null where the token is too coarse to say it. */
export function toSmallestUnits(minor: MinorUnits, decimals: number, currencyScale: number): bigint | null {
  if (decimals >= currencyScale) return minor * 10n ** BigInt(decimals - currencyScale);
  const unit = 10n ** BigInt(currencyScale - decimals);
  return minor % unit === 0n ? minor / unit : null;
}

/** `seen` in a block that may go; `counted` once it was final; `dropped` by the chain before it counted, `reversed` after. */
export const transferStates = ["seen", "counted", "dropped", "reversed"] as const;
export type TransferState = (typeof transferStates)[number];

/** A transfer as it was last known. */
export interface KnownTransfer {
  readonly state: TransferState;
  readonly blockNumber: bigint;
  readonly blockHash: string;
  /** The newest block when the transfer was first not in the chain any more; null: it is in the chain. */
  readonly missingAt: bigint | null;
}

/** What is written about a transfer, and what is said of it as a payment; `isAnew`: a payment of its own, the one before was taken back. */
export interface TransferStep {
  readonly next: KnownTransfer;
  readonly said: "pending" | "paid" | "failed" | "reversed" | null;
  readonly isAnew: boolean;
}

/**
 * A transfer stands in the chain. It is said to be pending once for each block that it is found in, and paid once: when its block counts. A
 * counted one that moved to another block is the same payment. `final`: the newest block that counts (`finalBlock`).
 */
export function foundTransfer(
  known: KnownTransfer | null,
  found: Pick<ChainTransfer, "blockNumber" | "blockHash">,
  final: bigint,
): TransferStep {
  const { blockNumber, blockHash } = found;
  const at = { blockNumber, blockHash, missingAt: null };
  if (known?.state === "counted") return { next: { state: "counted", ...at }, said: null, isAnew: false };
  const isAnew = known?.state === "reversed";
  if (blockNumber <= final) return { next: { state: "counted", ...at }, said: "paid", isAnew };
  const isSame = known?.state === "seen" && known.missingAt === null && known.blockHash === blockHash;
  return { next: { state: "seen", ...at }, said: isSame ? null : "pending", isAnew };
}

/**
 * A transfer that was in the chain is not any more. It may come again in another block, most do: only when what was the newest block at
 * that time counts is it given up, dropped where it had not counted, else reversed. null: nothing changes.
 */
export function missedTransfer(known: KnownTransfer, head: ChainHead, final: bigint): TransferStep | null {
  if (known.state === "dropped" || known.state === "reversed") return null;
  if (known.missingAt === null) return { next: { ...known, missingAt: head.number }, said: null, isAnew: false };
  if (final < known.missingAt) return null;
  const isCounted = known.state === "counted";
  return {
    next: { ...known, state: isCounted ? "reversed" : "dropped" },
    ...{ said: isCounted ? "reversed" : "failed", isAnew: false },
  };
}

/** A block that was looked at. */
export interface SeenBlock {
  readonly number: bigint;
  readonly hash: string;
}

/** So far back it is remembered which blocks were looked at, and so many are looked at again when the program starts. */
export const blocksRemembered = 512n;

/**
 * What to look at next: from behind the newest remembered block that is still in the chain (`ancestor`; null: none is) to the newest, at
 * most `blocksMax`; null: there is nothing new. Without any remembered block it begins at `startBlock`.
 */
export function nextRange(
  ancestor: Pick<SeenBlock, "number"> | null,
  head: ChainHead,
  of: { readonly startBlock: bigint; readonly blocksMax: bigint },
): { readonly fromBlock: bigint; readonly toBlock: bigint } | null {
  const fromBlock = ancestor === null ? of.startBlock : ancestor.number + 1n;
  if (fromBlock > head.number) return null;
  const last = fromBlock + of.blocksMax - 1n;
  return { fromBlock, toBlock: last < head.number ? last : head.number };
}
