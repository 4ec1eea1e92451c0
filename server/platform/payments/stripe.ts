import Stripe from "stripe";
import type { AskedPayment, DepositChannel, NoticeRefusal, RawNotice } from "#core/deposit-channel.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { toStripe } from "./stripe-amounts.ts";
import { readExpiredSession, readStripeAnswer } from "./stripe-answer.ts";
import { readStripeEvent } from "./stripe-notice.ts";
import { type StripeEvent, stripeDispute, stripeEvent, stripePayment, stripeSession } from "./stripe-objects.ts";
import { askStripeStatement } from "./stripe-statement.ts";

/** A partner's account at Stripe. */
export interface StripeSettings {
  readonly tenantId: number;
  readonly secretKey: string;
  /** All that are accepted now: the old and the new one while they are changed. */
  readonly webhookSecrets: readonly string[];
  /** Where Stripe's API is; null: at Stripe. */
  readonly apiUrl: string | null;
  /** Ours: where the browser is sent back to. */
  readonly returnUrl: string;
  /** How long an answer is waited for. */
  readonly patienceMs?: number;
}

const patienceMsUsual = 5_000;
/** As many as Stripe lists at once; so many bytes as are stored of a fact. */
const disputesMax = 100;
const keptBytesMax = 64 * 1024;
/** Stripe's own tolerance, for a signature of the past as for one of the future. */
const toleranceSeconds = 300;

/**
 * Cards, by Stripe's hosted page. Our reference is the idempotency key, and travels in `client_reference_id` and in the metadata of the
 * payment, by which it is found again. What had no answer is not made again, but asked about; the library itself repeats a call only
 * when its connection was closed, with the same key.
 */
export function stripeChannel(settings: StripeSettings): DepositChannel {
  const { tenantId, secretKey, webhookSecrets, returnUrl } = settings;
  const stripe = connect(settings);
  const isLive = secretKey.includes("_live_");
  return {
    ...{ channel: "stripe", tenantId, answers: { taken: "ok", refused: "refused" } },
    takes: (amount, currency) => toStripe(amount, currency) !== null,
    begin: async ({ reference, amount, currency }) => {
      const unitAmount = toStripe(amount, currency);
      return unitAmount === null ? null : begin(stripe, { reference, currency, unitAmount, returnUrl });
    },
    readNotice: (raw) => {
      const event = readSigned(stripe, webhookSecrets, raw);
      if (!event.ok) return event;
      if (event.value.livemode !== isLive) return refuse("MERCHANT_UNKNOWN");
      return event.value.account == null ? readStripeEvent(event.value, raw.body) : ok(null);
    },
    ask: (of) => ask(stripe, of),
    statement: askStripeStatement(stripe),
  };
}

function connect({ secretKey, apiUrl, patienceMs = patienceMsUsual }: StripeSettings): Stripe {
  const at = apiUrl === null ? null : new URL(apiUrl);
  return new Stripe(secretKey, {
    ...{ timeout: patienceMs, maxNetworkRetries: 0, telemetry: false },
    ...(at === null ? {} : { host: at.hostname, port: at.port, protocol: at.protocol === "http:" ? "http" : "https" }),
  });
}

async function begin(
  stripe: Stripe,
  of: {
    readonly reference: string;
    readonly currency: string;
    readonly unitAmount: number;
    readonly returnUrl: string;
  },
): Promise<{ payUrl: string | null } | null> {
  const { reference, returnUrl } = of;
  const price_data = {
    ...{ currency: of.currency.toLowerCase(), unit_amount: of.unitAmount },
    product_data: { name: `Deposit ${reference}` },
  };
  try {
    const session = await stripe.checkout.sessions.create(
      {
        ...{ mode: "payment", payment_method_types: ["card"], client_reference_id: reference, metadata: { reference } },
        ...{ line_items: [{ quantity: 1, price_data }], payment_intent_data: { metadata: { reference } } },
        ...{ success_url: returnUrl, cancel_url: returnUrl },
      },
      { idempotencyKey: reference },
    );
    return session.url === null ? null : { payUrl: session.url };
  } catch {
    return null;
  }
}

