import { providers, utils } from "tronweb";
import { z } from "zod";
import type { ChainAnswer, ChainTransfer } from "#core/chain.ts";
import { ok, refuse } from "#core/result.ts";

/** A token on TRON, and the nodes that are asked about it. */
export interface TronSettings {
  readonly nodeUrl: string;
  /** Where solidified blocks are asked for: the same host at a provider's, another port at a node of one's own. */
  readonly solidityUrl: string;
  /** Sent as TRON-PRO-API-KEY; null: the node asks for none. */
  readonly apiKey: string | null;
  /** The last four bytes of the first block, by which the chain is named: 0x2b6653dc is the main network. */
  readonly genesis: string;
  /** The token's contract (T…). */
  readonly contract: string;
}

const patienceMs = 10_000;
const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

/** A block without its transactions. Of the first one number and time are left out by the node. */
export const block = z.object({
  blockID: hex(32),
  block_header: z.object({
    raw_data: z.object({ number: z.int().min(0).default(0), timestamp: z.int().min(0).default(0) }),
  }),
});

/** What a transaction did, as the node that ran it says: there once it is in a block. */
export const transactionInfo = z.object({
  id: hex(32),
  blockNumber: z.int().min(0),
  receipt: z.object({ result: z.string().optional() }),
  log: z
    .array(
      z.object({
        address: hex(20),
        topics: z.array(hex(32)).default([]),
        data: z
          .string()
          .regex(/^[0-9a-f]*$/)
          .default(""),
      }),
    )
    .default([]),
});

/** The answer to a call that changes nothing. A call that reverts says so in `message` or in the result of its transaction. */
const constantCall = z.object({
  result: z.object({ result: z.boolean().optional(), message: z.string().optional(), code: z.string().optional() }),
  energy_used: z.int().min(0).default(0),
  constant_result: z.array(z.string()).default([]),
  transaction: z.object({ ret: z.array(z.object({ ret: z.string().optional() })).default([]) }).optional(),
});

/** Absent things are answered with an empty object. */
export const orNone = <Shape extends z.ZodType>(shape: Shape) =>
  z.union([shape, z.strictObject({}).transform(() => null)]);

/** Addresses: 21 bytes that begin with 41 in hexadecimal for nodes, Base58 with a checksum (T…) for people and for us. */
export const toHex = (address: string): string => utils.address.toHex(address);
export const fromHex = (bytes20: string): string => utils.address.fromHex(`41${bytes20}`);

/** A number or an address (as `toHex` gives it) as a contract takes it. */
export const word = (value: bigint | string): string =>
  (typeof value === "bigint" ? value.toString(16) : value.replace(/^41/, "")).padStart(64, "0");

export type TronNode = ReturnType<typeof tronNode>;

/** Asks a node; whatever is no clear answer in time is none. Nothing is tried twice: the next look asks again. */
export function tronNode(settings: TronSettings) {
  const headers = settings.apiKey === null ? {} : { "TRON-PRO-API-KEY": settings.apiKey };
  const open = (url: string) => new providers.HttpProvider(url, patienceMs, "", "", headers);
  const [full, solidity] = [open(settings.nodeUrl), open(settings.solidityUrl)];
  const ask = <Shape extends z.ZodType>(
    path: string,
    body: object,
    shape: Shape,
    at = full,
  ): Promise<ChainAnswer<z.infer<Shape>>> =>
    at
      .request(path, body, "post")
      .then((said: unknown) => ok(shape.parse(said)))
      .catch(() => refuse("NO_ANSWER" as const));
  const blockAt = (id: bigint) => ask("wallet/getblock", { id_or_num: id.toString(), detail: false }, orNone(block));
  return {
    ask,
    blockAt,
    newest: () => ask("wallet/getnowblock", {}, block),
    newestSolid: () => ask("walletsolidity/getnowblock", {}, block, solidity),
    /** The node's chain is asked for each time, as a node may be replaced behind its address. */
    onChain: async <Value>(then: () => Promise<ChainAnswer<Value>>): Promise<ChainAnswer<Value>> => {
      const first = await blockAt(0n);
      if (!first.ok) return first;
      return first.value?.blockID.endsWith(settings.genesis.slice(2)) === true ? then() : refuse("WRONG_NETWORK");
    },
    /** A call of the contract that changes nothing. */
    call: (selector: string, parameter: string, from: string | null = null) =>
      ask(
        "wallet/triggerconstantcontract",
        {
          ...{ owner_address: from === null ? `41${"0".repeat(40)}` : toHex(from) },
          ...{ contract_address: toHex(settings.contract), function_selector: selector, parameter },
        },
        constantCall,
      ),
  };
}

export type ConstantCall = z.infer<typeof constantCall>;
export const isReverted = ({ result, transaction }: ConstantCall): boolean =>
  result.result !== true ||
  result.message !== undefined ||
  transaction?.ret.some(({ ret }) => ret !== undefined && ret !== "SUCESS" && ret !== "SUCCESS") === true;

/** Names the chain in CAIP-2. */
export const tronNetwork = ({ genesis }: Pick<TronSettings, "genesis">): string => `tron:${genesis}`;

/** keccak-256 of "Transfer(address,address,uint256)". */
const transferTopic = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

/** Every transfer of the token that a transaction made, by receipt and event; none where it failed. What `transfer` returns says nothing: USDT's gives false. */
export function transfersOf(
  { id, blockNumber, receipt, log }: z.infer<typeof transactionInfo>,
  blockHash: string,
  contract: string,
): readonly ChainTransfer[] {
  if (receipt.result !== "SUCCESS") return [];
  const [, contractBytes] = toHex(contract).match(/^41(.{40})$/) ?? [];
  return log.flatMap(({ address, topics: [topic, from = "", to = ""], data }, logIndex) =>
    address === contractBytes && topic === transferTopic && data.length === 64
      ? [
          {
            ...{ txid: id, logIndex, blockNumber: BigInt(blockNumber), blockHash, contract },
            ...{ to: fromHex(to.slice(24)), from: fromHex(from.slice(24)), amount: BigInt(`0x${data}`) },
          },
        ]
      : [],
  );
}
