import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { signed } from "../../../server/platform/payments/signed-parameters.ts";
import { merchant } from "../../support/payment-gateway.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";
import { type TestDeposits, testDeposits } from "./support.ts";

const hourMs = 3_600_000;
let cashier: TestDeposits;
let account: TestAccount;

beforeAll(async () => {
  cashier = await testDeposits();
});
afterAll(() => cashier?.close());
beforeEach(async () => {
  account = await cashier.house.openAccount(0n);
});
afterEach(async () => {
  cashier.peer.behaviour.is = "up";
  cashier.time.aheadMs = 0;
  expect(await brokenBooks(cashier.house.db)).toEqual([]);
});

const taken = { status: 200, text: "success" };
const refused = { status: 400, text: "fail" };

test("a payment is credited less its fee when the gateway has told of it and confirms it", async () => {
  const [clearing, fees] = [await cashier.ofHouse("clearing.gateway"), await cashier.ofHouse("house.fee")];
  const deposit = await cashier.requested(account, "50.00");
  expect(deposit).toMatchObject({ state: "waiting", reference: expect.stringMatching(/^DEP-[0-9A-HJKMNP-TV-Z]{8}$/) });
  const payment = cashier.peer.pay(deposit.pay_url);
  expect(await cashier.post(cashier.peer.notice(payment))).toEqual(taken);
  expect(await cashier.balance(account)).toBe(0n);
  await cashier.settle();
  expect(await cashier.balance(account)).toBe(4_950n);
  expect(await cashier.row(deposit.id)).toMatchObject({
    ...{ state: "credited", received_minor: 5_000n, fee_minor: 50n, payment_no: payment.tradeNo, next_poll_at: null },
  });
  expect(await cashier.ofHouse("clearing.gateway")).toBe(clearing - 5_000n);
  expect(await cashier.ofHouse("house.fee")).toBe(fees + 50n);
  const audit = await cashier.house.db.app("audit_log").where({ object_id: deposit.id }).orderBy("id").pluck("action");
  expect(audit).toEqual(["request", "credit"]);
});

test("the bytes are kept as they came", async () => {
  const deposit = await cashier.requested(account, "50.00");
  const body = cashier.peer.notice(cashier.peer.pay(deposit.pay_url));
  await cashier.post(body);
  const [event] = await cashier.events(deposit.id);
  expect(event.body.toString("latin1")).toBe(body);
  for (const change of ["UPDATE payment_events SET amount_minor = 1", "DELETE FROM payment_events"])
    await expect(cashier.house.db.owner.raw(change)).rejects.toThrow();
  await cashier.settle();
});

test("the same notice five times at once, and five times after it, is one fact and one credit", async () => {
  const deposit = await cashier.requested(account, "50.00");
  const body = cashier.peer.notice(cashier.peer.pay(deposit.pay_url));
  const first = await Promise.all(Array.from({ length: 5 }, () => cashier.post(body)));
  await Promise.all(Array.from({ length: 5 }, () => cashier.settle()));
  const later = await Promise.all(Array.from({ length: 5 }, () => cashier.post(body)));
  await cashier.settle();
  expect([...first, ...later]).toEqual(Array(10).fill(taken));
  expect(await cashier.balance(account)).toBe(4_950n);
  expect((await cashier.events(deposit.id)).map(({ source }) => source)).toEqual(["notice", "answer"]);
});

test("notices in the wrong order: what the gateway says when it is asked counts", async () => {
  const deposit = await cashier.requested(account, "50.00");
  const payment = cashier.peer.pay(deposit.pay_url);
  const [pending, paid] = [cashier.peer.notice(payment, { status: "PENDING" }), cashier.peer.notice(payment)];
  await cashier.post(paid);
  await cashier.settle();
  await cashier.post(pending);
  await cashier.settle();
  expect((await cashier.row(deposit.id)).state).toBe("credited");
  expect(await cashier.balance(account)).toBe(4_950n);
});

test("a notice an hour late, after the deposit has expired, is credited all the same", async () => {
  const deposit = await cashier.requested(account, "50.00");
  await cashier.house.db
    .owner("deposits")
    .where({ id: deposit.id })
    .update({ expires_at: new Date(0) });
  await cashier.due(deposit.id);
  await cashier.settle();
  expect(await cashier.row(deposit.id)).toMatchObject({ state: "expired", next_poll_at: null });
  const body = cashier.peer.notice(cashier.peer.pay(deposit.pay_url));
  cashier.time.aheadMs = hourMs;
  expect(await cashier.post(body)).toEqual(taken);
  await cashier.settle();
  expect((await cashier.row(deposit.id)).state).toBe("credited");
  expect(await cashier.balance(account)).toBe(4_950n);
});

test("with another amount than was asked for, what came is kept apart until somebody decides", async () => {
  for (const [amount, state] of [
    ["49.99", "underpaid"],
    ["50.01", "overpaid"],
  ] as const) {
    const kept = await cashier.ofHouse("suspense.unmatched");
    const deposit = await cashier.requested(account, "50.00");
    await cashier.post(cashier.peer.notice(cashier.peer.pay(deposit.pay_url, { amount })));
    await cashier.settle();
    expect((await cashier.row(deposit.id)).state).toBe(state);
    expect(await cashier.balance(account)).toBe(0n);
    expect(await cashier.ofHouse("suspense.unmatched")).toBe(kept + BigInt(amount.replace(".", "")));
  }
});

