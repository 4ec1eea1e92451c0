import { test } from "@jest/globals";
import { hasAnvil, startAnvil, whyNoAnvil } from "../support/chain/anvil.ts";
import { hotKey, newAddress, tokensOf } from "../support/chain/payouts.ts";
import { startTron, tronKey } from "../support/chain/tron.ts";
import { newTronAddress, tronWalletAddress, tronXpub } from "../support/chain/tron-desk.ts";
import { houseXpub, walletAddress } from "../support/chain/wallet.ts";
import { liveOnChain } from "./chain-story.ts";

if (!hasAnvil) process.stderr.write(`skipped: ${whyNoAnvil}\n`);
// Both mostly wait for the rounds of whoever looks, pays and signs: side by side.
const timeoutMs = 180_000;

(hasAnvil ? test.concurrent : test.skip)(
  "an EVM chain: a deposit arrives and a withdrawal is paid, each once",
  async () => {
    const anvil = await startAnvil();
    const node = { rpcUrl: anvil.rpcUrl, chainId: anvil.chainId, contract: anvil.usdt, decimals: 6 };
    try {
      await liveOnChain({
        ...{ channel: "usdt-erc20", family: "evm", firstAddress: walletAddress(0), newAddress },
        entry: { ...node, xpub: houseXpub, confirmations: 2, hotWallet: anvil.payer.address },
        signerEntry: { ...node, privateKey: hotKey, feeMost: "50", tip: "1", most: "1000" },
        ...{ send: anvil.send, mine: anvil.mine, has: (address) => tokensOf(anvil, address) },
      });
    } finally {
      await anvil.close();
    }
  },
  timeoutMs,
);

test.concurrent(
  "TRON: a deposit arrives and a withdrawal is paid, each once",
  async () => {
    const tron = await startTron();
    const node = { nodeUrl: tron.nodeUrl, genesis: tron.genesis, contract: tron.usdt, decimals: 6 };
    try {
      await liveOnChain({
        ...{ channel: "usdt-trc20", family: "tron", firstAddress: tronWalletAddress(0), newAddress: newTronAddress },
        entry: { ...node, xpub: tronXpub, hotWallet: tron.payer },
        signerEntry: { ...node, privateKey: tronKey, feeMost: "30", most: "1000" },
        ...{ send: tron.send, has: (address) => Promise.resolve(tron.has(address)) },
        mine: () => {
          tron.mine();
          tron.ledger.solidify();
        },
      });
    } finally {
      await tron.close();
    }
  },
  timeoutMs,
);
