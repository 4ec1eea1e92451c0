import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hasAnvil, whyNoAnvil } from "../../support/chain/anvil.ts";
import { type TestChain, testChain } from "../../support/chain/desk.ts";
import { walletAddress } from "../../support/chain/wallet.ts";
import { brokenBooks } from "../../support/trading.ts";

if (!hasAnvil) process.stderr.write(`skipped: ${whyNoAnvil}\n`);
const described = hasAnvil ? describe : describe.skip;

described("USDT on a chain, final after 3 blocks", () => {
  let usdt: TestChain;
  beforeAll(async () => {
    usdt = await testChain();
    await usdt.look();
  });
  afterAll(() => usdt.close());

  test("each account has an address of its own, the same that the wallet derives from its private key", async () => {
    const [first, second] = [await usdt.account(), await usdt.account()];
    expect((await usdt.addressOf(first)).address).toBe(walletAddress(0));
    expect((await usdt.addressOf(second)).address).toBe(walletAddress(1));
    expect((await usdt.addressOf(first)).address).toBe(walletAddress(0));
  });

  test("ten accounts that ask at once get ten addresses, without a gap", async () => {
    const accounts = await Promise.all(Array.from({ length: 10 }, () => usdt.account()));
    const given = await Promise.all(accounts.flatMap((account) => [usdt.addressOf(account), usdt.addressOf(account)]));
    const expected = Array.from({ length: 10 }, (_one, at) => walletAddress(at + 2));
    expect(new Set(given.map(({ address }) => address))).toEqual(new Set(expected));
  });

  test("an account in another currency has no address: nothing is converted", async () => {
    expect(await usdt.ask(await usdt.house.openAccount(0n))).toEqual({ ok: false, refusal: "OTHER_CURRENCY" });
  });

  test("another trader's account has none for him", async () => {
    const [own, foreign] = [await usdt.account(), await usdt.account()];
    expect(await usdt.ask({ ...own, accountId: foreign.accountId })).toEqual({ ok: false, refusal: "UNKNOWN_ACCOUNT" });
  });

  test("a deposit is shown at once, and credited with its third block, once", async () => {
    const account = await usdt.account();
    const { address } = await usdt.addressOf(account);
    const txid = await usdt.anvil.mined(await usdt.anvil.send(address, 25_500_000n));
    await usdt.look();
    expect(await usdt.states(account)).toEqual(["waiting"]);
    expect((await usdt.addressOf(account)).pending).toEqual([
      expect.objectContaining({ txid, amount: 25_500_000n, confirmations: 1n }),
    ]);
    await usdt.anvil.mine();
    await usdt.look();
    expect(await usdt.balance(account)).toBe(0n);
    await usdt.anvil.mine();
    await usdt.look();
    expect(await usdt.balance(account)).toBe(25_500_000n);
    await usdt.look(true);
    expect(await usdt.balance(account)).toBe(25_500_000n);
    const [deposit] = await usdt.deposits(account);
    expect(deposit).toMatchObject({ state: "credited", payment_no: `${txid}:0`, received_minor: 25_500_000n });
    expect((await usdt.addressOf(account)).pending).toEqual([]);
    expect(await brokenBooks(usdt.house.db)).toEqual([]);
  });

  test("two transfers in one transaction are two deposits", async () => {
    const account = await usdt.account();
    const { address } = await usdt.addressOf(account);
    const txid = await usdt.anvil.mined(
      await usdt.anvil.sendMany([address, walletAddress(900), address], [2_000_000n, 5_000_000n, 3_000_000n]),
    );
    await usdt.anvil.mine(2);
    await usdt.look();
    const numbers = (await usdt.deposits(account)).map(({ payment_no }) => payment_no).sort();
    expect(numbers).toEqual([`${txid}:0`, `${txid}:2`]);
    expect(await usdt.balance(account)).toBe(5_000_000n);
  });

  test("dust is kept and shown, and not credited", async () => {
    const account = await usdt.account();
    await usdt.anvil.mined(await usdt.anvil.send((await usdt.addressOf(account)).address, 999_999n));
    await usdt.anvil.mine(2);
    await usdt.look();
    expect(await usdt.states(account)).toEqual(["in-review"]);
    expect(await usdt.balance(account)).toBe(0n);
    expect(await brokenBooks(usdt.house.db)).toEqual([]);
  });

  test("another contract's tokens and a transfer of zero are nothing", async () => {
    const account = await usdt.account();
    const { address } = await usdt.addressOf(account);
    const fake = await usdt.anvil.deploy();
    await usdt.anvil.mined(await usdt.anvil.send(address, 90_000_000n, { contract: fake }));
    await usdt.anvil.mined(await usdt.anvil.send(address, 0n));
    await usdt.anvil.mine(2);
    await usdt.look();
    expect(await usdt.deposits(account)).toEqual([]);
  });

  test("a transaction that failed is nothing", async () => {
    const account = await usdt.account();
    await usdt.anvil.mine();
    const txid = await usdt.anvil.send((await usdt.addressOf(account)).address, 10n ** 40n);
    await usdt.anvil.mine(3);
    expect((await usdt.anvil.client.getTransactionReceipt({ hash: txid })).status).toBe("reverted");
    await usdt.look();
    expect(await usdt.deposits(account)).toEqual([]);
  });

  test("what came while nobody looked, over many pages, is found afterwards, each once", async () => {
    const accounts = [await usdt.account(), await usdt.account()];
    for (const account of accounts) {
      await usdt.anvil.mine(45);
      await usdt.anvil.mined(await usdt.anvil.send((await usdt.addressOf(account)).address, 7_000_000n));
    }
    await usdt.anvil.mine(45);
    await Promise.all([usdt.look(), usdt.look(), usdt.look()]);
    await usdt.look();
    for (const account of accounts) expect(await usdt.balance(account)).toBe(7_000_000n);
    expect(await brokenBooks(usdt.house.db)).toEqual([]);
  });

  test("what was said is kept as it was read, and belongs to its deposit", async () => {
    const account = await usdt.account();
    const txid = await usdt.anvil.mined(await usdt.anvil.send((await usdt.addressOf(account)).address, 4_000_000n));
    await usdt.look();
    await usdt.anvil.mine(2);
    await usdt.look();
    const [deposit] = await usdt.deposits(account);
    const events = await usdt.house.db.app("payment_events").where({ deposit_id: deposit?.id }).orderBy("id");
    expect(events.map(({ status, source, amount_minor }) => [status, source, amount_minor])).toEqual([
      ["pending", "chain", 4_000_000n],
      ["paid", "chain", 4_000_000n],
    ]);
    expect(JSON.parse(String(events[1].body))).toMatchObject({ said: "paid", transfer: { txid, amount: "4000000" } });
  });
});
