import type { Knex } from "knex";
import { groupBy } from "#core/group-by.ts";
import { heap } from "#core/heap.ts";
import type { Quote } from "#core/quote.ts";
import { type QuoteRow, toQuote } from "./quotes.store.ts";
import { sqlArray } from "./sql-array.ts";

/** A piece of the recorded stream of several instruments. */
export interface StreamPiece {
  readonly quotes: readonly Quote[];
  /** There may be more after it. */
  readonly more: boolean;
}

/** Most quotes of one instrument in a piece. */
const pieceMax = 2_000;

/**
 * The stored quotes after a seq of each instrument (instrument id -> seq), in the order they were received across instruments and
 * of seq within one. With `untilSeqs`, none after those.
 */
export async function readStream(
  db: Knex,
  afterSeqs: ReadonlyMap<string, bigint>,
  untilSeqs: ReadonlyMap<string, bigint> = new Map(),
  limit = pieceMax,
): Promise<StreamPiece> {
  const ids = [...afterSeqs.keys()];
  const { rows } = await db.raw<{ rows: QuoteRow[] }>(
    `SELECT q.* FROM unnest(?::text[], ?::bigint[], ?::bigint[]) AS a (instrument_id, after_seq, until_seq)
     CROSS JOIN LATERAL (SELECT * FROM quotes WHERE instrument_id = a.instrument_id AND seq > a.after_seq
       AND (a.until_seq IS NULL OR seq <= a.until_seq) ORDER BY seq LIMIT ?) q`,
    [sqlArray(ids), sqlArray([...afterSeqs.values()]), sqlArray(ids.map((id) => untilSeqs.get(id) ?? null)), limit],
  );
  const lists = [...groupBy(rows.map(toQuote), (quote) => quote.instrumentId).values()];
  return { quotes: merged(lists, limit), more: lists.some((list) => list.length === limit) };
}

/** Ends where a list that was cut at `limit` ends: what follows in it might belong before the others' next. */
function merged(lists: readonly (readonly Quote[])[], limit: number): Quote[] {
  interface Head {
    readonly list: readonly Quote[];
    readonly at: number;
    readonly quote: Quote;
  }
  const before = (a: Quote, b: Quote): boolean => {
    const [first, second] = [a.receivedAt.getTime(), b.receivedAt.getTime()];
    return first !== second ? first < second : a.instrumentId < b.instrumentId;
  };
  const heads = heap<Head>((a, b) => before(a.quote, b.quote));
  const put = (list: readonly Quote[], at: number): void => {
    const quote = list[at];
    if (quote !== undefined) heads.push({ list, at, quote });
  };
  for (const list of lists) put(list, 0);
  const stream: Quote[] = [];
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    stream.push(head.quote);
    if (head.at + 1 === limit) break;
    put(head.list, head.at + 1);
  }
  return stream;
}

/** The highest stored seq of each instrument that has quotes. */
export async function newestSeqs(db: Knex): Promise<Map<string, bigint>> {
  const { rows } = await db.raw<{ rows: { id: string; seq: bigint }[] }>(
    `SELECT i.id, q.seq FROM instruments i
     CROSS JOIN LATERAL (SELECT seq FROM quotes WHERE instrument_id = i.id ORDER BY seq DESC LIMIT 1) q`,
  );
  return new Map(rows.map((row) => [row.id, row.seq]));
}
