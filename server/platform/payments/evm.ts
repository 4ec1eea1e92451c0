import { createHash, ECDH } from "node:crypto";
import {
  BaseError,
  BlockNotFoundError,
  ContractFunctionZeroDataError,
  createPublicClient,
  erc20Abi,
  getAbiItem,
  getAddress,
  http,
  isAddress,
  type PublicClient,
  parseEventLogs,
  type TransactionReceipt,
  zeroAddress,
} from "viem";
import { HDKey, publicKeyToAddress } from "viem/accounts";
import type { ChainAnswer, ChainHead, ChainReader, ChainTransfer } from "#core/chain.ts";
import { ok, type Result, refuse } from "#core/result.ts";

/** A token on an EVM chain. */
export interface EvmSettings {
  readonly rpcUrl: string;
  readonly chainId: number;
  /** The token's contract, with its checksum (EIP-55). */
  readonly contract: string;
  readonly decimals: number;
  readonly blocksMax: bigint;
}

const patienceMs = 10_000;
/** Topics of one question; more addresses are asked for in further ones. */
const addressesMax = 500;
const receiptsAtOnce = 8;

/** Whatever is thrown by a node, or by no node, is no answer. */
export const answer = <Value>(ask: Promise<Value>): Promise<ChainAnswer<Value>> =>
  ask.then(ok, () => refuse("NO_ANSWER" as const));

/** Nothing is cached and nothing is retried: what is not answered is asked again by the next look. */
export const evmClient = (rpcUrl: string): PublicClient =>
  createPublicClient({ transport: http(rpcUrl, { timeout: patienceMs, retryCount: 0 }), cacheTime: 0 });

export const networkOf = ({ chainId }: Pick<EvmSettings, "chainId">): string => `eip155:${chainId}`;

/** Whether these settings can be meant: a checksum that is right, and a public key of an account, never a private one. null: they can. */
export function evmProblem({
  contract,
  xpub,
  hotWallet,
}: {
  readonly contract: string;
  readonly xpub: string;
  readonly hotWallet?: string | undefined;
}): string | null {
  if (![contract, hotWallet ?? contract].every(isChecksummed))
    return "contract and hotWallet must be addresses with their capital letters (EIP-55)";
  try {
    const key = HDKey.fromExtendedKey(xpub);
    if (key.privateKey !== null) return "xpub is a private key: it must never be on a server. Make another wallet";
    return key.depth === 3 ? null : "xpub must be the account's, of m/44'/60'/0'";
  } catch {
    return "xpub is no extended public key";
  }
}

/** Reads a token on an EVM chain. `xpub`: of m/44'/60'/0', so that address i is m/44'/60'/0'/0/i. */
export function evmReader({ xpub, ...settings }: EvmSettings & { readonly xpub: string }): ChainReader {
  const contract = getAddress(settings.contract);
  const client = evmClient(settings.rpcUrl);
  const receiving = HDKey.fromExtendedKey(xpub).deriveChild(0);
  const check = tokenCheck(client, settings);
  return {
    ...{ network: networkOf(settings), contract, blocksMax: settings.blocksMax },
    keyName: createHash("sha256").update(xpub).digest("hex").slice(0, 16),
    head: async () => {
      const checked = await check();
      return checked.ok ? answer(readHead(client)) : checked;
    },
    blockHashAt: (blockNumber) =>
      answer(
        client.getBlock({ blockNumber }).then(
          ({ hash }) => hash,
          (error: unknown) => {
            if (error instanceof BlockNotFoundError) return null;
            throw error;
          },
        ),
      ),
    transfers: (range) => answer(readTransfers(client, contract, range)),
    balanceOf: (address) =>
      answer(
        client.readContract({
          address: contract,
          abi: erc20Abi,
          functionName: "balanceOf",
          args: [getAddress(address)],
        }),
      ),
    addressAt: (index) => {
      const { publicKey } = receiving.deriveChild(index);
      if (publicKey === null) throw new Error(`key ${index} has no public part`);
      const point = ECDH.convertKey(publicKey, "secp256k1", undefined, "hex", "uncompressed");
      return publicKeyToAddress(`0x${String(point)}`);
    },
    normalAddress: (text) => normalAddress(text, contract),
  };
}

