import { hash } from "node:crypto";
import type { Knex } from "knex";
import type { Sha256 } from "#core/bytes.ts";

/** Signs as this installation; made by the platform from the key file. */
export interface Signer {
  readonly keyId: string;
  readonly publicKey: Uint8Array;
  readonly sign: (text: string) => Uint8Array;
}

export interface ProofPorts {
  readonly db: Knex;
  readonly signer: Signer;
}

export const sha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer");
