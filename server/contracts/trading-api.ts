import { z } from "zod";
import { standingBreach } from "./loss-rule.ts";
import {
  accountStates,
  assetClasses,
  books,
  intervals,
  locales,
  marginStages,
  orderOrigins,
  orderStates,
  orderTypes,
  positionSides,
  quoteFlags,
  quoteSources,
  sides,
  timesInForce,
  tradeModes,
} from "./names.ts";
import { orderCancelCodes } from "./order-names.ts";
import { decimal, instant } from "./wire-values.ts";

/**
 * The trader side over REST and Socket.IO: what the widget and partners' scripts send and get. Money, lots and prices are
 * decimal strings in major units; times are ISO 8601 in UTC except ...Ms. Unknown keys are refused.
 */
export const loginRequest = z.union([
  z.strictObject({ email: z.email().max(254), password: z.string().min(1).max(128) }),
  z.strictObject({ partnerToken: z.string().min(1).max(4096) }),
]);
export type LoginRequest = z.infer<typeof loginRequest>;

export const accountSummary = z.object({ id: z.uuid(), book: z.enum(books), currency: z.string() });
export const loginReply = z.object({
  accessToken: z.string(),
  expiresAt: instant,
  trader: z.object({ id: z.uuid(), name: z.string(), email: z.string().nullable(), locale: z.enum(locales) }),
  accounts: z.array(accountSummary),
});
export type LoginReply = z.infer<typeof loginReply>;

export const wireQuote = z.object({
  instrument: z.string(),
  bid: decimal,
  ask: decimal,
  last: decimal.nullable(),
  venueAtMs: z.number(),
  sentAtMs: z.number(),
  seq: z.number().int(),
  source: z.enum(quoteSources),
  flag: z.enum(quoteFlags).nullable(),
});
export type WireQuote = z.infer<typeof wireQuote>;

export const wireInstrument = z.object({
  id: z.string(),
  name: z.string(),
  assetClass: z.enum(assetClasses),
  exchange: z.string(),
  currency: z.string(),
  currencyScale: z.number().int(),
  tickSize: decimal,
  priceDecimals: z.number().int(),
  multiplier: decimal,
  /** Money per tick per lot. */
  tickValue: decimal,
  lotStep: decimal,
  minLots: decimal,
  maxLotsPerOrder: decimal,
  initialMargin: decimal,
  maintenanceMargin: decimal,
  feePerSide: decimal,
  termsVersion: z.number().int(),
  tradeMode: z.enum(tradeModes),
  barPrice: z.enum(["last", "bid", "mid"]),
  maxQuoteAgeMs: z.number().int(),
  session: z.object({
    open: z.boolean(),
    nextOpenAt: instant.nullable(),
    nextCloseAt: instant.nullable(),
    zone: z.string(),
  }),
  quote: wireQuote.nullable(),
});
export type WireInstrument = z.infer<typeof wireInstrument>;

/** [openedAtMs, open, high, low, close, volume]: numbers, for charts only. */
export const wireBar = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]);
export type WireBar = z.infer<typeof wireBar>;

export const barsRequest = z.strictObject({
  instrument: z.string().max(20),
  interval: z.enum(intervals),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, "must be a whole number from 1 to 5000")
    .transform(Number)
    .refine((limit) => limit <= 5000, "must be a whole number from 1 to 5000")
    .optional(),
});
export const barsReply = z.object({
  instrument: z.string(),
  interval: z.enum(intervals),
  bars: z.array(wireBar),
  forming: wireBar.nullable(),
});
export type BarsReply = z.infer<typeof barsReply>;

export const accountView = z.object({
  id: z.uuid(),
  book: z.enum(books),
  currency: z.string(),
  state: z.enum(accountStates),
  balance: decimal,
  equity: decimal,
  held: decimal,
  available: decimal,
  /** Where it stands on the margin ladder, and equity / held margin in per cent; null: nothing is held. */
  marginStage: z.enum(marginStages),
  marginLevel: decimal.nullable(),
  /** Limits that are breached now, and until when; null: until the operator lifts it. All but an alert let nothing be opened. */
  breaches: z.array(standingBreach),
  /** Until when the trader has shut himself out of opening positions; null: he has not. */
  excludedUntil: z.iso.datetime().nullable(),
});
export type AccountView = z.infer<typeof accountView>;

