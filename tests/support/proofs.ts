import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { Knex } from "knex";
import type { Quote } from "#core/quote.ts";
import { insertQuotes } from "../../server/capabilities/market-data/quotes.store.ts";
import { publishKey, type Signer } from "../../server/capabilities/proofs/index.ts";
import type { TestDesk } from "./trading.ts";

export { nodeProofCrypto as nodeCrypto } from "../../server/node-proof-crypto.ts";

/** A fresh key of an installation, published. */
export async function aSigner(db: Knex): Promise<Signer> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  const signer: Signer = {
    keyId: createHash("sha256").update(raw).digest("hex").slice(0, 16),
    publicKey: raw,
    sign: (text) => sign(null, Buffer.from(text), privateKey),
  };
  await publishKey(db, signer);
  return signer;
}

/** Moves the desk's market and stores the quote, as the feed does before it publishes. */
export async function quoteStored(house: TestDesk, instrumentId: string, bid: string, ask: string): Promise<Quote> {
  house.market.quote(instrumentId, bid, ask);
  const quote = house.ports.market.latestTradable(instrumentId);
  if (quote === undefined) throw new Error(`no quote of ${instrumentId}`);
  await insertQuotes(house.db.app, [quote]);
  return quote;
}
