import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { StartError } from "../embedded/start-error.ts";

/** Signs as this installation. The private half never leaves it. */
export interface ProofSigner {
  readonly keyId: string;
  /** The 32 bytes of an Ed25519 public key. */
  readonly publicKey: Buffer;
  /** 64 bytes over the UTF-8 of `text`. */
  readonly sign: (text: string) => Buffer;
}

/** How many digits of SHA-256(public key) name a key, as in the core. */
const keyIdDigits = 16;
const publicKeyBytes = 32;

/**
 * The key that seals quotes and signs receipts. `file` is the operator's own (PKCS #8 PEM, Ed25519); without one it is
 * DATA_DIR/proof-key.pem, made at the first start (mode 0600). Another file is another key: its public half joins the
 * earlier ones, which stay published.
 */
export function loadProofSigner(dataDir: string, file: string | null): ProofSigner {
  const own = path.join(dataDir, "proof-key.pem");
  if (file === null) makeOnce(own);
  const privateKey = readKey(file ?? own);
  // The public key stands at the end of its DER form.
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" }).subarray(-publicKeyBytes);
  return {
    keyId: createHash("sha256").update(publicKey).digest("hex").slice(0, keyIdDigits),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text), privateKey),
  };
}

function readKey(file: string): KeyObject {
  try {
    const key = createPrivateKey(readFileSync(file));
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // told below, with what the operator can do
  }
  throw new StartError(
    `${file} is no Ed25519 private key: make one with "openssl genpkey -algorithm ed25519 -out FILE", or restore it from a backup.`,
  );
}

/** Written beside and linked into place: of two processes that start at once, both use the key of the first. */
function makeOnce(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}`;
  const { privateKey } = generateKeyPairSync("ed25519");
  writeFileSync(beside, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  try {
    linkSync(beside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(beside);
  }
}
