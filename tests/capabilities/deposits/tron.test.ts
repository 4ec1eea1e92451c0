import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { tronProblem } from "../../../server/platform/payments/tron.ts";
import {
  newTronAddress,
  type TestTron,
  testTron,
  tronWalletAddress,
  tronXprv,
  tronXpub,
} from "../../support/chain/tron-desk.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";

/** USDT on TRON, against a full node's HTTP interface. */
let tron: TestTron;
let account: TestAccount;
let address: string;

describe("credited when its block is solid", () => {
  beforeAll(async () => {
    tron = await testTron();
    await tron.look();
  });
  afterAll(() => tron?.close());
  beforeEach(async () => {
    account = await tron.account();
    ({ address } = await tron.addressOf(account));
  });
  afterEach(async () => {
    tron.tron.behaviour.is = "up";
    expect(await brokenBooks(tron.house.db)).toEqual([]);
  });

  test("each account has the address that the wallet derives from its private key", async () => {
    const others = await Promise.all([tron.account(), tron.account()]);
    const given = await Promise.all(others.map(async (one) => (await tron.addressOf(one)).address));
    expect(new Set([address, ...given])).toEqual(new Set([0, 1, 2].map(tronWalletAddress)));
    expect(address).toMatch(/^T[1-9A-HJ-NP-Za-km-z]{33}$/);
  });

  test("it is shown at once, and credited with the solid block, once", async () => {
    const txid = await tron.tron.send(address, 25_500_000n);
    tron.mine(1, 1);
    await tron.look();
    expect(await tron.states(account)).toEqual(["waiting"]);
    expect((await tron.addressOf(account)).pending).toEqual([
      expect.objectContaining({ txid, amount: 25_500_000n, confirmations: 1n }),
    ]);
    tron.mine(18, 19);
    await tron.look();
    expect(await tron.balance(account)).toBe(0n);
    tron.mine(1, 18);
    await tron.look();
    expect(await tron.balance(account)).toBe(25_500_000n);
    await Promise.all([tron.look(true), tron.look(true)]);
    expect(await tron.balance(account)).toBe(25_500_000n);
    expect(await tron.deposits(account)).toMatchObject([{ state: "credited", payment_no: `${txid}:0` }]);
  });

  test("two transfers in one transaction are two deposits, two to one address as well", async () => {
    const other = await tron.account();
    const txid = await tron.tron.sendTwo([address, (await tron.addressOf(other)).address], [2_000_000n, 3_000_000n]);
    const again = await tron.tron.sendTwo([address, address], [4_000_000n, 5_000_000n]);
    tron.mine();
    await tron.look();
    expect(await tron.balance(account)).toBe(11_000_000n);
    expect(await tron.balance(other)).toBe(3_000_000n);
    const numbers = (await tron.deposits(account)).map(({ payment_no }) => payment_no).sort();
    expect(numbers).toEqual([`${txid}:0`, `${again}:0`, `${again}:1`].sort());
  });

  test("dust is kept and shown; another token, nothing, and a transfer that failed are nothing", async () => {
    await tron.tron.send(address, 999_999n);
    await tron.tron.send(address, 50_000_000n, tron.tron.deploy());
    await tron.tron.send(address, 0n);
    const failed = await tron.tron.send(address, 10n ** 40n);
    tron.mine();
    await tron.look();
    expect(tron.tron.ledger.find(failed).info).toMatchObject({ receipt: { result: "REVERT" } });
    expect(await tron.states(account)).toEqual(["in-review"]);
    expect(await tron.balance(account)).toBe(0n);
  });

  test("what came while nobody looked, over many pages, is found afterwards, once", async () => {
    for (let time = 0; time < 3; time++) {
      await tron.tron.send(address, 7_000_000n);
      tron.mine(30);
    }
    await Promise.all([tron.look(), tron.look()]);
    await tron.look();
    expect(await tron.balance(account)).toBe(21_000_000n);
  });

  test.each(["hangs-up", "says-500", "says-429"] as const)(
    "a node that %s for a while is asked again: nothing is lost, nothing doubled",
    async (is) => {
      await tron.tron.send(address, 7_000_000n);
      tron.mine();
      tron.tron.behaviour.is = is;
      expect(await tron.look()).toBe("NO_ANSWER");
      expect(await tron.balance(account)).toBe(0n);
      tron.tron.behaviour.is = "up";
      await tron.look();
      await tron.look(true);
      expect(await tron.balance(account)).toBe(7_000_000n);
    },
  );
});

