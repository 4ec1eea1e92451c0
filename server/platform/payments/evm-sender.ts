import {
  BaseError,
  encodeFunctionData,
  erc20Abi,
  getAddress,
  type PublicClient,
  RpcRequestError,
  TransactionNotFoundError,
  TransactionReceiptNotFoundError,
  toHex,
} from "viem";
import type { ChainAnswer, ChainSender, TransactionStatus } from "#core/chain.ts";
import { ok, refuse } from "#core/result.ts";
import { answer, type EvmSettings, evmClient, networkOf, transfersIn } from "./evm.ts";

/** What a transfer of a token is on the chain: a call of its contract. */
export const transferCall = (to: string, amount: bigint) =>
  encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [getAddress(to), amount] });

/** Sends and follows transactions on an EVM chain; holds no key. */
export function evmSender(settings: Pick<EvmSettings, "rpcUrl" | "chainId" | "contract">): ChainSender {
  const { chainId, contract } = settings;
  const client = evmClient(settings.rpcUrl);
  /** What is sent to, or believed of, a node of another chain could be another transaction. */
  const onChain = async <Value>(ask: () => Promise<ChainAnswer<Value>>): Promise<ChainAnswer<Value>> => {
    const id = await answer(client.getChainId());
    if (!id.ok) return id;
    return id.value === chainId ? ask() : refuse("WRONG_NETWORK");
  };
  return {
    broadcast: async (bytes) => {
      const sent = await onChain(() => answer(send(client, toHex(bytes))));
      if (!sent.ok) return sent;
      return sent.value ? ok(null) : refuse("REFUSED");
    },
    statusOf: (txid) => onChain(() => answer(readStatus(client, txid, getAddress(contract)))),
    canLand: ({ from, nonce }) =>
      onChain(() =>
        answer(
          client
            .getTransactionCount({ address: getAddress(from), blockTag: "finalized" })
            .then((used) => BigInt(used) <= nonce),
        ),
      ),
    unsigned: ({ to, amount }) => ({
      ...{ network: networkOf(settings), to: contract, value: "0", data: transferCall(to, amount) },
      ...{ recipient: to, amount: amount.toString() },
    }),
    normalTxid: (text) => (/^0x[0-9a-fA-F]{64}$/.test(text) ? text.toLowerCase() : null),
  };
}

const knownWords = /already known|already imported|known transaction/i;

/** true: the node has it; false: it refuses it now. Throws when there was no answer. */
async function send(client: PublicClient, serializedTransaction: `0x${string}`): Promise<boolean> {
  try {
    await client.sendRawTransaction({ serializedTransaction });
    return true;
  } catch (error) {
    const said = error instanceof BaseError ? error.walk((cause) => cause instanceof RpcRequestError) : null;
    if (!(said instanceof RpcRequestError)) throw error;
    return knownWords.test(said.details);
  }
}

async function readStatus(client: PublicClient, txid: string, contract: string): Promise<TransactionStatus> {
  const hash = txid as `0x${string}`;
  const receipt = await orNull(client.getTransactionReceipt({ hash }), TransactionReceiptNotFoundError);
  if (receipt !== null) {
    const { blockNumber } = receipt;
    if (receipt.status !== "success") return { kind: "failed", blockNumber };
    return { kind: "succeeded", blockNumber, transfers: transfersIn(receipt, contract) };
  }
  const waiting = await orNull(client.getTransaction({ hash }), TransactionNotFoundError);
  return { kind: waiting === null ? "unknown" : "seen" };
}

async function orNull<Value>(
  ask: Promise<Value>,
  absent: abstract new (...given: never[]) => Error,
): Promise<Value | null> {
  try {
    return await ask;
  } catch (error) {
    if (error instanceof absent) return null;
    throw error;
  }
}
