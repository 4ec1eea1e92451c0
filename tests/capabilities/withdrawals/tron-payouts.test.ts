import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { newTronAddress, type TestTron, testTron } from "../../support/chain/tron-desk.ts";
import type { TronTransaction } from "../../support/chain/tron-ledger.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";

/** Paying out USDT on TRON: signed by a process of its own, sent and followed by the server. */
const graceMs = 600_000;
let pay: TestTron;
let account: TestAccount;
let to: string;

beforeAll(async () => {
  pay = await testTron();
  pay.mine(3);
  await pay.look();
});
afterAll(() => pay?.close());
beforeEach(async () => {
  account = await pay.account();
  await pay.house.fund(account, 100_000_000n);
  to = newTronAddress();
});
afterEach(async () => {
  Object.assign(pay.tron.behaviour, { is: "up", energyPrice: 210, trx: 1e6 });
  expect(await brokenBooks(pay.house.db)).toEqual([]);
});

/** Another account with money. */
const another = async (): Promise<TestAccount> => {
  const other = await pay.account();
  await pay.house.fund(other, 100_000_000n);
  return other;
};
const signed = async (amount = "30.00"): Promise<string> => {
  const id = await pay.approved(account, to, amount);
  await pay.submit();
  expect(await pay.sign()).toEqual([]);
  return id;
};
const settled = async (): Promise<void> => {
  pay.mine(1);
  await pay.follow();
};
const transactionOf = async (id: string): Promise<TronTransaction> =>
  JSON.parse((await pay.payout(id)).bytes.toString("utf8"));

test("an address needs its checksum and its chain, and is never the token or one of the house's own", async () => {
  const own = (await pay.addressOf(account)).address;
  const changed = to.replace(/.$/, (last) => (last === "2" ? "3" : "2"));
  for (const bad of [changed, to.slice(1), pay.tron.usdt, "0x71C7656EC7ab88b098defB751B7401B5f6d8976F", ""])
    expect([bad, await pay.target(account, bad)]).toEqual([bad, { ok: false, refusal: "ADDRESS_INVALID" }]);
  for (const house of [own, pay.tron.payer])
    expect(await pay.target(account, house)).toMatchObject({ refusal: "OWN_ADDRESS" });
  expect(await pay.target(account, to)).toMatchObject({ ok: true, value: { address: to } });
});

test("approved, signed, sent, confirmed by a solid block: the money left once, here and on the chain", async () => {
  const id = await signed();
  const { txid, expires_at } = await pay.payout(id);
  const transaction = await transactionOf(id);
  expect(transaction.txID).toBe(txid);
  expect(expires_at.getTime()).toBe(transaction.raw_data.expiration);
  await pay.follow();
  pay.tron.mine(1);
  await pay.follow();
  expect(await pay.stateOf(id)).toEqual(["sent", "sent"]);
  await settled();
  expect(await pay.stateOf(id)).toEqual(["confirmed", "confirmed"]);
  expect([pay.tron.has(to), await pay.balance(account)]).toEqual([30_000_000n, 70_000_000n]);
});

test.each(["hangs-up", "says-500", "says-429"] as const)(
  "F28: a node that takes it and then %s leaves unknown; the same bytes go again and pay once",
  async (is) => {
    const id = await signed();
    const { txid, bytes } = await pay.payout(id);
    pay.node.isSilent = true;
    await pay.follow();
    expect(await pay.stateOf(id)).toEqual(["unknown", "unknown"]);
    pay.node.isSilent = false;
    pay.tron.behaviour.is = is;
    await pay.follow();
    expect(await pay.stateOf(id)).toEqual(["unknown", "unknown"]);
    expect(await pay.giveBack(id)).toMatchObject({ refusal: "PAYOUT_CAN_LAND" });
    pay.tron.behaviour.is = "up";
    await pay.follow();
    await settled();
    expect(await pay.stateOf(id)).toEqual(["confirmed", "confirmed"]);
    expect(await pay.payout(id)).toMatchObject({ txid, bytes });
    expect(pay.tron.has(to)).toBe(30_000_000n);
  },
);

test("one that nodes forgot is sent again, the same", async () => {
  const id = await signed();
  await pay.follow();
  pay.tron.ledger.forget((await pay.payout(id)).txid);
  await pay.follow();
  await settled();
  expect(await pay.stateOf(id)).toEqual(["confirmed", "confirmed"]);
});

test("a reorg before its block is solid: it goes again, paid once, confirmed once", async () => {
  const id = await signed();
  const takeBack = pay.tron.ledger.fork();
  await pay.follow();
  pay.tron.mine(2);
  await pay.follow();
  takeBack();
  pay.tron.mine(3);
  await pay.follow();
  expect(await pay.stateOf(id)).toEqual(["sent", "sent"]);
  await settled();
  expect(await pay.stateOf(id)).toEqual(["confirmed", "confirmed"]);
  expect(pay.tron.has(to)).toBe(30_000_000n);
});

