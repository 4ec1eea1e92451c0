import type { Knex } from "knex";
import { toHex, utf8 } from "#core/bytes.ts";
import { canonicalJson, type Json } from "#core/canonical-json.ts";
import { type HeadsDocument, signedHeadsText } from "#core/published-blocks.ts";
import type { SignedBlock } from "#core/quote-block.ts";
import { readBlocks, readHeads, utcSql } from "./blocks.store.ts";
import { type ProofPorts, sha256 } from "./ports.ts";
import { readKeys } from "./proof-keys.ts";

export interface PublishedChain {
  /** The newest block of each instrument and every public key, signed; with `at`, the heads as they were then. */
  readonly heads: (at: Date | null) => Promise<HeadsDocument>;
  /** Blocks of an instrument in order, so that a third party can follow the chain. Null: no such instrument. */
  readonly blocks: (instrumentId: string, from: bigint, limit: number) => Promise<readonly SignedBlock[] | null>;
}

export function publishedChain({ db, signer }: ProofPorts): PublishedChain {
  return {
    heads: async (at) => {
      const unsigned = {
        format: "truewick/heads/1" as const,
        at: await databaseTime(db, at),
        keys: await readKeys(db),
        heads: await readHeads(db, at),
        keyId: signer.keyId,
      };
      const hash = toHex(sha256(utf8(canonicalJson(unsigned as unknown as Json))));
      return { ...unsigned, signature: toHex(signer.sign(signedHeadsText(hash))) };
    },
    blocks: async (instrumentId, from, limit) => {
      const known = await db("instruments").where({ id: instrumentId }).first("id");
      return known === undefined ? null : readBlocks(db, instrumentId, from, limit);
    },
  };
}

async function databaseTime(db: Knex, at: Date | null): Promise<string> {
  const { rows } = await db.raw<{ rows: { at: string }[] }>(
    `SELECT ${utcSql("coalesce(?::timestamptz, clock_timestamp())")} AS at`,
    [at],
  );
  return rows[0]?.at ?? "";
}
