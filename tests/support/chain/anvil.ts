import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { createTestClient, createWalletClient, getAddress, type Hex, http, publicActions } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { anvil as anvilChain } from "viem/chains";
import { mockUsdt } from "./mock-usdt.ts";

const binary = path.resolve(import.meta.dirname, "../../../node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");

/** The binary is an optional package of this platform: elsewhere the suites that need it are skipped, and say so. */
export const hasAnvil = existsSync(binary);
export const whyNoAnvil = `no ${binary}: chains are not tested on this machine`;

/** The words that everybody's development chains are funded from. */
const words = "test test test test test test test test test test test junk";
const startPatienceMs = 20_000;

/** A real node of an EVM chain of its own on loopback, with a token on it that behaves as USDT. It mines a block when told to. */
export async function startAnvil({ decimals = 6 }: { readonly decimals?: number } = {}) {
  const child = spawn(
    binary,
    ["--port", "0", "--no-mining", "--slots-in-an-epoch", "2", "--mnemonic", words, "--accounts", "3"],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  const rpcUrl = `http://${await listening(child)}`;
  const client = createTestClient({ mode: "anvil", chain: anvilChain, transport: http(rpcUrl), cacheTime: 0 }).extend(
    publicActions,
  );
  const payer = mnemonicToAccount(words);
  const wallet = createWalletClient({ account: payer, chain: anvilChain, transport: http(rpcUrl) });
  const mine = (blocks = 1): Promise<void> => client.mine({ blocks });
  const mined = async (txid: Hex): Promise<Hex> => {
    await mine();
    await client.getTransactionReceipt({ hash: txid });
    return txid;
  };
  const deploy = async (supply = 10n ** 30n): Promise<Hex> => {
    const txid = await mined(await wallet.deployContract({ ...mockUsdt, args: [decimals, supply] }));
    const { contractAddress } = await client.getTransactionReceipt({ hash: txid });
    if (contractAddress == null) throw new Error("the token was not deployed");
    return getAddress(contractAddress);
  };
  const usdt = await deploy();
  // Fixed fees: sent again, it is the same transaction.
  const fees = { gas: 200_000n, maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n } as const;
  const token = { address: usdt, abi: mockUsdt.abi, ...fees } as const;
  let forks = 0;
  return {
    /** Another account with money for gas, whose numbers are its own. */
    others: mnemonicToAccount(words, { addressIndex: 1 }),
    /** Of the node: for who makes sure that it ends with him. */
    pid: child.pid ?? 0,
    ...{ rpcUrl, chainId: anvilChain.id, client, wallet, payer, usdt, decimals, deploy, mine, mined },
    /** Sends tokens without mining them. */
    send: (to: string, amount: bigint, more: { readonly contract?: Hex; readonly nonce?: number } = {}): Promise<Hex> =>
      wallet.writeContract({
        ...{ ...token, address: more.contract ?? usdt, functionName: "transfer", args: [getAddress(to), amount] },
        ...(more.nonce === undefined ? {} : { nonce: more.nonce }),
      }),
    sendMany: (to: readonly string[], amounts: readonly bigint[]): Promise<Hex> =>
      wallet.writeContract({
        ...{ ...token, functionName: "transferMany", args: [to.map((one) => getAddress(one)), [...amounts]] },
      }),
    /** Remembers the chain as it is; what it gives takes back every block since, and what comes then is another chain. */
    fork: async (): Promise<() => Promise<void>> => {
      const id = await client.snapshot();
      return async () => {
        await client.revert({ id });
        forks += 1;
        await client.increaseTime({ seconds: 10_000 * forks });
      };
    },
    close: (): Promise<void> =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      }),
  };
}

export type Anvil = Awaited<ReturnType<typeof startAnvil>>;

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("anvil did not listen in time")), startPatienceMs);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`anvil ended with ${code}`)));
    if (child.stdout === null) return reject(new Error("anvil has no output"));
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => {
      const address = /^Listening on (\S+)/.exec(line)?.[1];
      if (address === undefined) return;
      clearTimeout(late);
      resolve(address);
    });
  });
}
