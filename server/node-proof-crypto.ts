import { createHash, verify } from "node:crypto";
import type { ProofCrypto } from "#core/verify-receipt.ts";

/** A DER header that makes the 32 bytes of an Ed25519 key a public key of Node's (RFC 8410). */
const ed25519Header = Buffer.from("302a300506032b6570032100", "hex");

export const nodeProofCrypto: ProofCrypto = {
  sha256: (bytes) => createHash("sha256").update(bytes).digest(),
  verify: (publicKey, message, signature) => {
    const key = Buffer.concat([ed25519Header, publicKey]);
    return verify(null, message, { key, format: "der", type: "spki" }, signature);
  },
};
