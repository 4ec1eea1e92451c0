import { fromHex, type LaterSha256, toHex, utf8 } from "./bytes.ts";
import { canonicalJson, documentText, type Json } from "./canonical-json.ts";
import { rootFromPath } from "./merkle.ts";
import { blockHeaderText, keyIdOf, quoteLeafInput, type SignedBlock, signedBlockText } from "./quote-block.ts";
import { type Receipt, readReceipt, signedReceiptText } from "./receipt.ts";
import { feeFollows, followsPriceRule, meetsOrder } from "./receipt-rule.ts";
import { parseDecimal } from "./units.ts";

/** The two primitives a check needs: Node's crypto, or the browser's own. */
export interface ProofCrypto {
  readonly sha256: LaterSha256;
  /** Ed25519 (RFC 8032). */
  readonly verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;
}

/** What is checked, in the order it is told. */
export const receiptChecks = [
  "document",
  "receipt-signature",
  "price-rule",
  "order-met",
  "fee",
  "quote-in-block",
  "block-signature",
] as const;
export type ReceiptCheck = (typeof receiptChecks)[number];

export interface ReceiptFinding {
  readonly check: ReceiptCheck;
  readonly holds: boolean;
}

export interface VerifiedReceipt {
  /** Null: the text is no receipt at all, and only "document" was checked. */
  readonly receipt: Receipt | null;
  readonly findings: readonly ReceiptFinding[];
  readonly holds: boolean;
}

/**
 * Checks a receipt from its exact text, without asking anybody. Holds only if nothing in it was changed since it was signed,
 * the fill follows from the order and the quote by the rules, and the quote is in a block that was signed. Whether the keys
 * are the operator's is for the caller: compare them with those he publishes.
 */
export async function verifyReceipt(text: string, crypto: ProofCrypto): Promise<VerifiedReceipt> {
  const receipt = parse(text);
  if (receipt === null) return { receipt, findings: [{ check: "document", holds: false }], holds: false };
  const findings: ReceiptFinding[] = [
    { check: "document", holds: await termsAreTheirHash(receipt, crypto) },
    { check: "receipt-signature", holds: await isSignedByIssuer(receipt, crypto) },
    { check: "price-rule", holds: followsPriceRule(receipt) },
    { check: "order-met", holds: meetsOrder(receipt) },
    { check: "fee", holds: feeFollows(receipt) },
    { check: "quote-in-block", holds: await isInBlock(receipt, crypto) },
    { check: "block-signature", holds: await isSealed(receipt.block, receipt.block.publicKey, crypto) },
  ];
  return { receipt, findings, holds: findings.every(({ holds }) => holds) };
}

/** Only the one spelling counts: a receipt with a space more is a changed receipt. */
function parse(text: string): Receipt | null {
  try {
    const document = JSON.parse(text) as Json;
    return documentText(document) === text ? readReceipt(document) : null;
  } catch {
    return null;
  }
}

async function termsAreTheirHash({ terms: { hash, ...terms } }: Receipt, { sha256 }: ProofCrypto): Promise<boolean> {
  return toHex(await sha256(utf8(canonicalJson(terms)))) === hash;
}

/** SHA-256 of all of a receipt but its signature. */
export async function receiptHash({ issued, ...rest }: Receipt, sha256: LaterSha256): Promise<string> {
  const { signature: _not, ...by } = issued;
  return toHex(await sha256(utf8(canonicalJson({ ...rest, issued: by } as unknown as Json))));
}

async function isSignedByIssuer(receipt: Receipt, crypto: ProofCrypto): Promise<boolean> {
  const { keyId, publicKey, signature } = receipt.issued;
  const text = signedReceiptText(await receiptHash(receipt, crypto.sha256));
  return isSignedBy({ keyId, publicKey, signature, text }, crypto);
}

async function isInBlock({ quote, inclusion, block }: Receipt, { sha256 }: ProofCrypto): Promise<boolean> {
  const path = inclusion.path.map(fromHex);
  if (!path.every((hash) => hash?.length === 32) || !standsThere(quote.seq, inclusion.leafIndex, block)) return false;
  if (quote.instrument !== block.instrument) return false;
  const place = { index: inclusion.leafIndex, count: block.count };
  const root = await rootFromPath(await sha256(quoteLeafInput(quote)), place, path as Uint8Array[], sha256);
  return root !== null && toHex(root) === block.merkleRoot;
}

/** Where no number is missing in a block, a quote's place follows from its number. */
function standsThere(seq: string, index: number, block: SignedBlock): boolean {
  const [at, first, last] = [seq, block.firstSeq, block.lastSeq].map((text) => parseDecimal(text, 0));
  if (at == null || first == null || last == null || at < first || at > last) return false;
  return last - first + 1n !== BigInt(block.count) || at - first === BigInt(index);
}

/** Whether a block's hash is that of its header, and its signature that of the key it names. */
export async function isSealed(block: SignedBlock, publicKey: string, crypto: ProofCrypto): Promise<boolean> {
  const { hash, signature, keyId } = block;
  if (!(await isItsHash(block, crypto))) return false;
  return isSignedBy({ keyId, publicKey, signature, text: signedBlockText(hash) }, crypto);
}

/** Whether a block's hash is that of its header. */
export const isItsHash = async (block: SignedBlock, { sha256 }: ProofCrypto): Promise<boolean> =>
  toHex(await sha256(utf8(blockHeaderText(block)))) === block.hash;

export async function isSignedBy(
  said: { readonly keyId: string; readonly publicKey: string; readonly signature: string; readonly text: string },
  crypto: ProofCrypto,
): Promise<boolean> {
  const [key, signature] = [fromHex(said.publicKey), fromHex(said.signature)];
  if (key?.length !== 32 || signature?.length !== 64) return false;
  if ((await keyIdOf(key, crypto.sha256)) !== said.keyId) return false;
  return crypto.verify(key, utf8(said.text), signature);
}
