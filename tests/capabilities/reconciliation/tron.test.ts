import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { newTronAddress, type TestTron, testTron } from "../../support/chain/tron-desk.ts";
import type { TestAccount } from "../../support/trading.ts";
import { type Compared, compareNow, tasksOf } from "./support.ts";

let usdt: TestTron;
let account: TestAccount;
let address: string;
let hotWallet: string;

beforeEach(async () => {
  usdt = await testTron();
  usdt.mine();
  await usdt.look();
  account = await usdt.account();
  ({ address } = await usdt.addressOf(account));
  hotWallet = newTronAddress();
});
afterEach(() => usdt?.close());

const compare = (): Promise<Compared> =>
  compareNow(usdt.house.db.app, {
    ...{ tenantId: usdt.house.tenantId, channel: "usdt-trc20", channels: [] },
    chains: [{ ...usdt.chain, hotWallet }],
  });

test("TRON beside the books: what is solid and credited is matched, and the addresses have what the books say", async () => {
  await usdt.tron.send(address, 25_500_000n);
  usdt.mine(2);
  await usdt.look();
  const [deposit] = await usdt.deposits(account);
  const run = await compare();
  expect(run.items).toEqual([`${deposit?.id} matched 25500000 25500000`]);
  expect(run.totals).toMatchObject([{ matched: 1, ours_minor: 25_500_000n, theirs_minor: 25_500_000n }]);
  expect(await tasksOf(usdt.house.db.app)).toEqual([]);
});

test("what is sent to the house's own wallet there is a task", async () => {
  const txid = await usdt.tron.send(hotWallet, 9_000_000n);
  usdt.mine(2);
  await usdt.look();
  expect((await compare()).items).toEqual([`line ${txid}:0 only-theirs 0 9000000`]);
  expect(await tasksOf(usdt.house.db.app)).toEqual([`line ${txid}:0 open 0 9000000`]);
});
