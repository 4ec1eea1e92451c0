import { afterEach, describe, expect, test } from "@jest/globals";
import { lookAtChain } from "../../../server/capabilities/deposits/index.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { openCashier } from "../../../server/roles/cashier.ts";
import { hasAnvil, whyNoAnvil } from "../../support/chain/anvil.ts";
import { type ChainOptions, type TestChain, testChain } from "../../support/chain/desk.ts";
import { type TcpProxy, tcpProxy } from "../../support/tcp-proxy.ts";
import { brokenBooks } from "../../support/trading.ts";

if (!hasAnvil) process.stderr.write(`skipped: ${whyNoAnvil}\n`);
const described = hasAnvil ? describe : describe.skip;

described("a chain's node", () => {
  let usdt: TestChain;
  let wire: TcpProxy | null = null;
  const open = async (options: ChainOptions = {}): Promise<TestChain> => {
    usdt = await testChain(options);
    return usdt;
  };
  afterEach(async () => {
    expect(await brokenBooks(usdt.house.db)).toEqual([]);
    await wire?.close();
    wire = null;
    await usdt.close();
  });

  test("a node of another chain than the settings say is refused, and nothing of it is taken", async () => {
    await open({ chainId: 1 });
    expect(await usdt.look()).toBe("WRONG_NETWORK");
    expect(await usdt.house.db.app("chain_watches")).toEqual([]);
    expect(await usdt.ask(await usdt.account())).toEqual({ ok: false, refusal: "CHANNEL_CLOSED" });
  });

  test("a token with other decimals than the settings say is refused", async () => {
    await open({ decimals: 18, saidDecimals: 6 });
    expect(await usdt.look()).toBe("WRONG_NETWORK");
  });

  test("settings that name another token than what was watched are refused", async () => {
    await open();
    await usdt.look();
    const contract = await usdt.anvil.deploy();
    const other = { ...usdt.chain, reader: { ...usdt.chain.reader, contract } };
    expect(await lookAtChain(usdt.deps, other, { again: false })).toEqual({ ok: false, refusal: "OTHER_CHAIN" });
  });

  test("in 18 decimals, what is finer than a minor unit is kept and not credited", async () => {
    await open({ decimals: 18 });
    await usdt.look();
    const account = await usdt.account();
    const { address } = await usdt.addressOf(account);
    await usdt.anvil.mined(await usdt.anvil.send(address, 12_345_678_999_999_999_999n));
    await usdt.anvil.mined(await usdt.anvil.send(address, 999_999_999_999n));
    await usdt.anvil.mine(2);
    await usdt.look();
    expect(await usdt.balance(account)).toBe(12_345_678n);
    const kept = await usdt.house.db.app("chain_transfers").orderBy("block_number").select("amount_minor", "remainder");
    expect(kept).toEqual([
      { amount_minor: 12_345_678n, remainder: "999999999999" },
      { amount_minor: 0n, remainder: "999999999999" },
    ]);
  });

  test("a node that is down for 300 blocks: nothing is lost, nothing twice, and it is said that it does not answer", async () => {
    await open({
      rpcUrl: async (anvil) => {
        wire = await tcpProxy("127.0.0.1", Number(new URL(anvil.rpcUrl).port));
        return `http://127.0.0.1:${wire.port}`;
      },
    });
    await usdt.look();
    const account = await usdt.account();
    const { address } = await usdt.addressOf(account);
    wire?.cut();
    await usdt.anvil.mined(await usdt.anvil.send(address, 3_000_000n));
    await usdt.anvil.mine(150);
    expect(await usdt.look()).toBe("NO_ANSWER");
    await usdt.anvil.mined(await usdt.anvil.send(address, 4_000_000n));
    await usdt.anvil.mine(150);
    expect(await usdt.look()).toBe("NO_ANSWER");
    expect(await usdt.balance(account)).toBe(0n);
    wire?.mend();
    await usdt.look();
    expect(await usdt.balance(account)).toBe(7_000_000n);
  });

  test("a trader is told where to pay, and what was seen there", async () => {
    await open();
    await usdt.look();
    const { house } = usdt;
    const cashier = openCashier({
      ...{ transact: transactor(house.db.app), db: house.db.app, bus: { publish: house.ports.announce } },
      ...{ clock: house.ports.clock, payments: { channels: [], chains: [usdt.chain] } },
      quotes: { latestTradable: house.ports.market.latestTradable },
    });
    const { trader, accountId } = await usdt.account();
    const of = { accountId, channel: "usdt-erc20" } as const;
    const told = await cashier.depositAddress(trader, of);
    expect(told).toMatchObject({
      value: {
        ...{ channel: "usdt-erc20", network: "eip155:31337", contract: usdt.anvil.usdt, currency: "USDT" },
        ...{ min: "1.000000", confirmations: 3, pending: [] },
      },
    });
    if (!("value" in told)) throw new Error(told.refusal.code);
    await usdt.anvil.mined(await usdt.anvil.send(told.value.address, 1_500_000n));
    await usdt.look();
    expect(await cashier.depositAddress(trader, of)).toMatchObject({
      value: { pending: [{ amount: "1.500000", confirmations: 1 }] },
    });
    expect(await cashier.depositAddress(trader, { ...of, channel: "usdt-bep20" })).toMatchObject({
      refusal: { status: 422, code: "CHANNEL_CLOSED" },
    });
  });
});
