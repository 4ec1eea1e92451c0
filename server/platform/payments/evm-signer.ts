import { BaseError, ExecutionRevertedError, getAddress, hexToBytes, keccak256, type PublicClient } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { BuiltPayout, ChainPayout, ChainSigner, SigningRefusal } from "#core/chain.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { answer, type EvmSettings, evmClient, networkOf } from "./evm.ts";
import { transferCall } from "./evm-sender.ts";

export interface EvmSignerSettings extends Pick<EvmSettings, "rpcUrl" | "chainId" | "contract"> {
  readonly privateKey: `0x${string}`;
  /** The most that a unit of gas may cost, in wei: above it nothing is signed. */
  readonly feeMax: bigint;
  /** What is offered to whoever makes the block, in wei. */
  readonly tip: bigint;
}

/** Signs transfers of a token with the key of a hot wallet. Only the signer's process makes one. */
export function evmSigner(settings: EvmSignerSettings): ChainSigner {
  const client = evmClient(settings.rpcUrl);
  const account = privateKeyToAccount(settings.privateKey);
  return {
    ...{ network: networkOf(settings), contract: getAddress(settings.contract), address: account.address },
    nextNonce: async () => {
      const count = await answer(client.getTransactionCount({ address: account.address, blockTag: "pending" }));
      return count.ok ? ok(BigInt(count.value)) : count;
    },
    build: (payout) => build(client, account, settings, payout),
  };
}

async function build(
  client: PublicClient,
  account: ReturnType<typeof privateKeyToAccount>,
  { chainId, contract, feeMax, tip }: EvmSignerSettings,
  { to, amount, nonce }: ChainPayout,
): Promise<Result<BuiltPayout, SigningRefusal>> {
  const id = await answer(client.getChainId());
  if (!id.ok) return id;
  if (id.value !== chainId) return refuse("WRONG_NETWORK");
  const call = { to: getAddress(contract), data: transferCall(to, amount) };
  const gas = await estimate(client, { ...call, account: account.address });
  if (!gas.ok) return gas;
  const block = await answer(client.getBlock({ blockTag: "latest" }));
  if (!block.ok) return block;
  const base = block.value.baseFeePerGas ?? 0n;
  if (base + tip > feeMax) return refuse("FEE_TOO_HIGH");
  // Twice today's fee lands through several full blocks; what is not used is not paid.
  const wanted = 2n * base + tip;
  const maxFeePerGas = wanted < feeMax ? wanted : feeMax;
  const money = await answer(client.getBalance({ address: account.address }));
  if (!money.ok) return money;
  if (money.value < gas.value * maxFeePerGas) return refuse("WOULD_FAIL");
  const signed = await account.signTransaction({
    ...{ ...call, type: "eip1559", chainId, nonce: Number(nonce), gas: gas.value, maxFeePerGas },
    maxPriorityFeePerGas: tip,
  });
  return ok({ txid: keccak256(signed), bytes: hexToBytes(signed), expiresAtMs: null });
}

/** What the transfer needs, and a third more: the state may change until it lands. */
async function estimate(
  client: PublicClient,
  call: { readonly account: `0x${string}`; readonly to: `0x${string}`; readonly data: `0x${string}` },
): Promise<Result<bigint, "NO_ANSWER" | "WOULD_FAIL">> {
  try {
    return ok(((await client.estimateGas(call)) * 4n) / 3n);
  } catch (error) {
    const isRevert =
      error instanceof BaseError && error.walk((cause) => cause instanceof ExecutionRevertedError) !== null;
    return refuse(isRevert ? "WOULD_FAIL" : "NO_ANSWER");
  }
}