export const wirePosition = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  instrument: z.string(),
  side: z.enum(positionSides),
  lots: decimal,
  averagePrice: decimal,
  markPrice: decimal.nullable(),
  unrealizedPnl: decimal.nullable(),
  marginHeld: decimal,
  /** Prices of its bracket; null: no such leg. */
  takeProfitPrice: decimal.nullable(),
  stopLossPrice: decimal.nullable(),
});
export type WirePosition = z.infer<typeof wirePosition>;

export const watchEventRequest = z.strictObject({
  instruments: z.array(z.string().min(1).max(20)).max(50),
  bars: z.array(z.strictObject({ instrument: z.string().min(1).max(20), interval: z.enum(intervals) })).max(20),
});

/** One check of an order decision: what was compared, and by which rule. */
export const wireCheck = z.object({
  code: z.string(),
  passed: z.boolean(),
  limit: z.string().nullable(),
  value: z.string().nullable(),
  headroom: z.string().nullable(),
  /** Where the limit came from: "terms", "default", "partner", "agent:<code>", "trader", "self", "together", "account". */
  source: z.string().nullable(),
  /** The figures are of all the person's accounts together. */
  isTogether: z.boolean().optional(),
});
export type WireCheck = z.infer<typeof wireCheck>;

/** How many lots could be bought and sold now, and what binds: the answer to "why not more". */
const sideCapacity = z.object({
  maxLots: decimal,
  /** The check that the next lot would fail, as it would be refused; null: none. */
  boundBy: wireCheck.nullable(),
});
export const capacityReply = z.object({ buy: sideCapacity, sell: sideCapacity });
export type CapacityReply = z.infer<typeof capacityReply>;

const wireQuoteRef = z.object({
  seq: z.number().int(),
  bid: decimal,
  ask: decimal,
  venueAt: instant,
  receivedAt: instant,
});

export const wireOrder = z.object({
  id: z.uuid(),
  clientOrderId: z.string(),
  accountId: z.uuid(),
  instrument: z.string(),
  side: z.enum(sides),
  type: z.enum(orderTypes),
  origin: z.enum(orderOrigins),
  lots: decimal,
  filledLots: decimal,
  averageFillPrice: decimal.nullable(),
  limitPrice: decimal.nullable(),
  stopPrice: decimal.nullable(),
  takeProfitPrice: decimal.nullable(),
  stopLossPrice: decimal.nullable(),
  timeInForce: z.enum(timesInForce),
  expiresAt: instant.nullable(),
  reduceOnly: z.boolean(),
  state: z.enum(orderStates),
  rejectionCode: z.string().nullable(),
  cancelCode: z.enum(orderCancelCodes).nullable(),
  /** The quote that triggered it; null for orders that never waited, or still do. */
  trigger: wireQuoteRef.nullable(),
  acceptedAt: instant,
  doneAt: instant.nullable(),
});
export type WireOrder = z.infer<typeof wireOrder>;

export const wireFill = z.object({
  id: z.string(),
  orderId: z.uuid(),
  accountId: z.uuid(),
  instrument: z.string(),
  side: z.enum(sides),
  origin: z.enum(orderOrigins),
  lots: decimal,
  price: decimal,
  /** The order's own price that the market jumped over; null: the fill is at the order's price or better, or it had none. */
  gappedFrom: decimal.nullable(),
  realizedPnl: decimal,
  fee: decimal,
  currency: z.string(),
  /** The quote that priced it. */
  quote: wireQuoteRef,
  filledAt: instant,
});
export type WireFill = z.infer<typeof wireFill>;

/** The answer to an order, the same over REST (status + body) and over the socket (ack). */
export type OrderAnswer =
  | { status: 202 | 200; order: WireOrder }
  | {
      status: 400 | 401 | 404 | 409 | 422 | 429 | 503;
      code: string;
      message: string;
      checks?: WireCheck[];
      errors?: Record<string, string>;
    };

/** The answer to a change of a position's bracket: the position as it is then. */
export type PositionAnswer = { status: 200; position: WirePosition } | Exclude<OrderAnswer, { order: WireOrder }>;

/** What became of a request about several orders: exits that were accepted or refused, and how many orders were cancelled. */
export type BatchAnswer =
  | { status: 200; cancelled: number; answers: OrderAnswer[] }
  | Exclude<OrderAnswer, { order: WireOrder }>;
