import type { Json } from "./canonical-json.ts";
import type { QuoteLeaf, SignedBlock } from "./quote-block.ts";

/** A quote as an order names it: decimals as people write them. */
export interface QuoteRef {
  readonly seq: string;
  readonly bid: string;
  readonly ask: string;
  readonly venueAt: string;
  readonly receivedAt: string;
}

/** The contract terms an order was accepted under; `hash` is the SHA-256 of their canonical text without it. */
export interface ReceiptTerms {
  readonly instrument: string;
  readonly version: number;
  readonly currency: string;
  readonly currencyScale: number;
  readonly tickSize: string;
  readonly priceDecimals: number;
  readonly multiplier: string;
  readonly tickValue: string;
  readonly initialMargin: string;
  readonly maintenanceMargin: string;
  readonly feePerSide: string;
  readonly hash: string;
}

/** The order as it stood when it filled. Nothing says whose it is: the trader knows its id, nobody else does. */
export interface ReceiptOrder {
  readonly id: string;
  readonly instrument: string;
  readonly side: string;
  readonly type: string;
  readonly origin: string;
  readonly lots: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly quotedPrice: string | null;
  readonly maxSlippageTicks: string | null;
  readonly timeInForce: string;
  readonly expiresAt: string | null;
  readonly reduceOnly: boolean;
  readonly acceptedAt: string;
  /** The quote in force when it was accepted. */
  readonly acceptedAtQuote: QuoteRef;
  /** Orders that waited: only quotes after this number could trigger it. */
  readonly activeFromSeq: string | null;
  /** Stop-limit orders: the quote that reached the stop. */
  readonly stopQuoteSeq: string | null;
  /** The quote that met its price; null: it never waited. */
  readonly trigger: QuoteRef | null;
}

export interface ReceiptFill {
  readonly id: string;
  readonly side: string;
  readonly lots: string;
  readonly price: string;
  readonly realizedPnl: string;
  readonly fee: string;
  readonly currency: string;
  readonly quoteSeq: string;
  readonly filledAt: string;
}

/** Which quote prices the fill: that of acceptance, or the first that met the order's price. Buy at ask, sell at bid. */
export const receiptRules = ["acceptance-quote", "trigger-quote"] as const;

/** One fill with everything that is needed to check it without asking anybody. */
export interface Receipt {
  readonly format: "truewick/receipt/1";
  readonly order: ReceiptOrder;
  readonly fill: ReceiptFill;
  readonly rule: { readonly name: string; readonly version: 1 };
  readonly terms: ReceiptTerms;
  readonly quote: QuoteLeaf;
  readonly inclusion: { readonly leafIndex: number; readonly path: readonly string[] };
  readonly block: SignedBlock & { readonly publicKey: string };
  readonly issued: {
    readonly at: string;
    readonly keyId: string;
    readonly publicKey: string;
    readonly signature: string;
  };
}

/** What the operator's signature of a receipt is made over: all of it but the signature. */
export const signedReceiptText = (hash: string): string => JSON.stringify(["truewick/signed-receipt/1", hash]);

type Shape = "text" | "text?" | "flag" | "count" | "texts" | { readonly [key: string]: Shape };

const quoteRef: Shape = { seq: "text", bid: "text", ask: "text", venueAt: "text", receivedAt: "text" };

const order: Shape = {
  id: "text",
  instrument: "text",
  side: "text",
  type: "text",
  origin: "text",
  lots: "text",
  limitPrice: "text?",
  stopPrice: "text?",
  quotedPrice: "text?",
  maxSlippageTicks: "text?",
  timeInForce: "text",
  expiresAt: "text?",
  reduceOnly: "flag",
  acceptedAt: "text",
  acceptedAtQuote: quoteRef,
  activeFromSeq: "text?",
  stopQuoteSeq: "text?",
};

const fill: Shape = {
  id: "text",
  side: "text",
  lots: "text",
  price: "text",
  realizedPnl: "text",
  fee: "text",
  currency: "text",
  quoteSeq: "text",
  filledAt: "text",
};

const terms: Shape = {
  instrument: "text",
  version: "count",
  currency: "text",
  currencyScale: "count",
  tickSize: "text",
  priceDecimals: "count",
  multiplier: "text",
  tickValue: "text",
  initialMargin: "text",
  maintenanceMargin: "text",
  feePerSide: "text",
  hash: "text",
};

const quote: Shape = {
  instrument: "text",
  seq: "text",
  bidTicks: "text?",
  askTicks: "text?",
  lastTicks: "text?",
  lastSize: "text?",
  tickSize: "text",
  venueAt: "text",
  receivedAt: "text",
  source: "text",
  flag: "text?",
};

export const signedBlockShape = {
  version: "count",
  instrument: "text",
  blockNo: "text",
  firstSeq: "text",
  lastSeq: "text",
  count: "count",
  merkleRoot: "text",
  prevHash: "text",
  sealedAt: "text",
  keyId: "text",
  hash: "text",
  signature: "text",
} as const satisfies Shape;

const receipt = (waited: boolean): Shape => ({
  format: "text",
  order: { ...order, trigger: waited ? quoteRef : "text?" },
  fill,
  rule: { name: "text", version: "count" },
  terms,
  quote,
  inclusion: { leafIndex: "count", path: "texts" },
  block: { ...signedBlockShape, publicKey: "text" },
  issued: { at: "text", keyId: "text", publicKey: "text", signature: "text" },
});

/** A document as a receipt of version 1; null when a field is missing, unknown or of another kind. */
export function readReceipt(document: Json): Receipt | null {
  const waits = isObject(document) && isObject(document.order ?? null) && isObject(memberOf(document.order, "trigger"));
  if (!fits(document, receipt(waits))) return null;
  const read = document as unknown as Receipt;
  if (read.format !== "truewick/receipt/1" || read.rule.version !== 1 || read.block.version !== 1) return null;
  return waits || read.order.trigger === null ? read : null;
}

/** Whether a value has exactly the members of the shape, each of its kind. */
export function fits(value: Json, shape: Shape): boolean {
  if (shape === "text") return typeof value === "string";
  if (shape === "text?") return value === null || typeof value === "string";
  if (shape === "flag") return typeof value === "boolean";
  if (shape === "count") return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  if (shape === "texts") return Array.isArray(value) && value.every((one) => typeof one === "string");
  const members = Object.entries(shape);
  return (
    isObject(value) &&
    Object.keys(value).length === members.length &&
    members.every(([key, kind]) => Object.hasOwn(value, key) && fits(memberOf(value, key), kind))
  );
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const memberOf = (value: Json | undefined, key: string): Json => {
  if (value === undefined || !isObject(value)) return null;
  return value[key] ?? null;
};
