import { openAccount } from "../../../server/capabilities/accounts/index.ts";
import { systemActor } from "../../../server/platform/db/unit-of-work.ts";
import { stripeChannel } from "../../../server/platform/payments/stripe.ts";
import { type Payment, stripeKeys, stripePeer, stripeSignature } from "../../support/stripe-peer.ts";
import type { TestAccount, TestDesk } from "../../support/trading.ts";
import { type TestDeposits, testDeposits } from "./support.ts";

/** So long an answer is waited for in these tests. */
const patienceMs = 300;
export const newSecret = "whsec_fedcba9876543210fedcba9876543210";

/** Card payments over a database of its own, or that of a desk, with Stripe's API on loopback. */
export async function testCards(of?: TestDesk) {
  const peer = await stripePeer();
  const stripe = (tenantId: number, webhookSecrets: readonly string[] = [stripeKeys.webhookSecret, newSecret]) =>
    stripeChannel({
      ...{ tenantId, apiUrl: peer.apiUrl, returnUrl: "http://localhost/", patienceMs },
      ...{ secretKey: stripeKeys.secretKey, webhookSecrets },
    });
  const cashier = await testDeposits({ ...(of && { of }), more: (tenantId) => [stripe(tenantId)] });
  const [channel] = cashier.deps.channels.filter((one) => one.channel === "stripe");
  if (channel === undefined) throw new Error("no channel");
  await cashier.house.db
    .owner("currencies")
    .insert([
      { code: "JPY", scale: 0 },
      { code: "KWD", scale: 3 },
    ])
    .onConflict()
    .ignore();
  await cashier.house.db.app("payment_channels").insert(
    ["USD", "JPY", "KWD"].map((currency) => ({
      ...{ channel: "stripe", currency, deposits_enabled: true, deposit_min_minor: 100, deposit_fee_fixed_minor: 50 },
      deposit_four_eyes_above_minor: 1_000_000,
    })),
  );
  const send = (payload: string, header = stripeSignature(payload, Date.now() + cashier.time.aheadMs)) =>
    cashier.post(payload, { "content-type": "application/json; charset=utf-8", "stripe-signature": header }, "stripe");
  const requested: TestDeposits["requested"] = (account, amount, more = {}) =>
    cashier.requested(account, amount, { channel: "stripe", ...more });
  return {
    ...cashier,
    ...{ stripe: peer, channel, send, requested },
    /** The channel after a change of its secrets. */
    open: (secrets: readonly string[]) => stripe(cashier.house.tenantId, secrets),
    /** Stripe tells of an object, and what is due is settled. */
    tell: async (type: string, object: object): Promise<void> => {
      await send(peer.event(type, object));
      await cashier.settle();
    },
    /** Another account of the trader's. */
    openIn: async (of: TestAccount, currency: string): Promise<TestAccount> => {
      const wanted = { traderId: of.trader.traderId, book: "live", currency } as const;
      const accounts = { ...cashier.deps, hashPassword: () => Promise.resolve("") };
      const opened = await openAccount(accounts)(systemActor, wanted);
      if (!opened.ok) throw new Error(opened.refusal);
      return { ...of, accountId: opened.value.id };
    },
    /** A deposit that was paid by card and credited. */
    paid: async (account: TestAccount, amount: string): Promise<{ id: string; payment: Payment }> => {
      const { id, pay_url } = await requested(account, amount);
      const payment = peer.pay(pay_url);
      await send(peer.event("payment_intent.succeeded", payment));
      await cashier.settle();
      return { id, payment };
    },
    close: async (): Promise<void> => {
      await cashier.close();
      await peer.close();
    },
  };
}

export type TestCards = Awaited<ReturnType<typeof testCards>>;
