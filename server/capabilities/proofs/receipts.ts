import type { Knex } from "knex";
import { toHex, utf8 } from "#core/bytes.ts";
import { canonicalJson, documentText, type Json } from "#core/canonical-json.ts";
import type { ContractTerms } from "#core/instrument.ts";
import type { SignedBlock } from "#core/quote-block.ts";
import { type Receipt, type ReceiptOrder, type ReceiptTerms, signedReceiptText } from "#core/receipt.ts";
import { assert } from "#core/result.ts";
import { formatDecimal, formatPrice, ticks } from "#core/units.ts";
import { receiptHash } from "#core/verify-receipt.ts";
import { type TermsRow, toTerms } from "../market-data/index.ts";
import { blockOfQuote, utcSql } from "./blocks.store.ts";
import { type ProofPorts, type Signer, sha256 } from "./ports.ts";
import { type FilledRow, publicKeyOf, readFilled, readSealedQuote } from "./receipts.store.ts";

/** A receipt as the text that is handed out, or why there is none (yet). */
export type ReceiptAnswer =
  | { readonly kind: "receipt"; readonly text: string }
  | { readonly kind: "unsealed" }
  | { readonly kind: "unknown" };

export interface Receipts {
  /** Of a trader's own fill. */
  readonly ofTrader: (traderId: string, fillId: bigint) => Promise<ReceiptAnswer>;
  /** Of any fill, for staff whose right to see it was checked. */
  readonly ofFill: (fillId: bigint) => Promise<ReceiptAnswer>;
}

/** Receipts of fills, made and signed when asked for. Nothing in them says whose they are. */
export function receipts({ db, signer }: ProofPorts): Receipts {
  const answer = async (fillId: bigint, traderId: string | null): Promise<ReceiptAnswer> => {
    const filled = await readFilled(db, fillId, traderId);
    if (filled === null) return { kind: "unknown" };
    const block = await blockOfQuote(db, filled.instrument_id, filled.fill_quote_seq);
    if (block === null) return { kind: "unsealed" };
    const receipt = await signed(signer, await unsignedReceipt(db, filled, block, signer));
    return { kind: "receipt", text: documentText(receipt as unknown as Json) };
  };
  return {
    ofTrader: (traderId, fillId) => answer(fillId, traderId),
    ofFill: (fillId) => answer(fillId, null),
  };
}

async function unsignedReceipt(db: Knex, filled: FilledRow, block: SignedBlock, signer: Signer): Promise<Receipt> {
  const { terms, tickSize, at } = await readTerms(db, filled);
  const sealed = await readSealedQuote(db, block, filled.fill_quote_seq);
  const order = orderOf(filled, terms);
  return {
    format: "truewick/receipt/1",
    order,
    fill: {
      id: filled.fill_id.toString(),
      side: filled.side,
      lots: filled.lots.toString(),
      price: formatPrice(ticks(filled.price_ticks), terms.price),
      realizedPnl: formatDecimal(filled.realized_pnl_minor, filled.currency_scale),
      fee: formatDecimal(filled.fee_minor, filled.currency_scale),
      currency: filled.currency,
      quoteSeq: filled.fill_quote_seq.toString(),
      filledAt: filled.filled,
    },
    rule: { name: order.trigger === null ? "acceptance-quote" : "trigger-quote", version: 1 },
    terms: hashed(termsOf(filled.instrument_id, terms, tickSize)),
    quote: sealed.quote,
    inclusion: sealed.inclusion,
    block: { ...block, publicKey: await publicKeyOf(db, block.keyId) },
    issued: { at, keyId: signer.keyId, publicKey: toHex(signer.publicKey), signature: "" },
  };
}

async function signed(signer: Signer, receipt: Receipt): Promise<Receipt> {
  const signature = toHex(signer.sign(signedReceiptText(await receiptHash(receipt, sha256))));
  return { ...receipt, issued: { ...receipt.issued, signature } };
}

function orderOf(row: FilledRow, terms: ContractTerms): ReceiptOrder {
  const price = (value: bigint): string => formatPrice(ticks(value), terms.price);
  const priceOrNull = (value: bigint | null): string | null => (value === null ? null : price(value));
  return {
    id: row.order_id,
    instrument: row.instrument_id,
    side: row.order_side,
    type: row.type,
    origin: row.origin,
    lots: row.order_lots.toString(),
    limitPrice: priceOrNull(row.limit_ticks),
    stopPrice: priceOrNull(row.stop_ticks),
    quotedPrice: priceOrNull(row.quoted_ticks),
    maxSlippageTicks: row.max_slippage_ticks?.toString() ?? null,
    timeInForce: row.time_in_force,
    expiresAt: row.expires,
    reduceOnly: row.reduce_only,
    acceptedAt: row.accepted,
    acceptedAtQuote: {
      seq: row.quote_seq.toString(),
      bid: price(row.quote_bid_ticks),
      ask: price(row.quote_ask_ticks),
      venueAt: row.quote_venue,
      receivedAt: row.quote_received,
    },
    activeFromSeq: row.active_from_seq?.toString() ?? null,
    stopQuoteSeq: row.stop_quote_seq?.toString() ?? null,
    trigger: triggerOf(row, price),
  };
}

function triggerOf(row: FilledRow, price: (value: bigint) => string): ReceiptOrder["trigger"] {
  const { trigger_quote_seq: seq, trigger_bid_ticks: bid, trigger_ask_ticks: ask } = row;
  const { trigger_venue: venueAt, trigger_received: receivedAt } = row;
  if (seq === null || bid === null || ask === null || venueAt === null || receivedAt === null) return null;
  return { seq: seq.toString(), bid: price(bid), ask: price(ask), venueAt, receivedAt };
}

function termsOf(instrument: string, terms: ContractTerms, tickSize: string): Omit<ReceiptTerms, "hash"> {
  const money = (value: bigint): string => formatDecimal(value, terms.currencyScale);
  return {
    instrument,
    version: terms.version,
    currency: terms.currency,
    currencyScale: terms.currencyScale,
    tickSize,
    priceDecimals: terms.price.decimals,
    multiplier: terms.multiplier,
    tickValue: money(terms.tickValue),
    initialMargin: money(terms.initialMargin),
    maintenanceMargin: money(terms.maintenanceMargin),
    feePerSide: money(terms.feePerSide),
  };
}

const hashed = (terms: Omit<ReceiptTerms, "hash">): ReceiptTerms => ({
  ...terms,
  hash: toHex(sha256(utf8(canonicalJson({ ...terms })))),
});

/** The terms a fill was made under, their tick size as it is sealed, and the database's time. */
async function readTerms(db: Knex, filled: FilledRow): Promise<{ terms: ContractTerms; tickSize: string; at: string }> {
  const { rows } = await db.raw<{ rows: (TermsRow & { trimmed: string; at: string })[] }>(
    `SELECT t.*, trim_scale(t.tick_size)::text AS trimmed, ${utcSql("clock_timestamp()")} AS at
     FROM instrument_terms t WHERE t.instrument_id = ? AND t.terms_version = ?`,
    [filled.instrument_id, filled.terms_version],
  );
  const [row] = rows;
  assert(row !== undefined, `no terms ${filled.terms_version} of ${filled.instrument_id}`);
  return { terms: toTerms(row), tickSize: row.trimmed, at: row.at };
}