/** In the one form that has a checksum: without capital letters a mistyped address could not be told. */
export function normalAddress(text: string, contract: string): Result<string, "ADDRESS_INVALID"> {
  const isPayable = isChecksummed(text) && text !== zeroAddress && text !== contract;
  return isPayable ? ok(text) : refuse("ADDRESS_INVALID");
}

export const isChecksummed = (text: string): boolean => isAddress(text, { strict: false }) && getAddress(text) === text;

/** The node's chain is asked for each time, as a node may be replaced behind its address; the token's decimals until they were told once. */
function tokenCheck(client: PublicClient, { chainId, contract, decimals }: EvmSettings) {
  let isToken = false;
  return async (): Promise<ChainAnswer<null>> => {
    const id = await answer(client.getChainId());
    if (!id.ok) return id;
    if (id.value !== chainId) return refuse("WRONG_NETWORK");
    if (isToken) return ok(null);
    const told = await answer(readDecimals(client, contract));
    if (!told.ok) return told;
    isToken = told.value === decimals;
    return isToken ? ok(null) : refuse("WRONG_NETWORK");
  };
}

/** null: there is no token at that address. */
async function readDecimals(client: PublicClient, contract: string): Promise<number | null> {
  try {
    return await client.readContract({ address: getAddress(contract), abi: erc20Abi, functionName: "decimals" });
  } catch (error) {
    if (error instanceof BaseError && error.walk((cause) => cause instanceof ContractFunctionZeroDataError) !== null)
      return null;
    throw error;
  }
}

async function readHead(client: PublicClient): Promise<ChainHead> {
  const { number, hash } = await client.getBlock({ blockTag: "latest" });
  // A chain without final blocks answers with an error; so may a node that is busy, and then nothing counts this time.
  const final = await client.getBlock({ blockTag: "finalized" }).catch(() => null);
  return { number, hash, finalNumber: final?.number ?? null };
}

const transferEvent = getAbiItem({ abi: erc20Abi, name: "Transfer" });

async function readTransfers(
  client: PublicClient,
  contract: `0x${string}`,
  { fromBlock, toBlock, addresses }: Parameters<ChainReader["transfers"]>[0],
): Promise<readonly ChainTransfer[]> {
  const wanted = new Set<string>(addresses);
  const txids = new Set<`0x${string}`>();
  for (let first = 0; first < addresses.length; first += addressesMax) {
    const to = addresses.slice(first, first + addressesMax).map((address) => getAddress(address));
    const logs = await client.getLogs({ address: contract, event: transferEvent, args: { to }, fromBlock, toBlock });
    for (const { transactionHash } of logs) txids.add(transactionHash);
  }
  const found: ChainTransfer[] = [];
  const all = [...txids];
  for (let first = 0; first < all.length; first += receiptsAtOnce) {
    const hashes = all.slice(first, first + receiptsAtOnce);
    const receipts = await Promise.all(hashes.map((hash) => client.getTransactionReceipt({ hash })));
    found.push(...receipts.flatMap((receipt) => transfersIn(receipt, contract)));
  }
  const isWanted = ({ to, blockNumber }: ChainTransfer): boolean =>
    wanted.has(to) && blockNumber >= fromBlock && blockNumber <= toBlock;
  return found.filter(isWanted);
}

/** Every transfer of the token that a transaction made, by receipt and event; none where it failed. */
export function transfersIn(receipt: TransactionReceipt, contract: string): readonly ChainTransfer[] {
  if (receipt.status !== "success") return [];
  const events = parseEventLogs({ abi: [transferEvent], logs: receipt.logs });
  return events
    .filter(({ address }) => getAddress(address) === contract)
    .map(({ args, logIndex }) => ({
      ...{ txid: receipt.transactionHash, blockNumber: receipt.blockNumber, blockHash: receipt.blockHash, contract },
      logIndex: receipt.logs.findIndex((log) => log.logIndex === logIndex),
      ...{ to: getAddress(args.to), from: getAddress(args.from), amount: args.value },
    }));
}
