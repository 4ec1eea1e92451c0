import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { normalAddress } from "../../../server/platform/payments/evm.ts";
import { openPaymentChannels } from "../../../server/roles/payment-channels.ts";
import { houseXprv, houseXpub, walletAddress } from "../../support/chain/wallet.ts";

const folder = mkdtempSync(path.join(tmpdir(), "truewick-payments-"));
afterAll(() => rmSync(folder, { recursive: true }));

const entry = {
  ...{ tenantId: 1, channel: "usdt-bep20", rpcUrl: "http://127.0.0.1:1", chainId: 56, decimals: 18, xpub: houseXpub },
  contract: "0x55d398326f99059fF775485246999027B3197955",
};
function open(evm: readonly object[]) {
  const paymentsFile = path.join(folder, "payments.json");
  writeFileSync(paymentsFile, JSON.stringify({ evm }));
  return openPaymentChannels({ paymentsFile, publicOrigin: null, port: 8080, demo: true }, { now: () => new Date() });
}

test("an entry of PAYMENTS_FILE opens a chain; without a number of confirmations it waits for final blocks", () => {
  const [chain] = open([entry]).chains;
  expect([chain?.channel, chain?.currency, chain?.finality]).toEqual(["usdt-bep20", "USDT", "final"]);
  expect([chain?.reader.network, chain?.token.decimals]).toEqual(["eip155:56", 18]);
  expect(chain?.reader.addressAt(7)).toBe(walletAddress(7));
});

test("a private key in the settings stops the start", () => {
  expect(() => open([{ ...entry, xpub: houseXprv }])).toThrow(/PAYMENTS_FILE/);
});

test("a contract with a wrong checksum, a key of another level and one channel twice stop the start", () => {
  expect(() => open([{ ...entry, contract: entry.contract.toLowerCase() }])).toThrow(/evm.0.contract/);
  expect(() =>
    open([
      {
        ...entry,
        xpub: "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8",
      },
    ]),
  ).toThrow(/evm.0/);
  expect(() => open([entry, entry])).toThrow(/usdt-bep20 twice for partner 1/);
});

test.each([["as it is", "0x55d398326f99059fF775485246999027B3197955", "0x0000000000000000000000000000000000000001"]])(
  "an address is taken %s",
  (_how, address, contract) => {
    expect(normalAddress(address, contract)).toEqual({ ok: true, value: address });
  },
);

test.each([
  ["a wrong capital letter", "0x55d398326F99059fF775485246999027B3197955"],
  ["no capital letters, so no checksum", "0x55d398326f99059ff775485246999027b3197955"],
  ["the address of nobody", "0x0000000000000000000000000000000000000000"],
  ["the token's own contract", "0xdAC17F958D2ee523a2206206994597C13D831ec7"],
  ["an address of another chain", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"],
  ["spaces", " 0x55d398326f99059fF775485246999027B3197955"],
  ["no address", "0x12"],
])("refused: %s", (_what, address) => {
  expect(normalAddress(address, "0xdAC17F958D2ee523a2206206994597C13D831ec7")).toEqual({
    ok: false,
    refusal: "ADDRESS_INVALID",
  });
});
