import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "@jest/globals";
import type { WireDeposit, WireDepositAddress, WirePayoutTarget, WireWithdrawal } from "#contracts/cashier-api.ts";
import type { ChainChannel } from "#contracts/payment-names.ts";
import { staffApi } from "../support/staff-api.ts";
import { brokenBooks } from "../support/trading.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { until } from "../support/until.ts";

/** A chain, and what the server and the signer are told of it. */
export interface StoryChain {
  readonly channel: ChainChannel;
  /** The lists of PAYMENTS_FILE and SIGNER_FILE that it stands in: `evm`, `tron`. */
  readonly family: string;
  readonly entry: object;
  readonly signerEntry: object;
  /** The house's first deposit address. */
  readonly firstAddress: string;
  readonly newAddress: () => string;
  readonly send: (to: string, amount: bigint) => Promise<unknown>;
  readonly mine: () => unknown;
  readonly has: (address: string) => Promise<bigint>;
}

/** The whole server with a signer of its own: a deposit arrives and a withdrawal is paid, each once. */
export async function liveOnChain(chain: StoryChain): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "truewick-chain-"));
  const file = (name: string, content: object): string => {
    const at = path.join(folder, name);
    writeFileSync(at, JSON.stringify(content));
    chmodSync(at, 0o600);
    return at;
  };
  const entries = (entry: object) => ({
    [chain.family]: [1, 2].map((tenantId) => ({ ...entry, tenantId, channel: chain.channel })),
  });
  let signer: ChildProcess | null = null;
  const truewick = await startTruewick({ PAYMENTS_FILE: file("payments.json", entries(chain.entry)) });
  try {
    const trader = await openTrader(truewick, chain);
    await paidIn(chain, trader);
    const databaseUrl = new URL(truewick.database.ownerUrl);
    databaseUrl.searchParams.set("role", "truewick_signer");
    const settings = file("signer.json", { databaseUrl: databaseUrl.toString(), ...entries(chain.signerEntry) });
    await paidOut(chain, trader, () => {
      signer = startSigner(settings);
    });
    const ended = new Promise((resolve) => signer?.once("exit", resolve));
    (signer as ChildProcess | null)?.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(await brokenBooks(truewick.database)).toEqual([]);
    expect(await truewick.database.owner("chain_payouts")).toHaveLength(1);
  } finally {
    (signer as ChildProcess | null)?.kill("SIGKILL");
    await truewick.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface StoryTrader {
  readonly accountId: string;
  readonly name: string;
  readonly ask: <Reply>(method: string, at: string, body?: object) => Promise<{ status: number; body: Reply }>;
}

async function openTrader(truewick: RunningTruewick, { channel }: StoryChain): Promise<StoryTrader> {
  const { app } = truewick.database;
  await app("payment_channels").insert({
    ...{ channel, currency: "USDT", deposits_enabled: true, cooling_hours: 0 },
    ...{ auto_up_to_minor: 10n ** 12n, four_eyes_above_minor: 10n ** 12n },
  });
  const [login] = truewick.credentials.traders;
  const trader = await app("traders").where({ email: login?.email }).first("id", "name");
  let token = "";
  const ask: StoryTrader["ask"] = async (method, at, body) => {
    const response = await fetch(`${truewick.url}/api/trading/${at}`, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  const { body: session } = await ask<{ accessToken: string }>("POST", "session", {
    ...{ email: login?.email, password: login?.password },
  });
  token = session.accessToken;
  const staff = await staffApi(truewick);
  const accountId = await staff.create("accounts", { traderId: trader.id, book: "live", currency: "USDT" });
  return { accountId, name: trader.name, ask };
}

async function paidIn(chain: StoryChain, { accountId, ask }: StoryTrader): Promise<void> {
  const address = await until(
    () =>
      ask<{ address: WireDepositAddress }>("GET", `deposit-address?accountId=${accountId}&channel=${chain.channel}`),
    ({ status }) => status === 200,
  );
  expect(address.body.address.address).toBe(chain.firstAddress);
  await chain.send(chain.firstAddress, 250_000_000n);
  const arrived = await until(
    async () => {
      await chain.mine();
      return ask<{ deposits: WireDeposit[] }>("GET", `deposits?accountId=${accountId}`);
    },
    ({ body }) => body.deposits[0]?.state === "credited",
  );
  expect(arrived.body.deposits).toMatchObject([{ received: "250.000000", channel: chain.channel, requestId: null }]);
}

async function paidOut(chain: StoryChain, { accountId, name, ask }: StoryTrader, sign: () => void): Promise<void> {
  const to = chain.newAddress();
  const target = await ask<{ target: WirePayoutTarget }>("POST", "payout-targets", {
    ...{ channel: chain.channel, name, address: to },
  });
  const asked = { requestId: randomUUID(), accountId, targetId: target.body.target.id, amount: "100.50" };
  expect((await ask<unknown>("POST", "withdrawals", asked)).status).toBe(202);
  sign();
  const paid = await until(
    async () => {
      await chain.mine();
      return ask<{ withdrawals: WireWithdrawal[] }>("GET", `withdrawals?accountId=${accountId}`);
    },
    ({ body }) => body.withdrawals[0]?.state === "confirmed",
  );
  expect(paid.body.withdrawals).toMatchObject([{ paidOut: "100.500000", target: { address: to } }]);
  expect(await chain.has(to)).toBe(100_500_000n);
}

function startSigner(settings: string): ChildProcess {
  const { NODE_OPTIONS: _jestOnly, ...env } = process.env;
  return spawn(process.execPath, ["--import", "tsx", "server/signer.ts"], {
    ...{ cwd: path.resolve(import.meta.dirname, "../.."), stdio: "ignore" },
    env: { ...env, SIGNER_FILE: settings, LOG_LEVEL: "warn" },
  });
}