/** The signature over the bytes, by any secret in force, then the event. */
function readSigned(
  stripe: Stripe,
  secrets: readonly string[],
  { body, headers, nowMs }: RawNotice,
): Result<StripeEvent, NoticeRefusal> {
  const header = headers["stripe-signature"];
  if (typeof header !== "string") return refuse("SIGNATURE_INVALID");
  const read = secrets.map((secret) => verified(stripe, { body: Buffer.from(body), header, secret, nowMs }));
  const believed = read.find((one) => one.ok) ?? read.find((one) => !one.ok && one.refusal !== "SIGNATURE_INVALID");
  if (believed === undefined) return refuse("SIGNATURE_INVALID");
  if (!believed.ok) return believed;
  // The library refuses an old signature only. Of several times in a header it takes the last.
  const signedAt = Number(/.*(?:^|,)t=(\d+)/.exec(header)?.[1]);
  if (!(signedAt - nowMs / 1_000 <= toleranceSeconds)) return refuse("NOTICE_TOO_OLD");
  const event = stripeEvent.safeParse(believed.value);
  return event.success ? ok(event.data) : refuse("NOTICE_MALFORMED");
}

function verified(
  { webhooks }: Stripe,
  of: { readonly body: Buffer; readonly header: string; readonly secret: string; readonly nowMs: number },
): Result<unknown, NoticeRefusal> {
  try {
    return ok(webhooks.constructEvent(of.body, of.header, of.secret, toleranceSeconds, undefined, of.nowMs));
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) return refuse("NOTICE_MALFORMED");
    return refuse(error.message.startsWith("Timestamp") ? "NOTICE_TOO_OLD" : "SIGNATURE_INVALID");
  }
}

async function ask(
  stripe: Stripe,
  { reference, paymentNo }: { readonly reference: string | null; readonly paymentNo: string | null },
): Promise<AskedPayment> {
  try {
    if (paymentNo?.startsWith("cs_")) return await askSession(stripe, paymentNo);
    const answered =
      paymentNo === null
        ? await search(stripe, reference ?? "")
        : await stripe.paymentIntents.retrieve(paymentNo, { expand: ["latest_charge"] });
    if (answered === null) return { kind: "nothing" };
    const payment = stripePayment.parse(answered);
    const { data } = await stripe.disputes.list({ payment_intent: payment.id, limit: disputesMax });
    const disputes = data.map((dispute) => stripeDispute.parse(dispute));
    return readStripeAnswer(payment, disputes, kept({ payment: answered, disputes: data }, { payment, disputes }));
  } catch {
    // Whatever went wrong, at Stripe or on the way: the payment is not known now.
    return { kind: "no-answer" };
  }
}

/** The objects as they were answered; where they are more than is stored of a fact, what is read of them. */
function kept(answered: object, read: object): Uint8Array {
  const whole = Buffer.from(JSON.stringify(answered));
  return whole.length <= keptBytesMax ? whole : Buffer.from(JSON.stringify(read));
}

/** The index follows a payment by up to a minute: one that is not found may be there the next time. */
async function search(stripe: Stripe, reference: string): Promise<Stripe.PaymentIntent | null> {
  const query = `metadata['reference']:'${reference.replace(/[^\w-]/g, "")}'`;
  const { data } = await stripe.paymentIntents.search({ query, limit: 10, expand: ["data.latest_charge"] });
  return data.find(({ status }) => status === "succeeded") ?? data[0] ?? null;
}

/** A session that nobody paid at has no payment to ask about. */
async function askSession(stripe: Stripe, id: string): Promise<AskedPayment> {
  const answered = await stripe.checkout.sessions.retrieve(id);
  const session = stripeSession.parse(answered);
  if (session.payment_intent != null) return ask(stripe, { reference: null, paymentNo: session.payment_intent });
  if (session.status !== "expired") return { kind: "nothing" };
  return readExpiredSession(session, kept({ session: answered }, { session }));
}
