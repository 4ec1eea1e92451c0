import { z } from "zod";
import type { ChainAnswer, ChainSender, TransactionStatus } from "#core/chain.ts";
import { ok, refuse } from "#core/result.ts";
import {
  orNone,
  type TronNode,
  type TronSettings,
  toHex,
  transactionInfo,
  transfersOf,
  tronNetwork,
  tronNode,
  word,
} from "./tron-node.ts";

/** What the token's contract is called with. */
export const transferSelector = "transfer(address,uint256)";
export const transferParameter = (to: string, amount: bigint): string => `${word(toHex(to))}${word(amount)}`;

/**
 * So long after a transaction has expired it is still waited for: behind one address there may be many nodes, and one that lags does not
 * know what others have had in a block for a while.
 */
const graceMs = 600_000;

/** The node has it already; everything else that it says is a refusal now, which says nothing of later. */
const knownCodes = ["DUP_TRANSACTION_ERROR"];
const broadcastReply = z.object({ result: z.boolean().optional(), code: z.string().optional() });

/** Sends and follows transactions on TRON; holds no key. */
export function tronSender(settings: TronSettings): ChainSender {
  const { contract } = settings;
  const node = tronNode(settings);
  /** Time of the newest solid block that said that something can't land: who is behind it may not say "unknown". */
  let solidAtMs = 0;
  return {
    broadcast: async (bytes) => {
      const sent = await node.onChain(() =>
        node.ask(
          "wallet/broadcasttransaction",
          JSON.parse(Buffer.from(bytes).toString("utf8")) as object,
          broadcastReply,
        ),
      );
      if (!sent.ok) return sent;
      return sent.value.result === true || knownCodes.includes(sent.value.code ?? "") ? ok(null) : refuse("REFUSED");
    },
    statusOf: (txid) => node.onChain(() => readStatus(node, { txid, contract, solidAtMs })),
    canLand: ({ expiresAtMs }) =>
      node.onChain(async () => {
        if (expiresAtMs === null) return ok(true);
        const solid = await node.newestSolid();
        if (!solid.ok) return solid;
        const { timestamp } = solid.value.block_header.raw_data;
        if (timestamp < expiresAtMs + graceMs) return ok(true);
        solidAtMs = Math.max(solidAtMs, timestamp);
        return ok(false);
      }),
    unsigned: ({ to, amount }) => ({
      ...{ network: tronNetwork(settings), contract, function_selector: transferSelector },
      ...{ parameter: transferParameter(to, amount), recipient: to, amount: amount.toString() },
    }),
    normalTxid: (text) => (/^(0x)?[0-9a-fA-F]{64}$/.test(text) ? text.replace(/^0x/, "").toLowerCase() : null),
  };
}

async function readStatus(
  node: TronNode,
  { txid, contract, solidAtMs }: { readonly txid: string; readonly contract: string; readonly solidAtMs: number },
): Promise<ChainAnswer<TransactionStatus>> {
  const info = await node.ask("wallet/gettransactioninfobyid", { value: txid }, orNone(transactionInfo));
  if (!info.ok) return info;
  if (info.value !== null) {
    const blockNumber = BigInt(info.value.blockNumber);
    if (info.value.receipt.result !== "SUCCESS") return ok({ kind: "failed", blockNumber });
    const at = await node.blockAt(blockNumber);
    if (!at.ok) return at;
    if (at.value === null) return refuse("NO_ANSWER");
    return ok({ kind: "succeeded", blockNumber, transfers: transfersOf(info.value, at.value.blockID, contract) });
  }
  const waiting = await node.ask("wallet/gettransactionbyid", { value: txid }, orNone(z.object({ txID: z.string() })));
  if (!waiting.ok) return waiting;
  if (waiting.value !== null) return ok({ kind: "seen" });
  const newest = await node.newest();
  if (!newest.ok) return newest;
  return newest.value.block_header.raw_data.timestamp < solidAtMs ? refuse("NO_ANSWER") : ok({ kind: "unknown" });
}
