import type { ChainRefusal, ChainTransfer } from "#core/chain.ts";
import { finalBlock, isOfToken, nextRange, type SeenBlock } from "#core/chain-rules.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { systemActor } from "../../platform/db/unit-of-work.ts";
import { addressesOf, beginWatch, keyOf, openTransfers, rememberedBlocks } from "./chain.store.ts";
import type { ChainDeps, DepositChain } from "./chain-ports.ts";
import { type ChainView, writeView } from "./write-chain-view.ts";

/** `CHAIN_MOVED`: it changed while it was looked at, or another process looked too; look again. `OTHER_CHAIN`: the settings say another chain or token than what was watched. */
export type LookRefusal = ChainRefusal | "CHAIN_MOVED" | "OTHER_CHAIN";
export interface ChainLook {
  readonly head: bigint;
  readonly final: bigint;
  /** false: there are more blocks to look at. */
  readonly isAtHead: boolean;
}

/** So many blocks are looked at again when the program starts. */
const againBlocks = 100n;

/**
 * Looks at a page of blocks that were not looked at yet and stores what was found there, with what it means for payments: one transaction,
 * safe to run by several at once and to be killed anywhere. It begins behind the newest block that was looked at and is still in the chain.
 * `again`: some blocks before it are looked at once more. No money moves here: what counts becomes a fact of the channel, and is settled as
 * every other one.
 */
export async function lookAtChain(
  deps: ChainDeps,
  chain: DepositChain,
  { again }: { readonly again: boolean },
): Promise<Result<ChainLook, LookRefusal>> {
  const head = await chain.reader.head();
  if (!head.ok) return head;
  const start = await deps.transact(systemActor, async ({ db }) => {
    const watch = await beginWatch(db, chain, head.value);
    return watch && { watch, remembered: await rememberedBlocks(db, chain) };
  });
  if (start === null) return refuse("OTHER_CHAIN");
  const newest = start.remembered[0] ?? null;
  const candidates =
    again && newest !== null
      ? start.remembered.filter(({ number }) => number + againBlocks <= newest.number)
      : start.remembered;
  const ancestor = await findAncestor(chain, candidates);
  if (!ancestor.ok) return ancestor;
  const view = await viewChain(deps, chain, {
    ...{ head: head.value, newest, ancestor: ancestor.value, startBlock: start.watch.first_block },
  });
  if (!view.ok) return view;
  const isWritten = await deps.transact(systemActor, (work) => writeView(work, deps, chain, view.value));
  if (!isWritten) return refuse("CHAIN_MOVED");
  const { isAtHead, final } = view.value;
  return ok({ head: head.value.number, final, isAtHead });
}

/** The newest remembered block that is still in the chain; usually the first one that is asked about. */
async function findAncestor(
  { reader }: DepositChain,
  remembered: readonly SeenBlock[],
): Promise<Result<SeenBlock | null, ChainRefusal>> {
  for (const block of remembered) {
    const hash = await reader.blockHashAt(block.number);
    if (!hash.ok) return hash;
    if (hash.value === block.hash) return ok(block);
  }
  return ok(null);
}

interface Place extends Pick<ChainView, "head" | "newest" | "ancestor"> {
  readonly startBlock: bigint;
}

async function viewChain(deps: ChainDeps, chain: DepositChain, place: Place): Promise<Result<ChainView, LookRefusal>> {
  const { reader, finality } = chain;
  const { head, newest, ancestor, startBlock } = place;
  const final = finalBlock(head, finality);
  const range = nextRange(ancestor, head, { startBlock, blocksMax: reader.blocksMax });
  const page = range === null ? ok({ found: [], end: null }) : await readPage(deps, chain, range);
  if (!page.ok) return page;
  const { found, end } = page.value;
  const open = await deps.transact(systemActor, ({ db }) => openTransfers(db, chain, ancestor?.number ?? -1n));
  const numbers = [...found.map(({ blockNumber }) => blockNumber), ...open.map((row) => row.block_number)];
  const hashes = await hashesOf(chain, new Set(numbers.filter((number) => number <= final)));
  if (!hashes.ok) return hashes;
  const isGone = found.some((one) => one.blockNumber <= final && hashes.value.get(one.blockNumber) !== one.blockHash);
  if (isGone) return refuse("CHAIN_MOVED");
  const isAtHead = range === null || range.toBlock === head.number;
  return ok({ head, final, newest, ancestor, end, isAtHead, found, hashes: hashes.value });
}

/** Reads the transfers of a page; refused when its last block became another one meanwhile. */
async function readPage(
  deps: ChainDeps,
  chain: DepositChain,
  range: { readonly fromBlock: bigint; readonly toBlock: bigint },
): Promise<Result<{ readonly found: readonly ChainTransfer[]; readonly end: SeenBlock }, LookRefusal>> {
  const { reader, token } = chain;
  const before = await reader.blockHashAt(range.toBlock);
  if (!before.ok) return before;
  if (before.value === null) return refuse("CHAIN_MOVED");
  // Read after the head: what is paid to an address made later is in a later block.
  const addresses = await deps.transact(systemActor, ({ db }) => addressesOf(db, chain));
  const transfers = addresses.length === 0 ? ok([]) : await reader.transfers({ ...range, addresses });
  if (!transfers.ok) return transfers;
  const after = await reader.blockHashAt(range.toBlock);
  if (!after.ok) return after;
  if (after.value !== before.value) return refuse("CHAIN_MOVED");
  const ours = new Set(addresses);
  const found = new Map<string, ChainTransfer>();
  for (const transfer of transfers.value.filter((one) => ours.has(one.to) && isOfToken(one, token))) {
    if ((found.get(keyOf(transfer)) ?? transfer).blockHash !== transfer.blockHash) return refuse("CHAIN_MOVED");
    found.set(keyOf(transfer), transfer);
  }
  return ok({ found: [...found.values()], end: { number: range.toBlock, hash: before.value } });
}

/** What is about to count is compared with the chain as it is now, block by block. */
async function hashesOf(
  { reader }: DepositChain,
  numbers: ReadonlySet<bigint>,
): Promise<Result<ReadonlyMap<bigint, string | null>, ChainRefusal>> {
  const hashes = new Map<bigint, string | null>();
  for (const number of numbers) {
    const hash = await reader.blockHashAt(number);
    if (!hash.ok) return hash;
    hashes.set(number, hash.value);
  }
  return ok(hashes);
}
