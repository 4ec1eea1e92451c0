import { z } from "zod";

/**
 * What `truewick-verify` and the widget check a fill by. Everything is text as it was sealed; hashes, keys and signatures are
 * lower-case hexadecimal. Described in server/docs/PROOFS.md.
 */
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const keyId = z.string().regex(/^[0-9a-f]{16}$/);
const signature = z.string().regex(/^[0-9a-f]{128}$/);
const whole = z.string().regex(/^\d{1,19}$/);
const decimal = z.string();
const moment = z.string().describe("UTC to the microsecond: 2026-01-02T03:04:05.678901Z");

export const wireBlock = z.object({
  version: z.literal(1),
  instrument: z.string(),
  blockNo: whole,
  firstSeq: whole,
  lastSeq: whole,
  count: z.int(),
  merkleRoot: hash,
  prevHash: hash,
  sealedAt: moment,
  keyId,
  hash,
  signature,
});

export const headsReply = z.object({
  format: z.literal("truewick/heads/1"),
  at: moment,
  keys: z.array(z.object({ keyId, publicKey: hash, createdAt: moment })),
  heads: z.array(wireBlock),
  keyId,
  signature,
});
export type HeadsReply = z.infer<typeof headsReply>;

export const headsRequest = z.strictObject({ at: z.iso.datetime({ offset: true }).optional() });

export const blocksReply = z.object({ blocks: z.array(wireBlock) });
export type BlocksReply = z.infer<typeof blocksReply>;

const blocksMax = 200;
export const blocksRequest = z.strictObject({
  instrument: z.string().regex(/^[A-Z0-9]{2,20}$/, "must be the id of an instrument"),
  fromBlock: z
    .string()
    .regex(/^[1-9]\d{0,17}$/, "must be the number of a block, from 1")
    .default("1"),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, `must be a whole number from 1 to ${blocksMax}`)
    .transform(Number)
    .refine((limit) => limit <= blocksMax, `must be a whole number from 1 to ${blocksMax}`)
    .default(100),
});

const quoteRef = z.object({ seq: whole, bid: decimal, ask: decimal, venueAt: moment, receivedAt: moment });

export const receiptReply = z.object({
  format: z.literal("truewick/receipt/1"),
  order: z.object({
    id: z.uuid(),
    instrument: z.string(),
    side: z.string(),
    type: z.string(),
    origin: z.string(),
    lots: decimal,
    limitPrice: decimal.nullable(),
    stopPrice: decimal.nullable(),
    quotedPrice: decimal.nullable(),
    maxSlippageTicks: decimal.nullable(),
    timeInForce: z.string(),
    expiresAt: moment.nullable(),
    reduceOnly: z.boolean(),
    acceptedAt: moment,
    acceptedAtQuote: quoteRef,
    activeFromSeq: whole.nullable(),
    stopQuoteSeq: whole.nullable(),
    trigger: quoteRef.nullable(),
  }),
  fill: z.object({
    id: whole,
    side: z.string(),
    lots: decimal,
    price: decimal,
    realizedPnl: decimal,
    fee: decimal,
    currency: z.string(),
    quoteSeq: whole,
    filledAt: moment,
  }),
  rule: z.object({ name: z.enum(["acceptance-quote", "trigger-quote"]), version: z.literal(1) }),
  terms: z.object({
    instrument: z.string(),
    version: z.int(),
    currency: z.string(),
    currencyScale: z.int(),
    tickSize: decimal,
    priceDecimals: z.int(),
    multiplier: decimal,
    tickValue: decimal,
    initialMargin: decimal,
    maintenanceMargin: decimal,
    feePerSide: decimal,
    hash,
  }),
  quote: z.object({
    instrument: z.string(),
    seq: whole,
    bidTicks: z.string().nullable(),
    askTicks: z.string().nullable(),
    lastTicks: z.string().nullable(),
    lastSize: decimal.nullable(),
    tickSize: decimal,
    venueAt: moment,
    receivedAt: moment,
    source: z.string(),
    flag: z.string().nullable(),
  }),
  inclusion: z.object({ leafIndex: z.int(), path: z.array(hash) }),
  block: wireBlock.extend({ publicKey: hash }),
  issued: z.object({ at: moment, keyId, publicKey: hash, signature }),
});