test("expired without ever being in a block: given back when solid blocks are far behind its end, not before", async () => {
  const id = await signed();
  const { expiration } = (await transactionOf(id)).raw_data;
  const passTo = (moment: number): void => pay.mine(1, 0, moment - pay.tron.ledger.head().timestamp);
  passTo(expiration + 3_000);
  await pay.follow();
  expect(await pay.stateOf(id)).toEqual(["unknown", "unknown"]);
  expect(await pay.giveBack(id)).toMatchObject({ refusal: "PAYOUT_CAN_LAND" });
  passTo(expiration + graceMs + 3_000);
  await pay.follow();
  expect(await pay.stateOf(id)).toEqual(["returned", "failed"]);
  expect(await pay.payout(id)).toMatchObject({ problem: "EXPIRED" });
  expect([await pay.balance(account), pay.tron.has(to)]).toEqual([100_000_000n, 0n]);
  // What can't land is refused by every node, whoever sends it again.
  expect(await pay.chain.sender.broadcast((await pay.payout(id)).bytes)).toMatchObject({ refusal: "REFUSED" });
});

test("blocked by the token: not signed, and when it was signed before it fails on the chain and is given back", async () => {
  const id = await signed();
  pay.tron.block(to);
  const other = await pay.approved(await another(), to, "20.00");
  await pay.submit();
  expect(await pay.sign()).toEqual(["WOULD_FAIL"]);
  expect(await pay.giveBack(other)).toMatchObject({ ok: true });
  await pay.follow();
  await settled();
  expect(await pay.stateOf(id)).toEqual(["returned", "failed"]);
  expect(await pay.payout(id)).toMatchObject({ problem: "REVERTED" });
  expect([await pay.balance(account), pay.tron.has(to)]).toEqual([100_000_000n, 0n]);
});

test("a fee above what the house pays, or a wallet without TRX: nothing is signed until it can be", async () => {
  const id = await pay.approved(account, to, "30.00");
  await pay.submit();
  pay.tron.behaviour.energyPrice = 420;
  expect(await pay.sign()).toEqual(["FEE_TOO_HIGH"]);
  Object.assign(pay.tron.behaviour, { energyPrice: 210, trx: 17 });
  expect(await pay.sign()).toEqual(["WOULD_FAIL"]);
  pay.tron.behaviour.trx = 20;
  expect(await pay.sign()).toEqual([]);
  await pay.follow();
  await settled();
  expect(await pay.stateOf(id)).toEqual(["confirmed", "confirmed"]);
});

test("eight payouts and three signers at once: each signed once, each paid once", async () => {
  const places = Array.from({ length: 8 }, newTronAddress);
  const ids = await Promise.all(places.map((place) => pay.approved(account, place, "5.00")));
  await pay.submit();
  await Promise.all([pay.sign(), pay.sign(), pay.sign()]);
  const txids = await Promise.all(ids.map(async (id) => (await pay.payout(id)).txid));
  expect(new Set(txids).size).toBe(8);
  await Promise.all([pay.follow(), pay.follow()]);
  await settled();
  for (const id of ids) expect(await pay.stateOf(id)).toEqual(["confirmed", "confirmed"]);
  expect(places.map(pay.tron.has)).toEqual(Array(8).fill(5_000_000n));
});

test("two payouts alike, to one address at one moment, are two transactions", async () => {
  const ids = [await pay.approved(account, to, "5.00"), await pay.approved(await another(), to, "5.00")];
  await pay.submit();
  expect(await pay.sign()).toEqual([]);
  const [one, two] = await Promise.all(ids.map(async (id) => (await pay.payout(id)).txid));
  expect(one).not.toBe(two);
  await pay.follow();
  await settled();
  expect(pay.tron.has(to)).toBe(10_000_000n);
});

test("without a signer: a person pays from elsewhere, tells the number, and the chain confirms", async () => {
  const id = await pay.approved(account, to, "30.00");
  expect(await pay.send(id, "paid yesterday")).toMatchObject({ refusal: "TXID_INVALID" });
  const txid = await pay.tron.send(to, 30_000_000n);
  expect(await pay.send(id, `0x${txid.toUpperCase()}`)).toMatchObject({ ok: true });
  await settled();
  expect(await pay.stateOf(id)).toEqual(["confirmed", "confirmed"]);
  expect(pay.chain.sender.unsigned({ to, amount: 30_000_000n })).toMatchObject({
    ...{ contract: pay.tron.usdt, function_selector: "transfer(address,uint256)", recipient: to, amount: "30000000" },
  });
});
