import type { Knex } from "knex";
import type { RunProblem } from "#contracts/reconciliation-names.ts";
import type { ChainTransfer, TransactionStatus } from "#core/chain.ts";
import { finalBlock, isOfToken, toMinorUnits } from "#core/chain-rules.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import {
  blocksToRead,
  inTransit,
  linesInBlocks,
  numbersOfTransfers,
  type PayoutToAsk,
  paidAddresses,
  payoutsToAsk,
  watchedAddresses,
} from "./chain-facts.store.ts";
import type { AskedChannels, ReadChannel, Reading, ReadLine, Reconciled } from "./ports.ts";

type HouseChain = AskedChannels["chains"][number];

/** Pages of blocks that are read for one run. */
const pagesMax = 2_000n;

/**
 * Reads a chain for itself, apart from the looks that credit what is found: every transfer to the house in blocks that count, what became of the
 * payouts, and what the house's addresses have now. Blocks that were read before are read again some way back, and for the days asked for.
 */
export const readChain =
  (chain: HouseChain): ReadChannel =>
  async (db, of) => {
    const head = await chain.reader.head();
    if (!head.ok) return refuse("NO_ANSWER");
    const final = finalBlock(head.value, chain.finality);
    const blocks = await blocksToRead(db, of, final);
    const scale = (await db("currencies").where({ code: chain.currency }).first("scale"))?.scale;
    if (scale === undefined) return refuse("UNREADABLE");
    const context: Context = { db, chain, of, scale, final };
    const found = blocks === null ? ok([]) : await transfersIn(context, blocks);
    if (!found.ok) return found;
    const payouts = await payoutLines(context);
    if (!payouts.ok) return payouts;
    const balances = await balanceOfHouse(context);
    if (!balances.ok) return balances;
    const aside = await inTransit(db, of);
    return ok({
      ...{ lines: [...found.value, ...payouts.value.lines], blocks, balances: balances.value },
      aside: [{ currency: chain.currency, amount: aside + payouts.value.landed }],
    });
  };

interface Context {
  readonly db: Knex;
  readonly chain: HouseChain;
  readonly of: Reconciled;
  readonly scale: number;
  /** The newest block that counts. */
  readonly final: bigint;
}

type Blocks = NonNullable<Reading["blocks"]>;

async function transfersIn(context: Context, blocks: Blocks): Promise<Result<ReadLine[], RunProblem>> {
  const { db, chain, of, scale } = context;
  const { reader, hotWallet, token } = chain;
  if ((blocks.toBlock - blocks.fromBlock) / reader.blocksMax >= pagesMax) return refuse("TOO_MUCH");
  const own = await watchedAddresses(db, of);
  const addresses = hotWallet === null ? own : [...own, hotWallet];
  const ours = new Set(addresses);
  const found = new Map<string, ChainTransfer>();
  for (let fromBlock = blocks.fromBlock; fromBlock <= blocks.toBlock; fromBlock += reader.blocksMax) {
    const last = fromBlock + reader.blocksMax - 1n;
    const toBlock = last < blocks.toBlock ? last : blocks.toBlock;
    const page = addresses.length === 0 ? ok([]) : await reader.transfers({ fromBlock, toBlock, addresses });
    if (!page.ok) return refuse("NO_ANSWER");
    for (const one of page.value) if (ours.has(one.to) && isOfToken(one, token)) found.set(keyOf(one), one);
  }
  const numbers = await numbersOfTransfers(db, of, [...found.values()]);
  const lines = [...found].flatMap(([key, one]): ReadLine[] => {
    const isCollected = one.to === hotWallet && ours.has(one.from);
    if (isCollected) return [];
    const amount = toMinorUnits(one.amount, token.decimals, scale).minor;
    const line = { reference: null, withdrawalId: null, currency: chain.currency, isFee: false, bookedAtMs: null };
    const place = { ...line, blockNumber: one.blockNumber };
    const paymentNo = one.to === hotWallet ? null : (numbers.get(key) ?? key);
    // Credited as every deposit, though the house itself paid it: then it also left the house.
    const left = ours.has(one.from) ? [{ ...place, lineNo: `${key}:left`, paymentNo: null, amount: -amount }] : [];
    return [{ ...place, lineNo: key, paymentNo, amount }, ...left];
  });
  const standing = new Set(lines.map(({ lineNo }) => lineNo));
  // What stood in these blocks and stands there no more.
  const gone = (await linesInBlocks(db, of, blocks)).filter(({ lineNo }) => !standing.has(lineNo));
  return ok([...lines, ...gone]);
}

const keyOf = ({ txid, logIndex }: ChainTransfer): string => `${txid}:${logIndex}`;

/** What the chain says of payouts: lines of those that are booked, and the sum of those that have left and are not. */
async function payoutLines(context: Context): Promise<Result<{ lines: ReadLine[]; landed: bigint }, RunProblem>> {
  const { db, chain, of, scale, final } = context;
  const lines: ReadLine[] = [];
  let landed = 0n;
  for (const payout of await payoutsToAsk(db, of)) {
    const status = await chain.sender.statusOf(payout.txid);
    if (!status.ok) return refuse("NO_ANSWER");
    const amount = toMinorUnits(paidBy(status.value, payout), chain.token.decimals, scale).minor;
    if (!payout.isBooked) landed -= amount;
    else
      lines.push({
        ...{ lineNo: `payout:${payout.txid}`, paymentNo: null, reference: null, withdrawalId: payout.withdrawalId },
        ...{ currency: chain.currency, isFee: false, bookedAtMs: payout.bookedAtMs, blockNumber: null },
        amount: isIn(status.value, final) ? -amount : 0n,
      });
  }
  return ok({ lines, landed });
}

const isIn = (status: TransactionStatus, final: bigint): boolean =>
  status.kind === "succeeded" && status.blockNumber <= final;

const paidBy = (status: TransactionStatus, { to, contract }: PayoutToAsk): bigint =>
  status.kind !== "succeeded"
    ? 0n
    : status.transfers
        .filter((one) => one.to === to && one.contract === contract)
        .reduce((sum, { amount }) => sum + amount, 0n);

/** The hot wallet and every address that something came to. Unknown where people pay out from a wallet that is not in the settings. */
async function balanceOfHouse(context: Context): Promise<Result<Reading["balances"], RunProblem>> {
  const { db, chain, of, scale } = context;
  if (chain.hotWallet === null) return ok([]);
  let sum = 0n;
  for (const address of [chain.hotWallet, ...(await paidAddresses(db, of))]) {
    const balance = await chain.reader.balanceOf(address);
    if (!balance.ok) return refuse("NO_ANSWER");
    sum += balance.value;
  }
  return ok([{ currency: chain.currency, amount: toMinorUnits(sum, chain.token.decimals, scale).minor }]);
}
