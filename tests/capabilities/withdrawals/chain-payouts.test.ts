import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Hex } from "viem";
import { hasAnvil, whyNoAnvil } from "../../support/chain/anvil.ts";
import { newAddress, type TestPayouts, testPayouts } from "../../support/chain/payouts.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";

if (!hasAnvil) process.stderr.write(`skipped: ${whyNoAnvil}\n`);
const described = hasAnvil ? describe : describe.skip;

described("paying out on a chain, final after 3 blocks", () => {
  let pay: TestPayouts;
  let account: TestAccount;
  let to: string;
  beforeAll(async () => {
    pay = await testPayouts();
    await pay.look();
  });
  afterAll(async () => {
    expect(await brokenBooks(pay.house.db)).toEqual([]);
    await pay.close();
  });
  beforeEach(async () => {
    account = await pay.account();
    await pay.house.fund(account, 100_000_000n);
    to = newAddress();
  });

  /** Approved, queued and signed. */
  const signed = async (amount = "30.00"): Promise<string> => {
    const id = await pay.approved(account, to, amount);
    await pay.submit();
    expect(await pay.sign()).toEqual([]);
    return id;
  };
  const settled = async (): Promise<void> => {
    await pay.anvil.mine(3);
    await pay.follow();
  };

  test("an address needs its checksum, and is never one of the house's own", async () => {
    const own = (await pay.addressOf(account)).address;
    expect(await pay.target(account, to.toLowerCase())).toMatchObject({ refusal: "ADDRESS_INVALID" });
    expect(await pay.target(account, pay.anvil.usdt)).toMatchObject({ refusal: "ADDRESS_INVALID" });
    expect(await pay.target(account, own)).toMatchObject({ refusal: "OWN_ADDRESS" });
    expect(await pay.target(account, pay.anvil.payer.address)).toMatchObject({ refusal: "OWN_ADDRESS" });
    expect(await pay.target(account, to)).toMatchObject({ ok: true, value: { address: to } });
  });

  test("approved, submitted, sent and confirmed: the money left once, here and on the chain", async () => {
    const clearing = await pay.ofHouse("clearing.usdt-erc20");
    const id = await pay.approved(account, to, "30.00");
    expect(await pay.balance(account)).toBe(100_000_000n);
    await pay.submit();
    expect(await pay.stateOf(id)).toEqual(["submitting", "queued"]);
    expect([await pay.balance(account), await pay.ofHouse("withdrawal.in_flight")]).toEqual([70_000_000n, 30_000_000n]);
    await pay.sign();
    expect(await pay.stateOf(id)).toEqual(["submitting", "signed"]);
    await pay.follow();
    expect(await pay.stateOf(id)).toEqual(["sent", "sent"]);
    expect((await pay.row(id)).reference).toBe((await pay.payout(id)).txid);
    await pay.anvil.mine(2);
    await pay.follow();
    expect(await pay.stateOf(id)).toEqual(["sent", "sent"]);
    await pay.anvil.mine(1);
    await pay.follow();
    expect(await pay.stateOf(id)).toEqual(["confirmed", "confirmed"]);
    expect(await pay.has(to)).toBe(30_000_000n);
    expect(await pay.ofHouse("withdrawal.in_flight")).toBe(0n);
    expect(await pay.ofHouse("clearing.usdt-erc20")).toBe(clearing + 30_000_000n);
  });

  test("F28: a node that takes it and does not answer leaves unknown; the same bytes go again, and pay once", async () => {
    const id = await signed();
    const { txid, bytes, nonce } = await pay.payout(id);
    pay.node.isSilent = true;
    await pay.follow();
    expect(await pay.stateOf(id)).toEqual(["unknown", "unknown"]);
    expect(await pay.giveBack(id)).toMatchObject({ refusal: "PAYOUT_CAN_LAND" });
    pay.node.isSilent = false;
    await pay.follow();
    await settled();
    expect(await pay.stateOf(id)).toEqual(["confirmed", "confirmed"]);
    expect(await pay.payout(id)).toMatchObject({ txid, bytes, nonce });
    expect(await pay.has(to)).toBe(30_000_000n);
  });

  test("a transaction that nodes forgot is sent again, the same", async () => {
    const id = await signed();
    await pay.follow();
    const { txid } = await pay.payout(id);
    await pay.anvil.client.dropTransaction({ hash: txid as Hex });
    await pay.follow();
    await settled();
    expect(await pay.stateOf(id)).toEqual(["confirmed", "confirmed"]);
    expect((await pay.anvil.client.getTransactionReceipt({ hash: txid as Hex })).status).toBe("success");
  });

  test("a reorg before it counts: sent again, paid once, confirmed once", async () => {
    const id = await signed();
    const takeBack = await pay.anvil.fork();
    await pay.follow();
    await pay.anvil.mine(2);
    await pay.follow();
    await takeBack();
    await pay.anvil.mine(3);
    await pay.follow();
    expect(await pay.stateOf(id)).toEqual(["sent", "sent"]);
    await settled();
    expect(await pay.stateOf(id)).toEqual(["confirmed", "confirmed"]);
    expect(await pay.has(to)).toBe(30_000_000n);
  });

  test("blocked by the token before it is signed: it waits and says why, and can be taken from the signer", async () => {
    await pay.block(to);
    const id = await pay.approved(account, to, "30.00");
    await pay.submit();
    expect(await pay.sign()).toEqual(["WOULD_FAIL"]);
    expect(await pay.payout(id)).toMatchObject({ state: "queued", problem: "WOULD_FAIL" });
    expect(await pay.giveBack(id)).toMatchObject({ ok: true });
    expect(await pay.stateOf(id)).toEqual(["returned", "void"]);
    expect(await pay.sign()).toEqual([]);
    expect(await pay.balance(account)).toBe(100_000_000n);
  });

  test("blocked after it was signed: it fails on the chain, and the trader has his money again", async () => {
    const id = await signed();
    expect(await pay.giveBack(id)).toMatchObject({ refusal: "PAYOUT_CAN_LAND" });
    await pay.block(to);
    await pay.follow();
    await settled();
    expect(await pay.stateOf(id)).toEqual(["returned", "failed"]);
    expect(await pay.payout(id)).toMatchObject({ problem: "REVERTED" });
    expect([await pay.balance(account), await pay.has(to)]).toEqual([100_000_000n, 0n]);
  });

  test("another transaction of the wallet takes its number: given back only when final blocks say so", async () => {
    const id = await signed();
    const { nonce } = await pay.payout(id);
    await pay.anvil.mined(await pay.anvil.send(newAddress(), 1n, { nonce: Number(nonce) }));
    await pay.follow();
    expect(await pay.stateOf(id)).toEqual(["unknown", "unknown"]);
    await pay.anvil.mine(4);
    await pay.follow();
    expect(await pay.stateOf(id)).toEqual(["returned", "failed"]);
    expect(await pay.payout(id)).toMatchObject({ problem: "REPLACED" });
    expect(await pay.balance(account)).toBe(100_000_000n);
  });

  test("fees above what the house pays: nothing is signed until they fall", async () => {
    const id = await pay.approved(account, to, "30.00");
    await pay.submit();
    await pay.anvil.client.setNextBlockBaseFeePerGas({ baseFeePerGas: 60_000_000_000n });
    await pay.anvil.mine();
    expect(await pay.sign()).toEqual(["FEE_TOO_HIGH"]);
    await pay.anvil.client.setNextBlockBaseFeePerGas({ baseFeePerGas: 1_000_000_000n });
    await pay.anvil.mine();
    expect(await pay.sign()).toEqual([]);
    await pay.follow();
    await settled();
    expect(await pay.stateOf(id)).toEqual(["confirmed", "confirmed"]);
  });

  test("eight payouts and three signers at once: each signed once, numbers without a gap", async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => pay.approved(account, newAddress(), "5.00")));
    await pay.submit();
    await Promise.all([pay.sign(), pay.sign(), pay.sign()]);
    const nonces = (await Promise.all(ids.map((id) => pay.payout(id))))
      .map(({ nonce }) => Number(nonce))
      .sort((a, b) => a - b);
    expect(nonces.map((nonce) => nonce - (nonces[0] ?? 0))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await pay.follow();
    await settled();
    for (const id of ids) expect(await pay.stateOf(id)).toEqual(["confirmed", "confirmed"]);
  });

  test("the signer pays what people approved, to whom they approved, and no more than its own limit", async () => {
    const { owner } = pay.house.db;
    const id = await pay.approved(account, to, "30.00");
    await pay.submit();
    expect(await pay.sign({ most: 29_999_999n })).toEqual(["ABOVE_LIMIT"]);
    await owner.raw("ALTER TABLE chain_payouts DISABLE TRIGGER chain_payouts_kept");
    await owner("chain_payouts").where({ withdrawal_id: id }).update({ to_address: newAddress() });
    expect(await pay.sign()).toEqual(["NOT_APPROVED"]);
    await owner("chain_payouts").where({ withdrawal_id: id }).update({ to_address: to, amount: "40000000" });
    expect(await pay.sign()).toEqual(["NOT_APPROVED"]);
    await owner("chain_payouts").where({ withdrawal_id: id }).update({ amount: "30000000" });
    await owner.raw("ALTER TABLE chain_payouts ENABLE ALWAYS TRIGGER chain_payouts_kept");
    expect(await pay.giveBack(id)).toMatchObject({ ok: true });
  });

  test("whoever signs sees what is queued and writes what he signed: nothing else of the database", async () => {
    const id = await signed();
    const { signerDb } = pay;
    for (const table of ["accounts", "traders", "balances", "transfers", "withdrawals", "staff"])
      await expect(signerDb(table).first()).rejects.toMatchObject({ code: "42501" });
    const own = () => signerDb("chain_payouts").where({ withdrawal_id: id });
    await expect(own().update({ state: "void" })).rejects.toMatchObject({ code: "42501" });
    await expect(own().update({ amount: "1" })).rejects.toMatchObject({ code: "42501" });
    await expect(own().update({ txid: "0x00" })).rejects.toMatchObject({ constraint: "chain_payouts_fixed" });
    const server = pay.house.db.app("chain_payouts").where({ withdrawal_id: id });
    await expect(server.update({ bytes: Buffer.from("00", "hex") })).rejects.toMatchObject({ code: "42501" });
    await pay.follow();
    await settled();
  });

  test("without a signer: a person pays from elsewhere, tells the number, and the chain confirms", async () => {
    const id = await pay.approved(account, to, "30.00");
    const other = await pay.approved(account, newAddress(), "30.00");
    expect(await pay.send(id, "paid yesterday")).toMatchObject({ refusal: "TXID_INVALID" });
    const txid = await pay.anvil.send(to, 30_000_000n);
    expect(await pay.send(id, txid.toUpperCase().replace("0X", "0x"))).toMatchObject({ ok: true });
    expect(await pay.send(other, txid)).toMatchObject({ refusal: "TXID_TAKEN" });
    await settled();
    expect(await pay.stateOf(id)).toEqual(["confirmed", "confirmed"]);
    // A transaction that pays somebody else confirms nothing and gives nothing back: a person looks.
    const wrong = await pay.anvil.send(newAddress(), 30_000_000n);
    expect(await pay.send(other, wrong)).toMatchObject({ ok: true });
    await settled();
    expect(await pay.stateOf(other)).toEqual(["sent", "sent"]);
    expect(await pay.payout(other)).toMatchObject({ problem: "OTHER_TRANSFER" });
    expect(await pay.giveBack(other)).toMatchObject({ ok: true });
    expect(await pay.stateOf(other)).toEqual(["returned", "void"]);
  });
});
