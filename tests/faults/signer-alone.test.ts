import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { hotKey } from "../support/chain/payouts.ts";
import { until } from "../support/until.ts";
import { secretFile } from "./runner/chain.ts";
import { supervise } from "./runner/processes.ts";

/** F11, F12 for the signer: it has nothing but its database, and must still be there when that comes back. */
test("the signer goes on looking for a database that is away", async () => {
  let tries = 0;
  const away = createServer((socket) => {
    tries += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => away.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(path.join(os.tmpdir(), "truewick-signer-"));
  const wallet = {
    ...{ tenantId: 1, channel: "usdt-erc20", rpcUrl: "http://127.0.0.1:1", chainId: 1, decimals: 6 },
    ...{ contract: "0xdAC17F958D2ee523a2206206994597C13D831ec7", privateKey: hotKey, feeMost: "50", tip: "1" },
  };
  const databaseUrl = `postgres://signer:none@127.0.0.1:${(away.address() as AddressInfo).port}/none`;
  const env = { SIGNER_FILE: secretFile(folder, "signer.json", { databaseUrl, evm: [wallet] }), LOG_LEVEL: "fatal" };
  const signer = supervise({ name: "signer", script: "server/signer.ts", env, readyAt: /^signer runs$/m });
  try {
    await signer.ready();
    const before = tries;
    await until(
      async () => tries,
      (now) => now >= before + 3,
    );
    expect(signer.unexpected).toEqual([]);
    expect((await signer.restart()).code).toBe(0);
  } finally {
    await signer.stop();
    await new Promise((resolve) => away.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
