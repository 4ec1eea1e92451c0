import type { Knex } from "knex";
import { inclusionPath } from "#core/merkle.ts";
import { type QuoteLeaf, quoteLeafInput, type SignedBlock } from "#core/quote-block.ts";
import { assert } from "#core/result.ts";
import type { Clock } from "../../platform/clock.ts";
import { readBlocks, readLeaves } from "./blocks.store.ts";
import { sha256 } from "./ports.ts";

const keptHours = 48;
/** Blocks that one look at the orders is good for, and such looks at an instrument in one call. */
const batchBlocks = 200;
const batchesMax = 100;

/**
 * Deletes the quotes of blocks that were sealed more than 48 hours ago, block by block, so that no lock lasts. Kept are
 * those that an order, a fill, a contract or a settlement mark names, each with its path to the block's root, those that waiting orders
 * were not tried against yet, and the newest of each instrument, from which
 * the numbering goes on. A quote that is not sealed is never deleted, nor one of a block that lacks quotes: that instrument is
 * left as it is and told as an error. Returns how many went.
 */
export async function sweepSealedQuotes(deps: { readonly db: Knex; readonly clock: Clock }): Promise<number> {
  const { db, clock } = deps;
  const before = new Date(clock.now().getTime() - keptHours * 3_600_000).toISOString();
  const instruments: { id: string }[] = await db("instruments").select("id").orderBy("id");
  let gone = 0;
  const failures: unknown[] = [];
  for (const { id } of instruments)
    await sweepInstrument(db, id, before).then(
      (swept) => {
        gone += swept;
      },
      (error: unknown) => failures.push(error),
    );
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} instruments could not be swept`);
  return gone;
}

async function sweepInstrument(db: Knex, id: string, before: string): Promise<number> {
  const needed = await neededAfter(db, id);
  let gone = 0;
  for (let batch = 0; batch < batchesMax; batch++) {
    const blocks = (await unsweptBlocks(db, id)).filter(
      ({ sealedAt, lastSeq }) => sealedAt < before && (needed === null || BigInt(lastSeq) <= needed),
    );
    gone += await sweepBlocks(db, id, blocks);
    if (blocks.length < batchBlocks) break;
  }
  return gone;
}

/** Waiting orders of the instrument were not tried yet against the quotes after this one; null: against all. */
async function neededAfter(db: Knex, instrumentId: string): Promise<bigint | null> {
  const [row] = await db("quotes_needed")
    .where({ instrument_id: instrumentId })
    .min<{ after: bigint | null }[]>({ after: "after_seq" });
  return row?.after ?? null;
}

async function unsweptBlocks(db: Knex, instrumentId: string): Promise<SignedBlock[]> {
  const last = await db("swept_blocks").where({ instrument_id: instrumentId }).max<{ no: bigint | null }[]>({
    no: "block_no",
  });
  return readBlocks(db, instrumentId, (last[0]?.no ?? 0n) + 1n, batchBlocks);
}

async function sweepBlocks(db: Knex, instrumentId: string, blocks: readonly SignedBlock[]): Promise<number> {
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const named = await namedQuotes(db, instrumentId, first.firstSeq, last.lastSeq);
  let gone = 0;
  for (const block of blocks) gone += await db.transaction((trx) => sweepBlock(trx, block, named));
  return gone;
}

/** Numbers of the quotes that an order, a fill, a contract's end or a settlement mark names. An order names quotes of its own time, so none is added meanwhile. */
async function namedQuotes(db: Knex, instrumentId: string, from: string, to: string): Promise<Set<string>> {
  const { rows } = await db.raw<{ rows: { seq: bigint }[] }>(
    `SELECT DISTINCT seq FROM (
       SELECT unnest(ARRAY[quote_seq, trigger_quote_seq, stop_quote_seq, active_from_seq]) AS seq
       FROM orders WHERE instrument_id = :instrumentId
       UNION ALL SELECT quote_seq FROM fills WHERE instrument_id = :instrumentId
       UNION ALL SELECT unnest(ARRAY[final_quote_seq, roll_quote_seq]) FROM contracts WHERE instrument_id = :instrumentId
       UNION ALL SELECT quote_seq FROM settlement_marks WHERE instrument_id = :instrumentId
     ) named WHERE seq BETWEEN :from AND :to`,
    { instrumentId, from, to },
  );
  return new Set(rows.map(({ seq }) => seq.toString()));
}

async function sweepBlock(trx: Knex.Transaction, block: SignedBlock, named: ReadonlySet<string>): Promise<number> {
  const { instrument, blockNo } = block;
  const range = { after: BigInt(block.firstSeq) - 1n, last: BigInt(block.lastSeq), limit: block.count + 1 };
  const quotes = await readLeaves(trx, instrument, range);
  assert(quotes.length === block.count, `block ${blockNo} of ${instrument}: ${quotes.length} of ${block.count} quotes`);
  const proofs = proofsOf(quotes, named);
  if (proofs.length > 0)
    await trx("quote_proofs").insert(
      proofs.map((proof) => ({ ...proof, instrument_id: instrument, block_no: blockNo })),
    );
  await trx("swept_blocks").insert({ instrument_id: instrument, block_no: blockNo, kept: proofs.length });
  const { rowCount }: { rowCount: number } = await trx.raw(
    `DELETE FROM quotes WHERE instrument_id = :instrument AND seq BETWEEN :first AND :last
       AND seq <> ALL (:kept::bigint[]) AND seq < (SELECT max(seq) FROM quotes WHERE instrument_id = :instrument)`,
    { instrument, first: block.firstSeq, last: block.lastSeq, kept: proofs.map(({ seq }) => seq) },
  );
  return rowCount;
}

function proofsOf(quotes: readonly QuoteLeaf[], named: ReadonlySet<string>) {
  if (!quotes.some(({ seq }) => named.has(seq))) return [];
  const leaves = quotes.map((quote) => sha256(quoteLeafInput(quote)));
  return quotes.flatMap(({ seq }, index) =>
    named.has(seq) ? [{ seq, leaf_index: index, path: Buffer.concat(inclusionPath(leaves, index, sha256)) }] : [],
  );
}
