import { toHex, utf8 } from "./bytes.ts";
import { canonicalJson, type Json } from "./canonical-json.ts";
import type { SignedBlock } from "./quote-block.ts";
import { fits, signedBlockShape } from "./receipt.ts";
import { isItsHash, isSealed, isSignedBy, type ProofCrypto } from "./verify-receipt.ts";

/** What the operator publishes: his keys and where each chain stands. */
export interface HeadsDocument {
  readonly format: "truewick/heads/1";
  readonly at: string;
  readonly keys: readonly { readonly keyId: string; readonly publicKey: string; readonly createdAt: string }[];
  readonly heads: readonly SignedBlock[];
  readonly keyId: string;
  readonly signature: string;
}

export const signedHeadsText = (hash: string): string => JSON.stringify(["truewick/signed-heads/1", hash]);

/** Blocks and keys as somebody collected them: heads of a day, a stretch of a chain, or both. */
export interface Published {
  readonly blocks: readonly SignedBlock[];
  /** Public keys by their id. */
  readonly keys: ReadonlyMap<string, string>;
}

/**
 * How a receipt's block stands to published ones. `same`: it is among them. `linked`: a published later block of its
 * instrument leads back to it hash by hash. `elsewhere`: they say nothing of it. `contradicted`: another block was published in
 * its place, or one of them is not what its key signed.
 */
export type Standing = "same" | "linked" | "elsewhere" | "contradicted";

export async function standingOf(block: SignedBlock, published: Published, crypto: ProofCrypto): Promise<Standing> {
  const own = published.blocks.filter(({ instrument }) => instrument === block.instrument);
  for (const one of own) {
    const key = published.keys.get(one.keyId);
    const stands = key === undefined ? isItsHash(one, crypto) : isSealed(one, key, crypto);
    if (!(await stands)) return "contradicted";
  }
  const numbered = new Map<string, SignedBlock>();
  for (const one of own) {
    if ((numbered.get(one.blockNo) ?? one).hash !== one.hash) return "contradicted";
    numbered.set(one.blockNo, one);
  }
  const there = numbered.get(block.blockNo);
  if (there !== undefined) return there.hash === block.hash ? "same" : "contradicted";
  const next = numbered.get((BigInt(block.blockNo) + 1n).toString());
  if (next === undefined) return "elsewhere";
  return next.prevHash === block.hash ? "linked" : "contradicted";
}

/** Reads heads, a stretch of blocks, or lines of either; null: the text is none of these. */
export async function readPublished(text: string, crypto: ProofCrypto): Promise<Published | null> {
  const documents = documentsOf(text);
  if (documents === null) return null;
  const blocks: SignedBlock[] = [];
  const keys = new Map<string, string>();
  for (const document of documents) {
    const said = document as { heads?: Json; blocks?: Json; keys?: Json };
    const list = said?.heads ?? said?.blocks ?? null;
    if (!Array.isArray(list) || !list.every((one) => fits(one as Json, signedBlockShape))) return null;
    blocks.push(...(list as unknown as SignedBlock[]));
    if (said.heads === undefined) continue;
    const heads = document as unknown as HeadsDocument;
    if (!(await isSignedHeads(heads, crypto))) return null;
    for (const { keyId, publicKey } of heads.keys) keys.set(keyId, publicKey);
  }
  return { blocks, keys };
}

function documentsOf(text: string): Json[] | null {
  try {
    return [JSON.parse(text) as Json];
  } catch {
    // not one document: one a line
  }
  try {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return lines.map((line) => JSON.parse(line) as Json);
  } catch {
    return null;
  }
}

const keyShape = { keyId: "text", publicKey: "text", createdAt: "text" } as const;

/** Whether heads are signed by one of the keys they name. */
async function isSignedHeads(heads: HeadsDocument, crypto: ProofCrypto): Promise<boolean> {
  const { signature, ...signed } = heads as unknown as { signature?: Json; keys?: Json; keyId?: Json };
  if (typeof signature !== "string" || typeof signed.keyId !== "string" || !Array.isArray(signed.keys)) return false;
  if (!signed.keys.every((key) => fits(key as Json, keyShape))) return false;
  const { publicKey } = heads.keys.find(({ keyId }) => keyId === heads.keyId) ?? {};
  if (publicKey === undefined) return false;
  const hash = toHex(await crypto.sha256(utf8(canonicalJson(signed as unknown as Json))));
  return isSignedBy({ keyId: heads.keyId, publicKey, signature, text: signedHeadsText(hash) }, crypto);
}
