import { pbkdf2Sync } from "node:crypto";
import { HDKey } from "viem/accounts";
import type { Finality } from "#core/chain-rules.ts";
import type { SigningWallet } from "../../../server/capabilities/withdrawals/index.ts";
import { tronReader } from "../../../server/platform/payments/tron.ts";
import { tronSender } from "../../../server/platform/payments/tron-sender.ts";
import { tronSigner } from "../../../server/platform/payments/tron-signer.ts";
import type { HouseChain } from "../../../server/roles/evm-chain.ts";
import { type TestDesk, testDesk } from "../trading.ts";
import { chainDesk } from "./desk.ts";
import { payoutDesk } from "./payouts.ts";
import { addressOfKey, startTron, type Tron, tronKey } from "./tron.ts";

const words = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const seed = pbkdf2Sync(words, "mnemonic", 2_048, 64, "sha512"); // BIP-39
const ofAccount = HDKey.fromMasterSeed(seed).derive("m/44'/195'/0'");
/** A wallet of the house on TRON, whose public key alone the server has. */
export const tronXpub: string = ofAccount.publicExtendedKey;
export const tronXprv: string = ofAccount.privateExtendedKey;

/** What the wallet itself, with its private key, calls its address number `index`. */
export function tronWalletAddress(index: number): string {
  const { privateKey } = ofAccount.deriveChild(0).deriveChild(index);
  return addressOfKey(Buffer.from(privateKey ?? []).toString("hex"));
}

let made = 0;
/** An address that nobody has used. */
export const newTronAddress = (): string => {
  made += 1;
  return addressOfKey(`${made}`.padStart(64, "7"));
};

/** Money that comes and goes on TRON over a database of its own, or that of a desk, step by step as the test says. */
export async function testTron(
  options: {
    readonly finality?: Finality;
    readonly of?: TestDesk;
    readonly genesis?: string;
    readonly decimals?: number;
  } = {},
) {
  const house = options.of ?? (await testDesk());
  const tron: Tron = await startTron();
  await house.db.app("payment_channels").insert({
    ...{ channel: "usdt-trc20", currency: "USDT", deposits_enabled: true, deposit_min_minor: 1_000_000 },
    ...{ deposit_max_minor: 5_000_000_000, deposit_four_eyes_above_minor: 100_000 },
  });
  const nodes = {
    ...{ nodeUrl: tron.nodeUrl, solidityUrl: tron.nodeUrl, apiKey: null, contract: tron.usdt },
    genesis: options.genesis ?? tron.genesis,
  };
  const decimals = options.decimals ?? tron.decimals;
  const chain: HouseChain = {
    ...{ tenantId: house.tenantId, channel: "usdt-trc20", currency: "USDT", startBlock: null },
    token: { contract: tron.usdt, decimals },
    finality: options.finality ?? "final",
    hotWallet: tron.payer,
    reader: tronReader({ ...nodes, decimals, xpub: tronXpub, blocksMax: 20n }),
    sender: tronSender(nodes),
  };
  const desk = chainDesk(house, chain);
  const wallet: SigningWallet = {
    ...{ tenantId: house.tenantId, channel: "usdt-trc20", most: null, token: chain.token },
    signer: tronSigner({ ...nodes, privateKey: tronKey, feeMax: 30_000_000n }),
  };
  const pay = await payoutDesk(desk, wallet);
  return {
    ...{ ...desk, ...pay, tron },
    /** Blocks, of which all but the newest `behind` are solid then. */
    mine: (count = 1, behind = 0, skipMs = 0): void => {
      tron.mine(count, skipMs);
      tron.ledger.solidify(behind);
    },
    close: async (): Promise<void> => {
      await pay.signerDb.destroy();
      if (options.of === undefined) await house.close();
      await tron.close();
    },
  };
}

export type TestTron = Awaited<ReturnType<typeof testTron>>;
