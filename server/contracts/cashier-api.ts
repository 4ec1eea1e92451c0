import { z } from "zod";
import { withdrawalStates } from "./names.ts";
import {
  askedChannels,
  chainChannels,
  depositKinds,
  depositRefusalCodes,
  depositStates,
  paymentChannels,
  payoutChannels,
} from "./payment-names.ts";
import { isPlainText } from "./plain-text.ts";
import { decimal, instant } from "./wire-values.ts";

/** What a trader asks of the cashier, and what he is told. Money is a decimal in major units of the account's currency. */

const amount = z
  .string()
  .max(20)
  .regex(/^(0|[1-9]\d{0,14})(\.\d{1,8})?$/, "must be a positive amount such as 125.50");

export const withdrawalRequest = z.strictObject({
  /** The client's own: the same request twice is one withdrawal. */
  requestId: z.uuid(),
  accountId: z.uuid(),
  targetId: z.uuid(),
  /** What leaves the account, the fee included. */
  amount,
});
export type WithdrawalRequest = z.infer<typeof withdrawalRequest>;

export const payoutTargetRequest = z.strictObject({
  channel: z.enum(payoutChannels),
  /** Whose account it is. */
  name: z
    .string()
    .trim()
    .min(1)
    .max(70)
    .refine((name) => isPlainText(name), "must be plain text"),
  /** Bank: an IBAN, spaces allowed. */
  address: z.string().min(4).max(60),
});
export type PayoutTargetRequest = z.infer<typeof payoutTargetRequest>;

export const wirePayoutTarget = z.object({
  id: z.uuid(),
  channel: z.enum(payoutChannels),
  name: z.string(),
  address: z.string(),
  createdAt: instant,
});
export type WirePayoutTarget = z.infer<typeof wirePayoutTarget>;

export const wireWithdrawal = z.object({
  id: z.uuid(),
  requestId: z.uuid(),
  accountId: z.uuid(),
  state: z.enum(withdrawalStates),
  amount: decimal,
  fee: decimal,
  /** amount - fee: what arrives. */
  paidOut: decimal,
  currency: z.string(),
  channel: z.enum(payoutChannels),
  target: z.object({ id: z.uuid(), name: z.string(), address: z.string() }),
  /** How many people look at it, and the time before which it is not sent. */
  reviewsNeeded: z.int(),
  notBefore: instant,
  requestedAt: instant,
  /** The bank's, once it was sent. */
  reference: z.string().nullable(),
  sentAt: instant.nullable(),
  endedAt: instant.nullable(),
  /** Why it was rejected or came back. */
  note: z.string().nullable(),
});
export type WireWithdrawal = z.infer<typeof wireWithdrawal>;

const wireFee = z.object({ fixed: decimal, percent: decimal, min: decimal, max: decimal.nullable() });

/** What a channel offers an account now; a limit that is null is none. Counted over rolling 24 hours and 30 days. */
export const wireWithdrawalTerms = z.object({
  channel: z.enum(payoutChannels),
  currency: z.string(),
  enabled: z.boolean(),
  /** Money that nothing needs, whatever the limits say. */
  available: decimal,
  /** What of it came by a channel that may yet take it back, by the day that it can be withdrawn, soonest first. */
  fresh: z.array(z.object({ amount: decimal, withdrawableAt: instant })),
  /** What you owe since a deposit was taken back; until it is collected nothing is paid out. */
  debts: z.array(z.object({ amount: decimal, currency: z.string() })),
  /** The largest amount that would be taken now, fee included. */
  largest: decimal,
  min: decimal,
  max: decimal.nullable(),
  dayLeft: decimal.nullable(),
  monthLeft: decimal.nullable(),
  requestsLeft: z.int().nullable(),
  /** So long a new place to be paid to waits before money is sent. */
  coolingHours: z.int(),
  /** fixed + percent of the amount, at least min, at most max; taken out of the amount. */
  fee: wireFee,
});
export type WireWithdrawalTerms = z.infer<typeof wireWithdrawalTerms>;

export const depositRequest = z.strictObject({
  /** The client's own: the same request twice is one deposit. */
  requestId: z.uuid(),
  accountId: z.uuid(),
  channel: z.enum(askedChannels),
  /** What is paid, the fee included. */
  amount,
});
export type DepositRequest = z.infer<typeof depositRequest>;

/** What a channel takes of an account now; a limit that is null is none. Counted over rolling 24 hours and 30 days. */
export const wireDepositTerms = z.object({
  channel: z.enum(paymentChannels),
  /** `redirect`: the deposit names a page to pay at; `transfer`: bank details and a reference; `address`: the account's own on a chain. */
  kind: z.enum(depositKinds),
  currency: z.string(),
  /** Why nothing would be taken now; null: something would. */
  refusal: z.enum(depositRefusalCodes).nullable(),
  min: decimal,
  /** The largest amount that would be taken now, fee included. */
  largest: decimal.nullable(),
  dayLeft: decimal.nullable(),
  monthLeft: decimal.nullable(),
  /** So many days after it was credited it can't be withdrawn. */
  withdrawableDays: z.int(),
  /** fixed + percent of the amount, at least min, at most max; taken out of the amount. */
  fee: wireFee,
});
export type WireDepositTerms = z.infer<typeof wireDepositTerms>;

export const wireDeposit = z.object({
  id: z.uuid(),
  /** null: it came without a request. */
  requestId: z.uuid().nullable(),
  accountId: z.uuid(),
  state: z.enum(depositStates),
  channel: z.enum(paymentChannels),
  /** To be given with the payment. */
  reference: z.string().nullable(),
  /** Where it is paid; null: nowhere any more, or the channel has not answered. */
  payUrl: z.string().nullable(),
  asked: decimal.nullable(),
  received: decimal.nullable(),
  fee: decimal,
  currency: z.string(),
  createdAt: instant,
  expiresAt: instant.nullable(),
  creditedAt: instant.nullable(),
  /** From then on it can be withdrawn; null: as soon as it is credited. */
  withdrawableAt: instant.nullable(),
  endedAt: instant.nullable(),
  /** Whether a proof of the transfer may be added to it; and how many the trader has added. */
  takesProof: z.boolean(),
  proofs: z.int(),
});
export type WireDeposit = z.infer<typeof wireDeposit>;

export const depositAddressQuery = z.strictObject({ accountId: z.uuid(), channel: z.enum(chainChannels) });

/** Where an account's own address on a chain is, and what has been seen there and does not count yet. */
export const wireDepositAddress = z.object({
  channel: z.enum(chainChannels),
  /** The chain in CAIP-2: `eip155:1` is Ethereum. Anything sent on another chain does not arrive. */
  network: z.string(),
  /** The token's contract: anything else sent to the address is not credited. */
  contract: z.string(),
  currency: z.string(),
  address: z.string(),
  /** Less than this is kept, and not credited by itself. */
  min: decimal,
  /** So many blocks until it counts, its own included; null: when the chain calls it final. */
  confirmations: z.int().nullable(),
  pending: z.array(z.object({ txid: z.string(), amount: decimal, confirmations: z.int(), seenAt: instant })),
});
export type WireDepositAddress = z.infer<typeof wireDepositAddress>;
