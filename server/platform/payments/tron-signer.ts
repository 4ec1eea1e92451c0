import { createHash } from "node:crypto";
import { TronWeb, utils } from "tronweb";
import { z } from "zod";
import type { BuiltPayout, ChainAnswer, ChainPayout, ChainSigner, SigningRefusal } from "#core/chain.ts";
import { assert, ok, type Result, refuse } from "#core/result.ts";
import { isReverted, type TronNode, type TronSettings, toHex, tronNetwork, tronNode } from "./tron-node.ts";
import { transferParameter, transferSelector } from "./tron-sender.ts";

export interface TronSignerSettings extends TronSettings {
  /** 64 hexadecimal digits. */
  readonly privateKey: string;
  /** The most that a transfer may burn, in sun (millionths of a TRX): above it nothing is signed. */
  readonly feeMax: bigint;
}

/** From the newest block on a signed transaction can land for so long; the chain allows a day. */
const lifetimeMs = 900_000;
/** Numbers of payouts that may be under way at once. */
const numbersApart = 60_000n;
/** Bytes of a signed transfer, with room: what it takes of the account's bandwidth. */
const transferBytes = 400n;

/** Signs transfers of a token with the key of a hot wallet. Only the signer's process makes one. */
export function tronSigner(settings: TronSignerSettings): ChainSigner {
  const node = tronNode(settings);
  const address = TronWeb.address.fromPrivateKey(settings.privateKey);
  assert(typeof address === "string", "the private key has no address");
  return {
    ...{ network: tronNetwork(settings), contract: settings.contract, address },
    // Transactions of TRON have no numbers; ours are counted by the books alone.
    nextNonce: () => Promise.resolve(ok(0n)),
    build: (payout) => build(node, settings, address, payout),
  };
}

async function build(
  node: TronNode,
  settings: TronSignerSettings,
  from: string,
  payout: ChainPayout,
): Promise<Result<BuiltPayout, SigningRefusal>> {
  const parameter = transferParameter(payout.to, payout.amount);
  const tried = await node.onChain(() => node.call(transferSelector, parameter, from));
  if (!tried.ok) return tried;
  if (isReverted(tried.value)) return refuse("WOULD_FAIL");
  // A third more: the state may change until it lands.
  const energy = (BigInt(tried.value.energy_used) * 4n) / 3n;
  const cost = await costOf(node, from, energy);
  if (!cost.ok) return cost;
  const { feeLimit, burnt, balance } = cost.value;
  if (feeLimit > settings.feeMax) return refuse("FEE_TOO_HIGH");
  if (balance < burnt) return refuse("WOULD_FAIL");
  const [newest, solid] = [await node.newest(), await node.newestSolid()];
  if (!newest.ok) return newest;
  if (!solid.ok) return solid;
  const { timestamp } = newest.value.block_header.raw_data;
  return ok(
    await sign(settings, from, payout, {
      // It names a block that can't go away: else a reorg would make it invalid for ever.
      ...{ ref_block_bytes: solid.value.blockID.slice(12, 16), ref_block_hash: solid.value.blockID.slice(16, 32) },
      // Two payouts alike at one moment would be one transaction: our number tells them apart.
      ...{ expiration: timestamp + lifetimeMs, timestamp: timestamp + Number(payout.nonce % numbersApart), feeLimit },
    }),
  );
}

const parameters = z.object({
  chainParameter: z.array(z.object({ key: z.string(), value: z.int().optional() })),
});
const count = z.int().min(0).default(0);
const resources = z.object({
  ...{
    EnergyLimit: count,
    EnergyUsed: count,
    freeNetLimit: count,
    freeNetUsed: count,
    NetLimit: count,
    NetUsed: count,
  },
});
const account = z.object({ balance: count });

interface Cost {
  /** What the whole energy would cost, whoever provides it. */
  readonly feeLimit: bigint;
  /** What of it, and of the bandwidth, is not covered by what the wallet has staked. */
  readonly burnt: bigint;
  readonly balance: bigint;
}

async function costOf(node: TronNode, from: string, energy: bigint): Promise<ChainAnswer<Cost>> {
  const prices = await node.ask("wallet/getchainparameters", {}, parameters);
  if (!prices.ok) return prices;
  const has = await node.ask("wallet/getaccountresource", { address: toHex(from) }, resources);
  if (!has.ok) return has;
  const money = await node.ask("wallet/getaccount", { address: toHex(from) }, account);
  if (!money.ok) return money;
  const price = (key: string): bigint | null => {
    const value = prices.value.chainParameter.find((one) => one.key === key)?.value;
    return value === undefined ? null : BigInt(value);
  };
  const [ofEnergy, ofByte] = [price("getEnergyFee"), price("getTransactionFee")];
  if (ofEnergy === null || ofByte === null) return refuse("NO_ANSWER");
  const { EnergyLimit, EnergyUsed, freeNetLimit, freeNetUsed, NetLimit, NetUsed } = has.value;
  const left = (limit: number, used: number): bigint => BigInt(Math.max(0, limit - used));
  const staked = left(EnergyLimit, EnergyUsed);
  const isCarried = [left(freeNetLimit, freeNetUsed), left(NetLimit, NetUsed)].some((room) => room >= transferBytes);
  const burntEnergy = energy > staked ? energy - staked : 0n;
  return ok({
    feeLimit: energy * ofEnergy,
    burnt: burntEnergy * ofEnergy + (isCarried ? 0n : transferBytes * ofByte),
    balance: BigInt(money.value.balance),
  });
}

interface Terms {
  readonly ref_block_bytes: string;
  readonly ref_block_hash: string;
  readonly expiration: number;
  readonly timestamp: number;
  readonly feeLimit: bigint;
}

/** Built here, not by the node: what a node would give to be signed could pay somebody else. */
async function sign(
  { privateKey, nodeUrl, contract }: TronSignerSettings,
  from: string,
  { to, amount }: ChainPayout,
  { feeLimit, ...blockHeader }: Terms,
): Promise<BuiltPayout> {
  const builder = new TronWeb({ fullHost: nodeUrl }).transactionBuilder;
  const { transaction } = await builder.triggerSmartContract(
    contract,
    transferSelector,
    { txLocal: true, feeLimit: Number(feeLimit), blockHeader },
    [
      { type: "address", value: to },
      { type: "uint256", value: amount.toString() },
    ],
    from,
  );
  const txid = createHash("sha256").update(Buffer.from(transaction.raw_data_hex, "hex")).digest("hex");
  assert(transaction.txID === txid, "the transaction's number is not that of its bytes");
  const signed = utils.crypto.signTransaction(privateKey, transaction);
  return { txid, bytes: Buffer.from(JSON.stringify(signed)), expiresAtMs: blockHeader.expiration };
}
