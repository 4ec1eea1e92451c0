import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { WireDeposit, WireDepositAddress, WirePayoutTarget, WireWithdrawal } from "#contracts/cashier-api.ts";
import { type Anvil, hasAnvil, startAnvil, whyNoAnvil } from "../support/chain/anvil.ts";
import { hotKey, newAddress, tokensOf } from "../support/chain/payouts.ts";
import { houseXpub, walletAddress } from "../support/chain/wallet.ts";
import { staffApi } from "../support/staff-api.ts";
import { brokenBooks } from "../support/trading.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { until } from "../support/until.ts";

if (!hasAnvil) process.stderr.write(`skipped: ${whyNoAnvil}\n`);
const described = hasAnvil ? describe : describe.skip;

described("the whole server, a signer of its own and a real node", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "truewick-chain-"));
  let anvil: Anvil;
  let truewick: RunningTruewick;
  let signer: ChildProcess | null = null;
  let token = "";

  const file = (name: string, content: object): string => {
    const at = path.join(folder, name);
    writeFileSync(at, JSON.stringify(content));
    chmodSync(at, 0o600);
    return at;
  };
  beforeAll(async () => {
    anvil = await startAnvil();
    const chain = {
      ...{ channel: "usdt-erc20", rpcUrl: anvil.rpcUrl, chainId: anvil.chainId, contract: anvil.usdt, decimals: 6 },
      ...{ xpub: houseXpub, confirmations: 2, hotWallet: anvil.payer.address },
    };
    const evm = [1, 2].map((tenantId) => ({ ...chain, tenantId }));
    truewick = await startTruewick({ PAYMENTS_FILE: file("payments.json", { evm }) });
  });
  afterAll(async () => {
    if (signer?.exitCode === null) signer.kill("SIGKILL");
    await truewick?.stop();
    await anvil?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask<Reply>(method: string, at: string, body?: object): Promise<{ status: number; body: Reply }> {
    const response = await fetch(`${truewick.url}/api/trading/${at}`, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Reply };
  }

  test("a deposit arrives and a withdrawal is paid, each once", async () => {
    const { app, owner } = truewick.database;
    await app("payment_channels").insert({
      ...{ channel: "usdt-erc20", currency: "USDT", deposits_enabled: true, cooling_hours: 0 },
      ...{ auto_up_to_minor: 10n ** 12n, four_eyes_above_minor: 10n ** 12n },
    });
    const [login] = truewick.credentials.traders;
    const trader = await app("traders").where({ email: login?.email }).first("id", "name");
    const { body: session } = await ask<{ accessToken: string }>("POST", "session", {
      ...{ email: login?.email, password: login?.password },
    });
    token = session.accessToken;
    const staff = await staffApi(truewick);
    const accountId = await staff.create("accounts", { traderId: trader.id, book: "live", currency: "USDT" });
    const address = await until(
      () => ask<{ address: WireDepositAddress }>("GET", `deposit-address?accountId=${accountId}&channel=usdt-erc20`),
      ({ status }) => status === 200,
    );
    expect(address.body.address.address).toBe(walletAddress(0));
    await anvil.mined(await anvil.send(walletAddress(0), 250_000_000n));
    await anvil.mine();
    const arrived = await until(
      () => ask<{ deposits: WireDeposit[] }>("GET", `deposits?accountId=${accountId}`),
      ({ body }) => body.deposits[0]?.state === "credited",
    );
    expect(arrived.body.deposits).toMatchObject([{ received: "250.000000", channel: "usdt-erc20", requestId: null }]);

    const to = newAddress();
    const target = await ask<{ target: WirePayoutTarget }>("POST", "payout-targets", {
      ...{ channel: "usdt-erc20", name: trader.name, address: to },
    });
    const asked = { requestId: randomUUID(), accountId, targetId: target.body.target.id, amount: "100.50" };
    expect((await ask<unknown>("POST", "withdrawals", asked)).status).toBe(202);
    signer = startSigner();
    const paid = await until(
      async () => {
        await anvil.mine();
        return ask<{ withdrawals: WireWithdrawal[] }>("GET", `withdrawals?accountId=${accountId}`);
      },
      ({ body }) => body.withdrawals[0]?.state === "confirmed",
    );
    expect(paid.body.withdrawals).toMatchObject([{ paidOut: "100.500000", target: { address: to } }]);
    expect(await tokensOf(anvil, to)).toBe(100_500_000n);
    const ended = new Promise((resolve) => signer?.once("exit", resolve));
    signer.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(await brokenBooks(truewick.database)).toEqual([]);
    expect(await owner("chain_payouts")).toHaveLength(1);
  });

  function startSigner(): ChildProcess {
    const databaseUrl = new URL(truewick.database.ownerUrl);
    databaseUrl.searchParams.set("role", "truewick_signer");
    const evm = [1, 2].map((tenantId) => ({
      ...{ tenantId, channel: "usdt-erc20", rpcUrl: anvil.rpcUrl, chainId: anvil.chainId, contract: anvil.usdt },
      ...{ decimals: 6, privateKey: hotKey, feeMost: "50", tip: "1", most: "1000" },
    }));
    const { NODE_OPTIONS: _jestOnly, ...env } = process.env;
    const settings = file("signer.json", { databaseUrl: databaseUrl.toString(), evm });
    return spawn(process.execPath, ["--import", "tsx", "server/signer.ts"], {
      ...{ cwd: path.resolve(import.meta.dirname, "../.."), stdio: "ignore" },
      env: { ...env, SIGNER_FILE: settings, LOG_LEVEL: "warn" },
    });
  }
});
