import type { PaymentStatus } from "#contracts/payment-names.ts";
import type { NoticeRefusal, PaymentNotice } from "#core/deposit-channel.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { fromStripe } from "./stripe-amounts.ts";
import { type StripeEvent, stripeCharge, stripeDispute, stripePayment, stripeSession } from "./stripe-objects.ts";

/** What an event says of a payment, in Stripe's own count; null: nothing. */
interface Said {
  readonly paymentNo: string;
  readonly reference: string | null;
  readonly status: PaymentStatus;
  readonly amount: number;
  readonly currency: string;
  readonly takenBack?: number;
}
type Reader = (object: unknown) => Said | null | "malformed";

const payment =
  (status: PaymentStatus): Reader =>
  (object) => {
    const read = stripePayment.safeParse(object);
    if (!read.success) return "malformed";
    const { id: paymentNo, metadata: reference, currency, amount, amount_received } = read.data;
    return { paymentNo, reference, status, currency, amount: status === "paid" ? amount_received : amount };
  };

const session =
  (over: "completed" | "expired"): Reader =>
  (object) => {
    const read = stripeSession.safeParse(object);
    if (!read.success) return "malformed";
    const { id, payment_intent, client_reference_id, currency, amount_total, payment_status } = read.data;
    if (amount_total == null || currency == null) return null;
    const status = over === "expired" ? "failed" : payment_status === "paid" ? "paid" : "pending";
    // A session that nobody paid at may never have had a payment: it is its own number then.
    return {
      ...{ paymentNo: payment_intent ?? id, reference: client_reference_id ?? null, status, currency },
      amount: amount_total,
    };
  };

const refund: Reader = (object) => {
  const read = stripeCharge.safeParse(object);
  if (!read.success) return "malformed";
  const { payment_intent, metadata: reference, amount, amount_refunded: takenBack, currency } = read.data;
  if (payment_intent == null) return null;
  const status = takenBack >= amount ? "reversed" : "paid";
  return { paymentNo: payment_intent, reference, status, amount, currency, takenBack };
};

/** What its status means for the money is told by the payment when it is asked about; the amount is what is disputed. */
const dispute =
  (means: PaymentStatus | ((status: string) => PaymentStatus)): Reader =>
  (object) => {
    const read = stripeDispute.safeParse(object);
    if (!read.success) return "malformed";
    const { payment_intent, amount, currency, status } = read.data;
    if (payment_intent == null) return null;
    const meant = typeof means === "string" ? means : means(status);
    return { paymentNo: payment_intent, reference: null, status: meant, amount, currency };
  };

const readers: Readonly<Record<string, Reader>> = {
  "payment_intent.succeeded": payment("paid"),
  "payment_intent.processing": payment("pending"),
  "payment_intent.payment_failed": payment("failed"),
  "payment_intent.canceled": payment("failed"),
  "checkout.session.completed": session("completed"),
  "checkout.session.expired": session("expired"),
  "charge.refunded": refund,
  "charge.dispute.created": dispute("disputed"),
  "charge.dispute.updated": dispute("disputed"),
  "charge.dispute.funds_withdrawn": dispute("reversed"),
  "charge.dispute.funds_reinstated": dispute("given-back"),
  "charge.dispute.closed": dispute((status) =>
    status === "won" ? "given-back" : status === "lost" ? "reversed" : "disputed",
  ),
};

/** Reads an event whose signature was checked; null: it is of a kind that says nothing of a payment. */
export function readStripeEvent(event: StripeEvent, body: Uint8Array): Result<PaymentNotice | null, NoticeRefusal> {
  const said = readers[event.type]?.(event.data.object) ?? null;
  if (said === "malformed") return refuse("NOTICE_MALFORMED");
  if (said === null || said.amount === 0) return ok(null);
  const { paymentNo, reference, status, currency } = said;
  const amount = fromStripe(said.amount, currency);
  const takenBack = said.takenBack === undefined ? undefined : fromStripe(said.takenBack, currency);
  if (amount === null || takenBack === null) return refuse("AMOUNT_INVALID");
  return ok({
    ...{ externalId: `notice:${event.id}`, paymentNo, reference, status, amount, currency, source: "notice", body },
    ...(takenBack === undefined ? {} : { takenBack }),
  });
}
