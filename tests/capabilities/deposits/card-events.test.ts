import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { stripeKeys, stripeSignature } from "../../support/stripe-peer.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";
import { newSecret, type TestCards, testCards } from "./card-support.ts";

const hourMs = 3_600_000;
let cards: TestCards;
let account: TestAccount;

beforeAll(async () => {
  cards = await testCards();
});
afterAll(() => cards?.close());
beforeEach(async () => {
  account = await cards.house.openAccount(0n);
});
afterEach(async () => {
  expect(await brokenBooks(cards.house.db)).toEqual([]);
});

const taken = { status: 200, text: "ok" };
const refused = { status: 400, text: "refused" };

describe("is refused and leaves nothing:", () => {
  const nothing = async (id: string): Promise<void> => {
    expect(await cards.events(id)).toEqual([]);
    expect((await cards.row(id)).payment_no).toBeNull();
  };

  test("an event with a changed byte, whichever it is", async () => {
    const deposit = await cards.requested(account, "50.00");
    const payload = cards.stripe.event("payment_intent.succeeded", cards.stripe.pay(deposit.pay_url));
    const [body, nowMs] = [Buffer.from(payload), Date.now()];
    const headers = { "stripe-signature": stripeSignature(payload, nowMs) };
    const believed = [...body].flatMap((byte, place) => {
      const changed = Buffer.from(body);
      changed[place] = byte ^ 1;
      return cards.channel.readNotice({ body: changed, headers, nowMs }).ok ? [place] : [];
    });
    expect(believed).toEqual([]);
    expect(await cards.send(payload.replace("5000", "9000"), headers["stripe-signature"])).toEqual(refused);
    await nothing(deposit.id);
  });

  test("one that was serialised anew, though it says the same", async () => {
    const deposit = await cards.requested(account, "50.00");
    const payload = cards.stripe.event("payment_intent.succeeded", cards.stripe.pay(deposit.pay_url));
    const header = stripeSignature(payload, Date.now());
    expect(await cards.send(JSON.stringify(JSON.parse(payload)), header)).toEqual(refused);
    await nothing(deposit.id);
  });

  test.each([
    ["five minutes and a second ago", -301_000, false],
    ["a day ago", -24 * hourMs, false],
    ["five minutes and two seconds ahead", 302_000, false],
    ["four minutes ago", -240_000, true],
    ["four minutes ahead", 240_000, true],
  ])("one that was signed %s (or not)", async (_when, offMs, isTaken) => {
    const deposit = await cards.requested(account, "50.00");
    const payload = cards.stripe.event("payment_intent.succeeded", cards.stripe.pay(deposit.pay_url));
    expect(await cards.send(payload, stripeSignature(payload, Date.now() + offMs))).toEqual(isTaken ? taken : refused);
    if (!isTaken) await nothing(deposit.id);
  });

  test("one without a signature, of another secret, of the live mode, or that is no event", async () => {
    const deposit = await cards.requested(account, "50.00");
    const payment = cards.stripe.pay(deposit.pay_url);
    const payload = cards.stripe.event("payment_intent.succeeded", payment);
    const other = stripeSignature(payload, Date.now(), "whsec_somebodyelses0000000000000000");
    for (const header of ["", "t=1,v1=", `t=${Math.floor(Date.now() / 1_000)}`, other])
      expect(await cards.send(payload, header)).toEqual(refused);
    const bad = [
      cards.stripe.event("payment_intent.succeeded", payment, { livemode: true }),
      cards.stripe.event("payment_intent.succeeded", { ...payment, amount_received: 50.5 }),
      cards.stripe.event("payment_intent.succeeded", { ...payment, amount_received: "5000" }),
      cards.stripe.event("payment_intent.succeeded", { ...payment, currency: "xxx" }),
      "{}",
      "not json",
    ];
    for (const one of bad) expect(await cards.send(one)).toEqual(refused);
    await nothing(deposit.id);
  });
});

test("of two signatures one by a secret in force is enough; after the change the old one is refused", async () => {
  const deposit = await cards.requested(account, "50.00");
  const payload = cards.stripe.event("payment_intent.succeeded", cards.stripe.pay(deposit.pay_url));
  const header = stripeSignature(payload, Date.now());
  const signature = (secret: string): string => stripeSignature(payload, Date.now(), secret).split("v1=")[1] ?? "";
  const foreign = signature("whsec_somebodyelses0000000000000000");
  expect(await cards.send(payload, `${header.split(",v1=")[0]},v1=${foreign},v1=${signature(newSecret)}`)).toEqual(
    taken,
  );
  expect(await cards.send(payload, stripeSignature(payload, Date.now(), newSecret))).toEqual(taken);
  await cards.settle();
  expect(await cards.balance(account)).toBe(4_950n);
  const after = cards.open([newSecret]);
  const read = (secret: string) => {
    const headers = { "stripe-signature": stripeSignature(payload, Date.now(), secret) };
    return after.readNotice({ body: Buffer.from(payload), headers, nowMs: Date.now() });
  };
  expect(read(stripeKeys.webhookSecret)).toEqual({ ok: false, refusal: "SIGNATURE_INVALID" });
  expect(read(newSecret)).toMatchObject({ ok: true });
});

test("an event that says nothing of a payment, or is another account's, is taken and does nothing", async () => {
  const before = await cards.house.db.app("payment_events").count("id");
  const charge = { id: "ch_1", amount: 5_000, amount_refunded: 5_000, currency: "usd", metadata: {} };
  for (const payload of [
    cards.stripe.event("customer.created", { id: "cus_1" }),
    cards.stripe.event("charge.refunded", { ...charge, payment_intent: null }),
    cards.stripe.event("charge.refunded", { ...charge, payment_intent: "pi_1" }, { account: "acct_1" }),
  ])
    expect(await cards.send(payload)).toEqual(taken);
  expect(await cards.house.db.app("payment_events").count("id")).toEqual(before);
});
