import { afterEach, describe, expect, test } from "@jest/globals";
import type { Finality } from "#core/chain-rules.ts";
import { hasAnvil, whyNoAnvil } from "../support/chain/anvil.ts";
import { type TestChain, testChain } from "../support/chain/desk.ts";
import { brokenBooks, type TestAccount } from "../support/trading.ts";

if (!hasAnvil) process.stderr.write(`skipped: ${whyNoAnvil}\n`);
const described = hasAnvil ? describe : describe.skip;

described("F29: the chain takes back three blocks", () => {
  let usdt: TestChain;
  afterEach(async () => {
    expect(await brokenBooks(usdt.house.db)).toEqual([]);
    await usdt.close();
  });

  /** Looks, and has an account with an address there. */
  const open = async (finality: Finality): Promise<{ account: TestAccount; address: string }> => {
    usdt = await testChain({ finality });
    await usdt.anvil.mine(5);
    await usdt.look();
    const account = await usdt.account();
    return { account, address: (await usdt.addressOf(account)).address };
  };

  /** A deposit that is seen in the oldest of three blocks, which the chain then takes back. */
  const seenAndGone = async (address: string, amount: bigint): Promise<{ nonce: number }> => {
    const takeBack = await usdt.anvil.fork();
    const nonce = await usdt.anvil.client.getTransactionCount({ address: usdt.anvil.payer.address });
    await usdt.anvil.mined(await usdt.anvil.send(address, amount, { nonce }));
    await usdt.anvil.mine(2);
    await usdt.look();
    await takeBack();
    return { nonce };
  };

  test("a deposit that comes again in another block is credited once, and not before that block counts", async () => {
    const { account, address } = await open({ confirmations: 6n });
    const { nonce } = await seenAndGone(address, 9_000_000n);
    expect(await usdt.states(account)).toEqual(["waiting"]);
    await usdt.anvil.mine();
    await usdt.look();
    await usdt.anvil.mined(await usdt.anvil.send(address, 9_000_000n, { nonce }));
    await usdt.anvil.mine(4);
    await usdt.look();
    expect(await usdt.balance(account)).toBe(0n);
    await usdt.anvil.mine();
    await usdt.look();
    expect(await usdt.balance(account)).toBe(9_000_000n);
    expect(await usdt.states(account)).toEqual(["credited"]);
  });

  test("a deposit that does not come again is dropped, and nothing was credited", async () => {
    const { account, address } = await open({ confirmations: 6n });
    const { nonce } = await seenAndGone(address, 9_000_000n);
    // The payer spends the same number on somebody else: the deposit can never come.
    await usdt.anvil.mined(await usdt.anvil.send(usdt.anvil.payer.address, 1n, { nonce }));
    await usdt.anvil.mine(6);
    await usdt.look();
    expect(await usdt.states(account)).toEqual(["waiting"]);
    await usdt.anvil.mine(6);
    await usdt.look();
    expect(await usdt.states(account)).toEqual(["failed"]);
    expect(await usdt.balance(account)).toBe(0n);
  });

  test("a dropped deposit that comes late after all is credited", async () => {
    const { account, address } = await open({ confirmations: 2n });
    const takeBack = await usdt.anvil.fork();
    await usdt.anvil.mined(await usdt.anvil.send(address, 9_000_000n, { nonce: 1 }));
    await usdt.look();
    await takeBack();
    await usdt.anvil.mine(6);
    await usdt.look();
    await usdt.anvil.mine();
    await usdt.look();
    expect(await usdt.states(account)).toEqual(["failed"]);
    await usdt.anvil.mined(await usdt.anvil.send(address, 9_000_000n, { nonce: 1 }));
    await usdt.anvil.mine();
    await usdt.look();
    expect(await usdt.states(account)).toEqual(["credited"]);
    expect(await usdt.balance(account)).toBe(9_000_000n);
  });

  test("credited on two blocks and taken back by the chain: reversed, what was spent is owed", async () => {
    const { account, address } = await open({ confirmations: 2n });
    const { nonce } = await seenAndGone(address, 9_000_000n);
    expect(await usdt.balance(account)).toBe(9_000_000n);
    await usdt.anvil.mined(await usdt.anvil.send(usdt.anvil.payer.address, 1n, { nonce }));
    await usdt.look();
    expect(await usdt.states(account)).toEqual(["credited"]);
    await usdt.anvil.mine(3);
    await usdt.look();
    expect(await usdt.states(account)).toEqual(["reversed"]);
    expect(await usdt.balance(account)).toBe(0n);
  });

  test("credited, gone and in another block again: it stays credited, once", async () => {
    const { account, address } = await open({ confirmations: 2n });
    const { nonce } = await seenAndGone(address, 9_000_000n);
    await usdt.anvil.mine();
    await usdt.look();
    await usdt.anvil.mined(await usdt.anvil.send(address, 9_000_000n, { nonce }));
    await usdt.anvil.mine(8);
    await usdt.look();
    expect(await usdt.states(account)).toEqual(["credited"]);
    expect(await usdt.balance(account)).toBe(9_000_000n);
  });

  test("reversed, and yet in the chain again much later: a deposit of its own, credited once", async () => {
    const { account, address } = await open({ confirmations: 2n });
    const { nonce } = await seenAndGone(address, 9_000_000n);
    await usdt.anvil.mine(4);
    await usdt.look();
    await usdt.anvil.mine();
    await usdt.look();
    expect(await usdt.states(account)).toEqual(["reversed"]);
    const txid = await usdt.anvil.mined(await usdt.anvil.send(address, 9_000_000n, { nonce }));
    await usdt.anvil.mine(3);
    await usdt.look();
    expect(await usdt.states(account)).toEqual(["reversed", "credited"]);
    expect((await usdt.deposits(account)).map(({ payment_no }) => payment_no)).toEqual([`${txid}:0`, `${txid}:0#2`]);
    expect(await usdt.balance(account)).toBe(9_000_000n);
  });

  test("what the chain itself calls final is credited only then", async () => {
    const { account, address } = await open("final");
    await usdt.anvil.mined(await usdt.anvil.send(address, 9_000_000n));
    await usdt.anvil.mine(3);
    await usdt.look();
    expect(await usdt.states(account)).toEqual(["waiting"]);
    await usdt.anvil.mine();
    await usdt.look();
    expect(await usdt.states(account)).toEqual(["credited"]);
  });
});
