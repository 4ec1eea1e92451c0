import { z } from "zod";

/** Of Stripe's objects what is read, as it is sent; more may be there. */

const id = z.string().regex(/^[\w-]{1,100}$/);
const count = z.int().nonnegative();
const currency = z
  .string()
  .regex(/^[a-z]{3}$/)
  .transform((code) => code.toUpperCase());
/** An id, or the object itself where it was asked for. */
const paymentId = z.union([id, z.object({ id }).transform((object) => object.id)]).nullish();
/** Ours travels in the metadata, which a charge has from its payment. */
const metadata = z
  .looseObject({ reference: z.string().max(64).optional() })
  .nullish()
  .transform((given) => given?.reference ?? null)
  .catch(null);

export const stripeCharge = z.object({
  id,
  amount: count,
  amount_refunded: count,
  currency,
  payment_intent: paymentId,
  metadata,
});

export const stripePayment = z.object({
  id,
  status: z.string().max(64),
  amount: count,
  amount_received: count,
  currency,
  metadata,
  latest_charge: z.union([id.transform(() => null), stripeCharge]).nullish(),
});
export type StripePayment = z.infer<typeof stripePayment>;

export const stripeDispute = z.object({
  id,
  status: z.string().max(64),
  amount: count,
  currency,
  payment_intent: paymentId,
});
export type StripeDispute = z.infer<typeof stripeDispute>;

export const stripeSession = z.object({
  id,
  amount_total: count.nullish(),
  currency: currency.nullish(),
  payment_status: z.string().max(64),
  status: z.string().max(64).nullish(),
  payment_intent: paymentId,
  client_reference_id: z.string().max(64).nullish(),
});
export type StripeSession = z.infer<typeof stripeSession>;

export const stripeEvent = z.object({
  id,
  type: z.string().max(100),
  livemode: z.boolean(),
  /** Of another account that the endpoint hears of. */
  account: z.string().nullish(),
  data: z.object({ object: z.unknown() }),
});
export type StripeEvent = z.infer<typeof stripeEvent>;
