import { createHash } from "node:crypto";
import { utils } from "tronweb";
import { HDKey } from "viem/accounts";
import { z } from "zod";
import type { ChainAnswer, ChainHead, ChainReader, ChainTransfer } from "#core/chain.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import {
  fromHex,
  isReverted,
  type TronNode,
  type TronSettings,
  toHex,
  transactionInfo,
  transfersOf,
  tronNetwork,
  tronNode,
  word,
} from "./tron-node.ts";

export interface TronReaderSettings extends TronSettings {
  /** The account's extended public key, of m/44'/195'/0', so that address i is m/44'/195'/0'/0/i. */
  readonly xpub: string;
  readonly decimals: number;
  readonly blocksMax: bigint;
}

/** A block a second question each, and a node's limits are low. */
const blocksAtOnce = 4n;
const nobody = fromHex("0".repeat(40));

/** Whether these settings can be meant: addresses whose checksum is right, and a public key of an account, never a private one. null: they can. */
export function tronProblem({
  contract,
  xpub,
  hotWallet,
}: {
  readonly contract: string;
  readonly xpub: string;
  readonly hotWallet?: string | undefined;
}): string | null {
  if (![contract, hotWallet ?? contract].every(isTronAddress)) return "contract and hotWallet must be addresses (T…)";
  try {
    const key = HDKey.fromExtendedKey(xpub);
    if (key.privateKey !== null) return "xpub is a private key: it must never be on a server. Make another wallet";
    return key.depth === 3 ? null : "xpub must be the account's, of m/44'/195'/0'";
  } catch {
    return "xpub is no extended public key";
  }
}

/** Reads a token on TRON by the interface of a full node. */
export function tronReader(settings: TronReaderSettings): ChainReader {
  const { contract, xpub, decimals, blocksMax } = settings;
  const node = tronNode(settings);
  const receiving = HDKey.fromExtendedKey(xpub).deriveChild(0);
  let isToken = false;
  const checkToken = async (): Promise<ChainAnswer<null>> => {
    if (isToken) return ok(null);
    const told = await readNumber(node, "decimals()", "");
    if (!told.ok) return told;
    isToken = told.value === BigInt(decimals);
    return isToken ? ok(null) : refuse("WRONG_NETWORK");
  };
  return {
    ...{ network: tronNetwork(settings), contract, blocksMax },
    keyName: createHash("sha256").update(xpub).digest("hex").slice(0, 16),
    head: () =>
      node.onChain(async () => {
        const checked = await checkToken();
        return checked.ok ? readHead(node) : checked;
      }),
    blockHashAt: async (number) => {
      const found = await node.blockAt(number);
      return found.ok ? ok(found.value?.blockID ?? null) : found;
    },
    transfers: (range) => readTransfers(node, contract, range),
    balanceOf: async (address) => {
      const told = await readNumber(node, "balanceOf(address)", word(toHex(address)));
      if (!told.ok) return told;
      return told.value === null ? refuse("NO_ANSWER") : ok(told.value);
    },
    addressAt: (index) => {
      const { publicKey } = receiving.deriveChild(index);
      if (publicKey === null) throw new Error(`key ${index} has no public part`);
      return utils.crypto.getBase58CheckAddress(utils.crypto.computeAddress(uncompressed(publicKey)));
    },
    normalAddress: (text) => normalTronAddress(text, contract),
  };
}

/** Base58 with a right checksum; not the token itself, where money would be lost, and not nobody's. */
export function normalTronAddress(text: string, contract: string): Result<string, "ADDRESS_INVALID"> {
  return isTronAddress(text) && text !== contract && text !== nobody ? ok(text) : refuse("ADDRESS_INVALID");
}

export const isTronAddress = (text: string): boolean =>
  /^T[1-9A-HJ-NP-Za-km-z]{33}$/.test(text) && utils.address.isAddress(text);

/** A point of the curve with both its coordinates, as addresses are made of. */
function uncompressed(publicKey: Uint8Array): number[] {
  const point = utils.ethersUtils.SigningKey.computePublicKey(`0x${Buffer.from(publicKey).toString("hex")}`, false);
  return [...Buffer.from(point.slice(2), "hex")];
}

/** null: the contract answers nothing like a number. */
async function readNumber(node: TronNode, selector: string, parameter: string): Promise<ChainAnswer<bigint | null>> {
  const told = await node.call(selector, parameter);
  if (!told.ok) return told;
  const [first] = told.value.constant_result;
  return ok(isReverted(told.value) || !/^[0-9a-f]{64}$/.test(first ?? "") ? null : BigInt(`0x${first}`));
}

async function readHead(node: TronNode): Promise<ChainAnswer<ChainHead>> {
  const newest = await node.newest();
  if (!newest.ok) return newest;
  // A node that does not say what is solid leaves nothing final this time.
  const solid = await node.newestSolid();
  const { blockID: hash, block_header: header } = newest.value;
  const final = solid.ok ? BigInt(solid.value.block_header.raw_data.number) : null;
  return ok({ number: BigInt(header.raw_data.number), hash, finalNumber: final });
}

async function readTransfers(
  node: TronNode,
  contract: string,
  { fromBlock, toBlock, addresses }: Parameters<ChainReader["transfers"]>[0],
): Promise<ChainAnswer<readonly ChainTransfer[]>> {
  const wanted = new Set(addresses);
  const found: ChainTransfer[] = [];
  for (let first = fromBlock; first <= toBlock; first += blocksAtOnce) {
    const count = Number(toBlock - first + 1n < blocksAtOnce ? toBlock - first + 1n : blocksAtOnce);
    const numbers = Array.from({ length: count }, (_one, at) => first + BigInt(at));
    for (const page of await Promise.all(numbers.map((number) => transfersIn(node, contract, number)))) {
      if (!page.ok) return page;
      found.push(...page.value.filter(({ to }) => wanted.has(to)));
    }
  }
  return ok(found);
}

/** Two questions about one block are of one block only if it has the same hash before and after. */
async function transfersIn(
  node: TronNode,
  contract: string,
  number: bigint,
): Promise<ChainAnswer<readonly ChainTransfer[]>> {
  const before = await node.blockAt(number);
  if (!before.ok) return before;
  if (before.value === null) return ok([]);
  const { blockID } = before.value;
  const infos = await node.ask(
    "wallet/gettransactioninfobyblocknum",
    { num: Number(number) },
    z.union([z.array(transactionInfo), z.strictObject({}).transform((): z.infer<typeof transactionInfo>[] => [])]),
  );
  if (!infos.ok) return infos;
  const after = await node.blockAt(number);
  if (!after.ok) return after;
  if (after.value?.blockID !== blockID) return refuse("NO_ANSWER");
  return ok(
    infos.value
      .filter(({ blockNumber }) => BigInt(blockNumber) === number)
      .flatMap((info) => transfersOf(info, blockID, contract)),
  );
}
