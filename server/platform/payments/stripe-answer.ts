import { createHash } from "node:crypto";
import type { PaymentStatus } from "#contracts/payment-names.ts";
import type { AskedPayment } from "#core/deposit-channel.ts";
import { fromStripe } from "./stripe-amounts.ts";
import type { StripeDispute, StripePayment, StripeSession } from "./stripe-objects.ts";

/** While a dispute stands so, the money is the payer's again. An enquiry (`warning_…`) takes nothing yet. */
const withdrawing = new Set(["needs_response", "under_review", "appeal_needs_response", "appeal_under_review", "lost"]);

/**
 * What a payment and its disputes say: paid, and how much of it went back by refunds and disputes; all of it: reversed. A payment that
 * waits for its payer, also after a card was declined, is none yet. `body`: what was answered, to be stored.
 */
export function readStripeAnswer(
  payment: StripePayment,
  disputes: readonly StripeDispute[],
  body: Uint8Array,
): AskedPayment {
  const { id: paymentNo, metadata: reference, currency, status } = payment;
  if (status !== "succeeded" && status !== "processing" && status !== "canceled") return { kind: "nothing" };
  const isPaid = status === "succeeded";
  const minor = isPaid ? payment.amount_received : payment.amount;
  const disputed = disputes.filter((dispute) => withdrawing.has(dispute.status));
  const gone = Math.min(
    minor,
    (payment.latest_charge?.amount_refunded ?? 0) + disputed.reduce((sum, dispute) => sum + dispute.amount, 0),
  );
  const [amount, takenBack] = [fromStripe(minor, currency), fromStripe(gone, currency)];
  if (amount === null || takenBack === null || minor === 0) return { kind: "no-answer" };
  const told: PaymentStatus = !isPaid
    ? status === "canceled"
      ? "failed"
      : "pending"
    : gone === minor
      ? "reversed"
      : "paid";
  const standing = disputes.map((dispute) => `${dispute.id}=${dispute.status}`).join(" ");
  const disputesHash = createHash("sha256").update(standing).digest("hex").slice(0, 16);
  return {
    kind: "fact",
    notice: {
      externalId: ["answer", paymentNo, told, amount, currency, takenBack, disputesHash].join(":"),
      ...{ reference, paymentNo, status: told, amount, currency, source: "answer", body },
      ...(isPaid ? { takenBack } : {}),
    },
  };
}

/** A session that ended without a payment. */
export function readExpiredSession(session: StripeSession, body: Uint8Array): AskedPayment {
  const { id: paymentNo, client_reference_id, amount_total, currency } = session;
  const amount = amount_total == null || currency == null ? null : fromStripe(amount_total, currency);
  if (amount === null || currency == null) return { kind: "nothing" };
  return {
    kind: "fact",
    notice: {
      ...{
        externalId: `answer:${paymentNo}:failed`,
        reference: client_reference_id ?? null,
        paymentNo,
        status: "failed",
      },
      ...{ amount, currency, source: "answer", body },
    },
  };
}
