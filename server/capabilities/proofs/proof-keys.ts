import type { Knex } from "knex";
import { toHex } from "#core/bytes.ts";
import { utcSql } from "./blocks.store.ts";
import type { Signer } from "./ports.ts";

/** A published key: whoever trusts it can check what it signed. */
export interface ProofKey {
  readonly keyId: string;
  readonly publicKey: string;
  readonly createdAt: string;
}

/** Publishes the signer's public key; those of earlier signers stay. To be called before anything is signed. */
export async function publishKey(db: Knex, signer: Signer): Promise<void> {
  await db("proof_keys")
    .insert({ key_id: signer.keyId, public_key: Buffer.from(signer.publicKey) })
    .onConflict("key_id")
    .ignore();
}

/** Every key that ever signed, the oldest first. */
export async function readKeys(db: Knex): Promise<ProofKey[]> {
  const { rows } = await db.raw<{ rows: { key_id: string; public_key: Buffer; created: string }[] }>(
    `SELECT key_id, public_key, ${utcSql("created_at")} AS created FROM proof_keys ORDER BY created_at, key_id`,
  );
  return rows.map((row) => ({ keyId: row.key_id, publicKey: toHex(row.public_key), createdAt: row.created }));
}
