import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Hex, toHex } from "viem";
import { guardServers } from "../../../server/platform/embedded/guard.ts";
import { type Repetition, repeat } from "../../../server/platform/queue/repeat.ts";
import { type Anvil, startAnvil } from "../../support/chain/anvil.ts";
import { mockUsdt } from "../../support/chain/mock-usdt.ts";
import { type NodeWire, nodeWire } from "../../support/chain/node-wire.ts";
import { houseXpub } from "../../support/chain/wallet.ts";

export const chainChannel = "usdt-erc20";
/** So many blocks until a deposit counts: more than the nemesis takes back. */
const confirmations = 5;
const takenBack = 3;
const blockMs = 700;
const houseTokens = 10n ** 15n;

/** Tokens that somebody sent to the house, as its wallet remembers it: sent again, it is the same transaction. */
export interface Sending {
  readonly txid: Hex;
  readonly to: string;
  readonly amount: bigint;
  readonly nonce: number;
}

/** What the chain says that the house's wallet has paid. */
export interface PaidOnChain {
  readonly to: string;
  readonly amount: bigint;
}

/** What was sent in the blocks that were taken back: sent again, in order, but for the first, which can then never come. */
export interface Reorganised {
  readonly again: number;
  /** null: nothing was sent. */
  readonly dropped: Sending | null;
}

/** A chain with a real node that mines by itself, behind a wire that may keep its answers. */
export interface ChainSide {
  readonly wire: NodeWire;
  /** Entries of PAYMENTS_FILE and SIGNER_FILE. */
  readonly entry: object;
  readonly signerFile: (databaseUrl: string) => string;
  readonly pay: (to: string, amount: bigint) => Promise<Sending>;
  /** Three blocks come, each there for so long, the first with what `before` sends, and are taken back again, with all that was in them. */
  readonly reorganise: (blockMs: number, before: () => Promise<void>) => Promise<Reorganised>;
  readonly paid: () => Promise<readonly PaidOnChain[]>;
  readonly close: () => Promise<void>;
}

export async function openChain({ dataDir, tenantId }: { dataDir: string; tenantId: number }): Promise<ChainSide> {
  const anvil = await startAnvil();
  const guard = guardServers([anvil.pid]);
  const hot = anvil.others;
  await anvil.mined(await anvil.send(hot.address, houseTokens));
  const wire = await nodeWire(anvil.rpcUrl);
  const sent: Sending[] = [];
  /** One thing at a time happens on the chain. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Value>(act: () => Promise<Value>): Promise<Value> => {
    const done = last.then(act);
    last = done.catch(() => {});
    return done;
  };
  let isByHand = false;
  const mining: Repetition = repeat(blockMs, async () => {
    if (!isByHand) await inTurn(() => anvil.mine()).catch(() => {});
  });
  const common = { tenantId, channel: chainChannel, rpcUrl: wire.url, chainId: anvil.chainId, contract: anvil.usdt };
  const token = { ...common, decimals: anvil.decimals };
  return {
    wire,
    entry: { ...token, xpub: houseXpub, confirmations, hotWallet: hot.address },
    signerFile: (databaseUrl) => {
      const privateKey = toHex(hot.getHdKey().privateKey ?? new Uint8Array());
      return secretFile(dataDir, "signer.json", {
        databaseUrl,
        evm: [{ ...token, privateKey, feeMost: "100", tip: "1" }],
      });
    },
    pay: (to, amount) => inTurn(() => sendOne(anvil, sent, to, amount)),
    reorganise: async (everyMs, before) => {
      isByHand = true;
      const takeBack = await inTurn(async () => {
        await anvil.mine();
        return { from: sent.length, revert: await anvil.fork() };
      });
      await before();
      for (let block = 0; block < takenBack; block++) {
        await inTurn(() => anvil.mine());
        await sleep(everyMs);
      }
      return inTurn(() => anotherChain(anvil, sent, takeBack)).finally(() => {
        isByHand = false;
      });
    },
    paid: () => paidBy(anvil, hot.address),
    close: async () => {
      await mining.stop();
      await wire.close();
      await anvil.close();
      guard.dismiss();
    },
  };
}

/** A file that only its owner may read. */
export function secretFile(folder: string, name: string, content: object): string {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  chmodSync(file, 0o600);
  return file;
}

async function sendOne(anvil: Anvil, sent: Sending[], to: string, amount: bigint): Promise<Sending> {
  const { client, payer } = anvil;
  const nonce = await client.getTransactionCount({ address: payer.address, blockTag: "pending" });
  const sending = { txid: await anvil.send(to, amount, { nonce }), to, amount, nonce };
  sent.push(sending);
  return sending;
}

/** The blocks since are gone; what was in them comes in others, but for the first of it: its payer spends the number on himself. */
async function anotherChain(
  anvil: Anvil,
  sent: Sending[],
  { from, revert }: { readonly from: number; readonly revert: () => Promise<void> },
): Promise<Reorganised> {
  await revert();
  const gone = sent.splice(from);
  // What was in no block yet the node still has.
  for (const { txid } of gone) await anvil.client.dropTransaction({ hash: txid }).catch(() => {});
  const [dropped = null, ...again] = gone;
  if (dropped !== null) await anvil.send(anvil.payer.address, 1n, { nonce: dropped.nonce });
  for (const sending of again) {
    await anvil.send(sending.to, sending.amount, { nonce: sending.nonce });
    sent.push(sending);
  }
  await anvil.mine();
  return { again: again.length, dropped };
}

async function paidBy({ client, usdt }: Anvil, from: `0x${string}`): Promise<PaidOnChain[]> {
  const found = await client.getContractEvents({
    ...{ address: usdt, abi: mockUsdt.abi, eventName: "Transfer", args: { from }, fromBlock: 0n },
  });
  return found.map(({ args }) => ({ to: String(args.to), amount: BigInt(args.value ?? 0n) }));
}
