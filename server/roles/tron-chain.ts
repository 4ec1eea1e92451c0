import { z } from "zod";
import { isTronAddress, tronProblem, tronReader } from "../platform/payments/tron.ts";
import { tronSender } from "../platform/payments/tron-sender.ts";
import type { HouseChain } from "./evm-chain.ts";

/** Where a token on TRON is asked about: in the settings of the server and of the signer. */
export const tronNodeFields = {
  tenantId: z.int().min(1),
  channel: z.literal("usdt-trc20"),
  nodeUrl: z.url({ protocol: /^https?$/ }),
  /** Absent: at `nodeUrl`, as at providers; a node of one's own has another port for it. */
  solidityUrl: z.url({ protocol: /^https?$/ }).optional(),
  apiKey: z.string().min(1).max(200).optional(),
  /** The last four bytes of the chain's first block: 0x2b6653dc is the main network. */
  genesis: z.string().regex(/^0x[0-9a-f]{8}$/),
  contract: z.string().refine(isTronAddress),
  decimals: z.int().min(0).max(36),
} as const;

/** An entry of PAYMENTS_FILE for a token on TRON. It holds no private key. */
export const tronChain = z
  .strictObject({
    ...tronNodeFields,
    /** The account's extended public key, of m/44'/195'/0'. */
    xpub: z.string().max(200),
    /** So many blocks until a transfer counts; absent: when it is in a solidified block. */
    confirmations: z.int().min(1).max(10_000).optional(),
    /** Absent: the first look begins at the newest block. */
    startBlock: z.int().min(0).optional(),
    /** Where the signer pays from; absent: people pay from elsewhere. */
    hotWallet: z.string().optional(),
    blocksMax: z.int().min(1).max(1_000).default(20),
  })
  .superRefine((entry, context) => {
    const problem = tronProblem(entry);
    if (problem !== null) context.addIssue({ code: "custom", message: problem, path: ["contract or xpub"] });
  });

/** The nodes of an entry, as the adapters take them. */
export const tronNodes = ({
  nodeUrl,
  solidityUrl = nodeUrl,
  apiKey = null,
  genesis,
  contract,
}: Pick<z.infer<typeof tronChain>, "nodeUrl" | "solidityUrl" | "genesis" | "contract"> & {
  readonly apiKey?: string | null | undefined;
}) => ({ nodeUrl, solidityUrl: solidityUrl ?? nodeUrl, apiKey: apiKey ?? null, genesis, contract });

export function openTronChain(entry: z.infer<typeof tronChain>): HouseChain {
  const { tenantId, channel, contract, decimals, xpub, confirmations, startBlock } = entry;
  const nodes = tronNodes(entry);
  return {
    ...{ tenantId, channel, currency: "USDT", token: { contract, decimals } },
    finality: confirmations === undefined ? "final" : { confirmations: BigInt(confirmations) },
    startBlock: startBlock === undefined ? null : BigInt(startBlock),
    hotWallet: entry.hotWallet ?? null,
    reader: tronReader({ ...nodes, decimals, xpub, blocksMax: BigInt(entry.blocksMax) }),
    sender: tronSender(nodes),
  };
}
