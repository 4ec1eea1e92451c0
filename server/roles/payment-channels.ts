import { readFileSync } from "node:fs";
import { z } from "zod";
import type { DepositChannel } from "#core/deposit-channel.ts";
import { type Config, ConfigError } from "../config.ts";
import type { Clock } from "../platform/clock.ts";
import { gateway } from "../platform/payments/gateway.ts";
import { stripeChannel } from "../platform/payments/stripe.ts";
import { evmChain, type HouseChain, openEvmChain } from "./evm-chain.ts";
import { openTronChain, tronChain } from "./tron-chain.ts";

const httpUrl = z.url({ protocol: /^https?$/ });
const merchant = z.strictObject({
  /** The partner's number, whose merchant account it is. */
  tenantId: z.int().min(1),
  merchantId: z.string().min(1).max(64),
  secret: z.string().min(16).max(512),
  payUrl: httpUrl,
  /** Absent: the gateway can't be asked, its notices are the facts. */
  queryUrl: httpUrl.optional(),
  /** Absent: it has no statement; the days' payments are asked about one by one. */
  settleUrl: httpUrl.optional(),
});
const stripeAccount = z.strictObject({
  tenantId: z.int().min(1),
  /** A secret or restricted key; its mode is the mode of the events that are believed. */
  secretKey: z.string().regex(/^(sk|rk)_(live|test)_\w{16,200}$/),
  /** Of the endpoint; two while one is rolled over to the next. */
  webhookSecrets: z
    .array(z.string().regex(/^whsec_[\w+/=]{16,200}$/))
    .min(1)
    .max(4),
  /** Absent: Stripe's own. */
  apiUrl: httpUrl.optional(),
});
const paymentSettings = z.strictObject({
  gateway: z.array(merchant).max(500).default([]),
  stripe: z.array(stripeAccount).max(500).default([]),
  evm: z.array(evmChain).max(500).default([]),
  tron: z.array(tronChain).max(500).default([]),
});

/** What PAYMENTS_FILE says: channels that are told and asked of payments, and chains that are looked at. */
export interface OpenedPayments {
  readonly channels: readonly DepositChannel[];
  readonly chains: readonly HouseChain[];
}

/** The payment channels of PAYMENTS_FILE, none without one. Throws a `ConfigError` when the file can't be used. */
export function openPaymentChannels(
  { paymentsFile, publicOrigin, port, demo }: Pick<Config, "paymentsFile" | "publicOrigin" | "port" | "demo">,
  clock: Pick<Clock, "now">,
): OpenedPayments {
  if (paymentsFile === null) return { channels: [], chains: [] };
  const origin = publicOrigin ?? `http://localhost:${port}`;
  const settings = readSettings(paymentsFile);
  const gateways = settings.gateway.map(({ queryUrl = null, settleUrl = null, ...account }) =>
    gateway({
      ...{ ...account, queryUrl, settleUrl },
      notifyUrl: `${origin}/api/payments/gateway/${account.tenantId}/notice`,
      returnUrl: `${origin}/demo/`,
      now: () => clock.now().getTime(),
    }),
  );
  if (!demo && settings.stripe.some(({ secretKey }) => secretKey.includes("_test_")))
    throw new ConfigError([`PAYMENTS_FILE ${paymentsFile} has a test key of Stripe (only DEMO=1 runs with one).`]);
  const cards = settings.stripe.map(({ apiUrl = null, ...account }) =>
    stripeChannel({ ...account, apiUrl, returnUrl: `${origin}/demo/` }),
  );
  const channels = [...gateways, ...cards];
  const chains = [...settings.evm.map(openEvmChain), ...settings.tron.map(openTronChain)];
  const twice = [...channels, ...chains].find(
    (one, at, all) =>
      all.findIndex(({ channel, tenantId }) => channel === one.channel && tenantId === one.tenantId) !== at,
  );
  if (twice !== undefined)
    throw new ConfigError([
      `PAYMENTS_FILE ${paymentsFile} names ${twice.channel} twice for partner ${twice.tenantId}.`,
    ]);
  return { channels, chains };
}

function readSettings(file: string): z.infer<typeof paymentSettings> {
  try {
    return paymentSettings.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    // A message of zod or JSON.parse may quote the file, and the file holds secrets.
    const at = error instanceof z.ZodError ? error.issues.map(({ path }) => path.join(".")).join(", ") : "its JSON";
    throw new ConfigError([`PAYMENTS_FILE ${file} can't be used: look at ${at}.`]);
  }
}