test("a signed notice with another amount than the gateway confirms is looked at by a person", async () => {
  const deposit = await cashier.requested(account, "50.00");
  const payment = cashier.peer.pay(deposit.pay_url);
  expect(await cashier.post(cashier.peer.notice(payment, { amount: "5000.00" }))).toEqual(taken);
  await cashier.settle();
  expect(await cashier.row(deposit.id)).toMatchObject({ state: "in-review", received_minor: 5_000n });
  expect(await cashier.balance(account)).toBe(0n);
});

test("in another currency than was asked for it is nobody's, in its own currency", async () => {
  const deposit = await cashier.requested(account, "50.00");
  await cashier.post(cashier.peer.notice(cashier.peer.pay(deposit.pay_url, { currency: "EUR" })));
  await cashier.settle();
  const [event] = await cashier.house.db.app("payment_events").where({ currency: "EUR" });
  expect(await cashier.row(event.deposit_id)).toMatchObject({ state: "unmatched", currency: "EUR", account_id: null });
  expect((await cashier.row(deposit.id)).state).toBe("waiting");
});

describe("is refused and leaves nothing:", () => {
  const nothing = async (id: string): Promise<void> => {
    expect(await cashier.events(id)).toEqual([]);
    expect((await cashier.row(id)).payment_no).toBeNull();
  };

  test("a notice with a changed byte, whichever it is", async () => {
    const deposit = await cashier.requested(account, "50.00");
    const body = Buffer.from(cashier.peer.notice(cashier.peer.pay(deposit.pay_url)));
    const nowMs = Date.now();
    const believed = [...body].flatMap((byte, place) => {
      const changed = Buffer.from(body);
      changed[place] = byte ^ 1;
      return cashier.ours.readNotice({ body: changed, headers: {}, nowMs }).ok ? [place] : [];
    });
    expect(believed).toEqual([]);
    body[body.indexOf("50.00")] = "9".charCodeAt(0);
    expect(await cashier.post(body.toString())).toEqual(refused);
    await nothing(deposit.id);
  });

  test("a notice that was recorded on another day, and one of the future", async () => {
    const deposit = await cashier.requested(account, "50.00");
    const body = cashier.peer.notice(cashier.peer.pay(deposit.pay_url));
    for (const aheadMs of [25 * hourMs, -hourMs]) {
      cashier.time.aheadMs = aheadMs;
      expect(await cashier.post(body)).toEqual(refused);
    }
    await nothing(deposit.id);
  });

  test("a notice of another merchant, without a signature, or that is no form", async () => {
    const deposit = await cashier.requested(account, "50.00");
    const payment = cashier.peer.pay(deposit.pay_url);
    const body = cashier.peer.notice(payment);
    const bad = [
      cashier.peer.notice(payment, { merchant_id: "M-2" }),
      cashier.peer.notice(payment, { amount: "50.001" }),
      cashier.peer.notice(payment, { currency: "XXX" }),
      body.replace(/&?sign=[^&]*/, ""),
      `${body}&amount=5000.00`,
      "{}",
      "",
    ];
    for (const one of bad) expect(await cashier.post(one)).toEqual(refused);
    const form = new URLSearchParams({ ...signed({ amount: "1" }, merchant.secret) });
    expect(await cashier.post(form.toString())).toEqual(refused);
    await nothing(deposit.id);
  });
});

describe("a gateway that does not answer", () => {
  test.each(["hangs-up", "says-500", "forges"] as const)(
    "(%s) for an hour leaves unknown, is asked by reference, and is credited once when it is back",
    async (is) => {
      const deposit = await cashier.requested(account, "50.00");
      const payment = cashier.peer.pay(deposit.pay_url);
      cashier.peer.behaviour.is = is;
      await cashier.post(cashier.peer.notice(payment));
      for (const _ of Array(5)) {
        await cashier.due(deposit.id);
        await cashier.settle();
      }
      expect(await cashier.row(deposit.id)).toMatchObject({ state: "unknown", polls: 5 });
      expect(await cashier.balance(account)).toBe(0n);
      cashier.peer.behaviour.is = "up";
      await cashier.due(deposit.id);
      await cashier.settle();
      expect(await cashier.balance(account)).toBe(4_950n);
      const ours = cashier.peer.asked.filter(({ order_no }) => order_no === deposit.reference);
      expect(ours).toHaveLength(6);
    },
  );

  test("is not asked again before its time", async () => {
    const deposit = await cashier.requested(account, "50.00");
    cashier.peer.behaviour.is = "hangs-up";
    await cashier.due(deposit.id);
    await cashier.settle();
    await cashier.settle();
    expect(cashier.peer.asked.filter(({ order_no }) => order_no === deposit.reference)).toHaveLength(1);
  });
});

test("a payment whose notice was lost is found by asking", async () => {
  const deposit = await cashier.requested(account, "50.00");
  cashier.peer.pay(deposit.pay_url);
  await cashier.due(deposit.id);
  await cashier.settle();
  expect(await cashier.balance(account)).toBe(4_950n);
});

test("a second payment with the same reference is not taken for the first: it is nobody's", async () => {
  const deposit = await cashier.requested(account, "50.00");
  const payment = cashier.peer.pay(deposit.pay_url);
  await cashier.post(cashier.peer.notice(payment));
  await cashier.settle();
  const again = cashier.peer.pay(deposit.pay_url);
  await cashier.post(cashier.peer.notice(again));
  await cashier.settle();
  expect(await cashier.balance(account)).toBe(4_950n);
  const second = await cashier.house.db.app("deposits").where({ payment_no: again.tradeNo }).first();
  expect(second).toMatchObject({ state: "unmatched", received_minor: 5_000n, account_id: null });
});