describe("the chain takes blocks back", () => {
  afterEach(async () => {
    expect(await brokenBooks(tron.house.db)).toEqual([]);
    await tron.close();
  });

  /** Seen, and the block is gone; the transaction, which can be sent again. */
  const seenAndGone = async (finality: NonNullable<Parameters<typeof testTron>[0]>["finality"]) => {
    tron = await testTron({ ...(finality === undefined ? {} : { finality }) });
    tron.mine(5);
    await tron.look();
    account = await tron.account();
    ({ address } = await tron.addressOf(account));
    const transaction = await tron.tron.transferOf(address, 9_000_000n);
    const takeBack = tron.tron.ledger.fork();
    tron.tron.give(transaction);
    tron.tron.mine(3);
    await tron.look();
    takeBack();
    return transaction;
  };

  test("before a block is solid: nothing is credited early, and the same transaction in another block once", async () => {
    const transaction = await seenAndGone("final");
    expect(await tron.states(account)).toEqual(["waiting"]);
    tron.tron.mine(1);
    await tron.look();
    tron.tron.give(transaction);
    tron.tron.mine(1);
    await tron.look();
    expect(await tron.balance(account)).toBe(0n);
    tron.mine(1);
    await tron.look();
    expect(await tron.balance(account)).toBe(9_000_000n);
    expect(await tron.deposits(account)).toMatchObject([{ state: "credited", payment_no: `${transaction.txID}:0` }]);
  });

  test("one that never comes again is dropped", async () => {
    await seenAndGone("final");
    tron.mine(6);
    await tron.look();
    tron.mine(6);
    await tron.look();
    expect(await tron.states(account)).toEqual(["failed"]);
    expect(await tron.balance(account)).toBe(0n);
  });

  test("credited by confirmations and gone: reversed", async () => {
    await seenAndGone({ confirmations: 2n });
    expect(await tron.balance(account)).toBe(9_000_000n);
    tron.tron.mine(2);
    await tron.look();
    tron.tron.mine(5);
    await tron.look();
    expect(await tron.states(account)).toEqual(["reversed"]);
    expect(await tron.balance(account)).toBe(0n);
  });
});

describe("settings that are another chain's", () => {
  afterEach(() => tron.close());

  test.each([
    ["another first block", { genesis: "0x2b6653dc" }],
    ["other decimals", { decimals: 18 }],
  ])("%s: nothing of it is taken", async (_what, options) => {
    tron = await testTron(options);
    expect(await tron.look()).toBe("WRONG_NETWORK");
  });
});

test("settings with a private key, of another depth, or with a mistyped address say so", () => {
  const contract = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
  expect(tronProblem({ contract, xpub: tronXpub })).toBeNull();
  expect(tronProblem({ contract, xpub: tronXprv })).toMatch(/private key/);
  expect(tronProblem({ contract: "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6T", xpub: tronXpub })).toMatch(/addresses/);
  expect(tronProblem({ contract, xpub: tronXpub, hotWallet: "0x71C7656EC7ab88b098defB751B7401B5f6d8976F" })).toMatch(
    /addresses/,
  );
  expect(tronProblem({ contract, xpub: "xpub" })).toMatch(/no extended/);
  expect(newTronAddress()).toMatch(/^T/);
});
