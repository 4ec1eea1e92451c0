import { z } from "zod";
import type { DepositChain } from "../capabilities/deposits/index.ts";
import type { PayoutChain } from "../capabilities/withdrawals/index.ts";
import { evmProblem, evmReader } from "../platform/payments/evm.ts";
import { evmSender } from "../platform/payments/evm-sender.ts";

/** A token on a chain that money comes and goes by. */
export type HouseChain = DepositChain & PayoutChain;

/** An entry of PAYMENTS_FILE for a token on an EVM chain. It holds no private key. */
export const evmChain = z
  .strictObject({
    tenantId: z.int().min(1),
    channel: z.enum(["usdt-erc20", "usdt-bep20"]),
    rpcUrl: z.url({ protocol: /^https?$/ }),
    chainId: z.int().min(1),
    contract: z.string(),
    /** The token's own: 6 on Ethereum, 18 on BNB Smart Chain. Compared with the contract. */
    decimals: z.int().min(0).max(36),
    /** The account's extended public key, of m/44'/60'/0'. */
    xpub: z.string().max(200),
    /** So many blocks until a transfer counts; absent: when the chain calls it final. */
    confirmations: z.int().min(1).max(10_000).optional(),
    /** Absent: the first look begins at the newest block. */
    startBlock: z.int().min(0).optional(),
    /** Where the signer pays from; absent: people pay from elsewhere. */
    hotWallet: z.string().optional(),
    blocksMax: z.int().min(1).max(10_000).default(500),
  })
  .superRefine((entry, context) => {
    const problem = evmProblem(entry);
    if (problem !== null) context.addIssue({ code: "custom", message: problem, path: ["contract or xpub"] });
  });

export function openEvmChain(entry: z.infer<typeof evmChain>): HouseChain {
  const { tenantId, channel, rpcUrl, chainId, contract, decimals, xpub, confirmations, startBlock } = entry;
  const blocksMax = BigInt(entry.blocksMax);
  return {
    ...{ tenantId, channel, currency: "USDT", token: { contract, decimals } },
    finality: confirmations === undefined ? "final" : { confirmations: BigInt(confirmations) },
    startBlock: startBlock === undefined ? null : BigInt(startBlock),
    hotWallet: entry.hotWallet ?? null,
    reader: evmReader({ rpcUrl, chainId, contract, decimals, xpub, blocksMax }),
    sender: evmSender({ rpcUrl, chainId, contract }),
  };
}
