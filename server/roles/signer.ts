import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { parseDecimal } from "#core/units.ts";
import { type SigningWallet, signPayouts } from "../capabilities/withdrawals/index.ts";
import { ConfigError } from "../config.ts";
import { connectDatabase } from "../platform/db/connect.ts";
import type { Log } from "../platform/log.ts";
import { isChecksummed } from "../platform/payments/evm.ts";
import { evmSigner } from "../platform/payments/evm-signer.ts";
import { tronSigner } from "../platform/payments/tron-signer.ts";
import { repeat } from "../platform/queue/repeat.ts";
import type { RunningRole } from "./role.ts";
import { tronNodeFields, tronNodes } from "./tron-chain.ts";

const signEveryMs = 2_000;
/** While it signs, a transaction waits for answers of a node. */
const signingMsMax = 60_000;
const aliveMs = 60_000;
const gwei = 9;

const wei = z
  .string()
  .transform((text) => parseDecimal(text, gwei))
  .refine((value) => value !== null && value >= 0n, "must be a number of gwei, such as 1.5");

const evmWallet = z.strictObject({
  tenantId: z.int().min(1),
  channel: z.string().max(31),
  rpcUrl: z.url({ protocol: /^https?$/ }),
  chainId: z.int().min(1),
  contract: z.string().refine(isChecksummed),
  decimals: z.int().min(0).max(36),
  privateKey: z.string().regex(/^0x[0-9a-f]{64}$/),
  /** Gwei for a unit of gas: the most that is paid, and what is offered. */
  feeMost: wei,
  tip: wei,
  /** The largest payout that it signs, in major units; absent: no limit of its own. */
  most: z.string().optional(),
});
const sun = 6;
const tronWallet = z.strictObject({
  ...tronNodeFields,
  privateKey: z.string().regex(/^[0-9a-f]{64}$/),
  /** The most TRX that one payout may burn. */
  feeMost: z.string(),
  /** As above. */
  most: z.string().optional(),
});
const signerSettings = z
  .strictObject({
    databaseUrl: z.string(),
    evm: z.array(evmWallet).default([]),
    tron: z.array(tronWallet).default([]),
  })
  .refine(({ evm, tron }) => evm.length + tron.length > 0, { path: ["evm or tron"] });

/**
 * The signer: a process of its own, which alone holds keys. It logs in to the database as `truewick_signer`, which sees what is approved and queued
 * and writes what was signed, and nothing else; it listens to nobody and sends nothing.
 */
export async function startSigner(settingsFile: string, log: Log): Promise<RunningRole> {
  const settings = readSettings(settingsFile);
  const wallets = [...settings.evm.map(evmWalletOf), ...settings.tron.map(tronWalletOf)];
  const db = connectDatabase({
    ...{ url: settings.databaseUrl, applicationName: "truewick-signer", poolMax: 2 },
    ...{ statementTimeoutMs: 15_000, idleInTransactionMs: signingMsMax },
  });
  const told = new Map<string, string>();
  const round = async (wallet: SigningWallet): Promise<void> => {
    const signed = await signPayouts(db, wallet, (problem, withdrawalId) => {
      if (told.get(withdrawalId) !== problem) log.warn({ withdrawalId, problem }, "a payout is not signed");
      told.set(withdrawalId, problem);
    });
    if (signed > 0) log.info({ signed, wallet: wallet.signer.address }, "payouts were signed");
  };
  const signing = repeat(signEveryMs, async () => {
    for (const wallet of wallets)
      await round(wallet).catch((err: unknown) => log.error({ err, wallet: wallet.signer.address }, "signing failed"));
  });
  // It listens to nobody: while its database is away nothing else keeps the process alive.
  const alive = setInterval(() => {}, aliveMs);
  return {
    name: "signer",
    stop: async () => {
      clearInterval(alive);
      await signing.stop();
      await db.destroy();
    },
  };
}

function evmWalletOf(entry: z.infer<typeof evmWallet>): SigningWallet {
  const { tenantId, channel, rpcUrl, chainId, contract, decimals, feeMost, tip, most } = entry;
  const mostUnits = most === undefined ? null : parseDecimal(most, decimals);
  if (feeMost === null || tip === null || (most !== undefined && mostUnits === null))
    throw new ConfigError([`The signer's settings of ${channel} can't be used: look at feeMost, tip and most.`]);
  const privateKey = entry.privateKey as `0x${string}`;
  return {
    ...{ tenantId, channel, token: { contract, decimals }, most: mostUnits },
    signer: evmSigner({ rpcUrl, chainId, contract, privateKey, feeMax: feeMost, tip }),
  };
}

function tronWalletOf(entry: z.infer<typeof tronWallet>): SigningWallet {
  const { tenantId, channel, contract, decimals, privateKey, feeMost, most } = entry;
  const feeMax = parseDecimal(feeMost, sun);
  const mostUnits = most === undefined ? null : parseDecimal(most, decimals);
  if (feeMax === null || feeMax <= 0n || (most !== undefined && mostUnits === null))
    throw new ConfigError([`The signer's settings of ${channel} can't be used: look at feeMost and most.`]);
  return {
    ...{ tenantId, channel, token: { contract, decimals }, most: mostUnits },
    signer: tronSigner({ ...tronNodes(entry), privateKey, feeMax }),
  };
}

function readSettings(file: string): z.infer<typeof signerSettings> {
  try {
    if ((statSync(file).mode & 0o077) !== 0)
      throw new ConfigError([`${file} holds keys and can be read by others: chmod 600.`]);
    return signerSettings.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    // A message of zod or JSON.parse may quote the file, and the file holds keys.
    const at = error instanceof z.ZodError ? error.issues.map(({ path }) => path.join(".")).join(", ") : "its JSON";
    throw new ConfigError([`SIGNER_FILE ${file} can't be used: look at ${at}.`]);
  }
}
