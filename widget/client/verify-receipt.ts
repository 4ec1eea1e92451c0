import { type ProofCrypto, type VerifiedReceipt, verifyReceipt } from "#core/verify-receipt.ts";

const algorithm = "Ed25519";

/**
 * Checks a receipt with the browser's own crypto, without asking the server. Null: this browser cannot, because the page
 * is not loaded over https or it knows no Ed25519.
 */
export async function verifyInBrowser(text: string): Promise<VerifiedReceipt | null> {
  const crypto = browserCrypto();
  if (crypto === null || !(await knowsEd25519(crypto))) return null;
  return verifyReceipt(text, crypto);
}

function browserCrypto(): ProofCrypto | null {
  // Only a secure context has it, whatever the types say.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (subtle === undefined) return null;
  return {
    sha256: async (bytes) => new Uint8Array(await subtle.digest("SHA-256", new Uint8Array(bytes))),
    verify: async (publicKey, message, signature) => {
      const key = await subtle.importKey("raw", new Uint8Array(publicKey), algorithm, false, ["verify"]);
      return subtle.verify(algorithm, key, new Uint8Array(signature), new Uint8Array(message));
    },
  };
}

/** The first test of RFC 8032 7.1: a browser that knows Ed25519 accepts it, and refuses it when a bit is changed. */
const knownKey = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const knownSignature =
  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

async function knowsEd25519({ verify }: ProofCrypto): Promise<boolean> {
  const nothing = new Uint8Array();
  const changed = bytesOf(`00${knownSignature.slice(2)}`);
  try {
    const isRight = await verify(bytesOf(knownKey), nothing, bytesOf(knownSignature));
    return isRight && !(await verify(bytesOf(knownKey), nothing, changed));
  } catch {
    return false;
  }
}

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
