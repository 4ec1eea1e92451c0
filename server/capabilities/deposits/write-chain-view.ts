import type { PaymentStatus } from "#contracts/payment-names.ts";
import type { ChainHead, ChainTransfer } from "#core/chain.ts";
import {
  blocksRemembered,
  foundTransfer,
  missedTransfer,
  type SeenBlock,
  type TransferStep,
  toMinorUnits,
} from "#core/chain-rules.ts";
import { assert } from "#core/result.ts";
import { formatDecimal } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import {
  forgetAbove,
  insertTransfer,
  keyOf,
  keyOfRow,
  knownOf,
  knownTransfers,
  lockWatch,
  openTransfers,
  rememberBlock,
  rememberedBlocks,
  type TransferRow,
  transferOf,
  updateTransfer,
} from "./chain.store.ts";
import type { ChainDeps, DepositChain } from "./chain-ports.ts";
import { makeDue } from "./change.ts";
import { recordFact } from "./record-fact.ts";

/** A chain as it was seen, from behind `ancestor` up to `end`. */
export interface ChainView {
  readonly head: ChainHead;
  /** The newest block that counts. */
  readonly final: bigint;
  /** The newest remembered block when the look began, and the newest that is still in the chain. */
  readonly newest: SeenBlock | null;
  readonly ancestor: SeenBlock | null;
  /** The last block that was looked at; null: there was no further one. */
  readonly end: SeenBlock | null;
  /** Nothing is left to look at. */
  readonly isAtHead: boolean;
  readonly found: readonly ChainTransfer[];
  /** Of blocks that count: their hashes as they are now. */
  readonly hashes: ReadonlyMap<bigint, string | null>;
}

/** Stores a view with what it means; false, and nothing is stored, when another look was written since it began. */
export async function writeView(
  work: Work,
  { announce }: Pick<ChainDeps, "announce">,
  chain: DepositChain,
  view: ChainView,
): Promise<boolean> {
  const { db } = work;
  await lockWatch(db, chain, { head: view.head.number, final: view.final });
  const [newest] = await rememberedBlocks(db, chain);
  if ((newest?.number ?? -1n) !== (view.newest?.number ?? -1n) || newest?.hash !== view.newest?.hash) return false;
  const { scale } = await db("currencies").where({ code: chain.currency }).first("scale");
  const writing: Writing = { work, chain, view, scale, due: new Set() };
  const txids = [...new Set(view.found.map(({ txid }) => txid))];
  const known = new Map((await knownTransfers(db, chain, txids)).map((row) => [keyOfRow(row), row]));
  for (const transfer of view.found) {
    const row = known.get(keyOf(transfer)) ?? null;
    await write(writing, row, transfer, foundTransfer(row && knownOf(row), transfer, view.final));
  }
  await forgetAbove(db, chain, view.ancestor?.number ?? -1n);
  if (view.end !== null) await rememberBlock(db, chain, view.end, blocksRemembered);
  const found = new Set(view.found.map(keyOf));
  for (const row of await openTransfers(db, chain, view.ancestor?.number ?? -1n))
    if (!found.has(keyOfRow(row))) await judge(writing, row);
  await makeDue(work, announce, [...writing.due]);
  return true;
}

interface Writing {
  readonly work: Work;
  readonly chain: DepositChain;
  readonly view: ChainView;
  readonly scale: number;
  /** Deposits about which something new was said. */
  readonly due: Set<string>;
}

/** A transfer that was not found in the page: it stands in an older block, or in none any more. */
async function judge(writing: Writing, row: TransferRow): Promise<void> {
  const { work, chain, view } = writing;
  const known = knownOf(row);
  const miss = (): Promise<void> => write(writing, row, transferOf(row), missedTransfer(known, view.head, view.final));
  // It is given up only when every block was looked at: it may have moved to one that was not.
  if (known.missingAt !== null) return view.isAtHead ? miss() : undefined;
  if (known.blockNumber > (view.ancestor?.number ?? -1n))
    return view.isAtHead || known.blockNumber <= (view.end?.number ?? -1n) ? miss() : undefined;
  if (known.blockNumber > view.final) return;
  const hash = view.hashes.get(known.blockNumber);
  if (hash === known.blockHash) return write(writing, row, transferOf(row), foundTransfer(known, known, view.final));
  if (hash === undefined) return;
  // Its block is not the one that was read: everything from there on is read again.
  await miss();
  await forgetAbove(work.db, chain, known.blockNumber - 1n);
}

async function write(
  writing: Writing,
  row: TransferRow | null,
  transfer: ChainTransfer,
  step: TransferStep | null,
): Promise<void> {
  if (step === null) return;
  const { work, chain, scale } = writing;
  const { db } = work;
  const isNew = row === null || step.isAnew;
  const occurrence = (row?.occurrence ?? 1) + (step.isAnew ? 1 : 0);
  const { minor, remainder } = toMinorUnits(transfer.amount, chain.token.decimals, scale);
  if (isNew) await insertTransfer(db, chain, { transfer, occurrence, minor, remainder, scale, next: step.next });
  else await updateTransfer(db, chain, row, step.next);
  // Less than a minor unit is kept above, and is no payment.
  if (step.said !== null && minor > 0n)
    writing.due.add(await say(writing, transfer, { said: step.said, occurrence, amount: formatDecimal(minor, scale) }));
}

/** What the chain says of a payment, stored as a fact of its channel. */
async function say(
  { work, chain, view }: Writing,
  transfer: ChainTransfer,
  { said, occurrence, amount }: { readonly said: PaymentStatus; readonly occurrence: number; readonly amount: string },
): Promise<string> {
  const paymentNo = occurrence === 1 ? keyOf(transfer) : `${keyOf(transfer)}#${occurrence}`;
  const texts = { ...transfer, blockNumber: transfer.blockNumber.toString(), amount: transfer.amount.toString() };
  const seen = { said, network: chain.reader.network, head: view.head.number.toString(), final: view.final.toString() };
  const recorded = await recordFact(work, chain, {
    ...{ externalId: `${said}:${paymentNo}:${transfer.blockHash}`, paymentNo, status: said, source: "chain" },
    ...{ reference: transfer.to, amount, currency: chain.currency },
    body: Buffer.from(JSON.stringify({ ...seen, transfer: texts })),
  });
  assert(recorded.ok, `transfer ${paymentNo} of ${amount} ${chain.currency} was refused`);
  return recorded.value.depositId;
}
