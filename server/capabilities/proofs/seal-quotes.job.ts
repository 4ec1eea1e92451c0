import type { Knex } from "knex";
import { nextBlock, signedBlockText } from "#core/quote-block.ts";
import { insertBlock, newestBlock, readLeaves, utcSql } from "./blocks.store.ts";
import { type ProofPorts, sha256 } from "./ports.ts";

/** Quotes of one block: hashing them holds up the process for a few milliseconds. */
export const blockQuotesMax = 1_024;
/** Blocks of one instrument in one round; what is left waits for the next, so that no instrument starves the others. */
const blocksMax = 40;

export interface SealedRound {
  readonly blocks: number;
  /** Full blocks were left over: the next round should not wait. */
  readonly more: boolean;
  /** Age of the oldest quote that is not sealed, by instrument, in seconds; 0: all are. */
  readonly lagSeconds: ReadonlyMap<string, number>;
}

/**
 * Seals what is stored: for each instrument, its quotes since the last block, in order and without a gap of our making. A
 * block closes when it is full or its oldest quote is `closeAfterMs` old. Where it stopped the next call goes on, be it in another
 * process; of two that seal at once, the database refuses the second.
 */
export const sealQuotes =
  ({ db, signer }: ProofPorts, closeAfterMs: number) =>
  async (): Promise<SealedRound> => {
    const instruments: { id: string }[] = await db("instruments").select("id").orderBy("id");
    const lagSeconds = new Map<string, number>();
    let blocks = 0;
    let more = false;
    for (const { id } of instruments) {
      const sealed = await sealInstrument({ db, signer }, id, closeAfterMs);
      blocks += sealed.blocks;
      more ||= sealed.more;
      lagSeconds.set(id, sealed.lagMs / 1000);
    }
    return { blocks, more, lagSeconds };
  };

async function sealInstrument(
  { db, signer }: ProofPorts,
  instrumentId: string,
  closeAfterMs: number,
): Promise<{ blocks: number; more: boolean; lagMs: number }> {
  let head = await newestBlock(db, instrumentId);
  for (let blocks = 0; blocks < blocksMax; blocks++) {
    const after = BigInt(head?.lastSeq ?? "-1");
    const quotes = await readLeaves(db, instrumentId, { after, limit: blockQuotesMax });
    const first = quotes[0];
    if (first === undefined) return { blocks, more: false, lagMs: 0 };
    const now = await databaseNow(db, first.receivedAt);
    if (quotes.length < blockQuotesMax && now.ageMs < closeAfterMs) return { blocks, more: false, lagMs: now.ageMs };
    const { header, hash } = nextBlock(head, quotes, { sealedAt: now.at, keyId: signer.keyId }, sha256);
    const signature = signer.sign(signedBlockText(hash));
    await insertBlock(db, header, hash, signature);
    head = { ...header, hash, signature: Buffer.from(signature).toString("hex") };
  }
  return { blocks: blocksMax, more: true, lagMs: closeAfterMs };
}

/** The database's time, and how long ago `since` was by it. */
async function databaseNow(db: Knex, since: string): Promise<{ at: string; ageMs: number }> {
  const { rows } = await db.raw<{ rows: { at: string; age_ms: number }[] }>(
    `SELECT ${utcSql("now")} AS at, (extract(epoch FROM now - ?::timestamptz) * 1000)::float8 AS age_ms
     FROM clock_timestamp() AS now`,
    [since],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("the database does not tell the time");
  return { at: row.at, ageMs: row.age_ms };
}
